//! What cannot be configured here, or cannot be configured wrongly.

use serde_json::{Map, Value, json};

use super::{Deviation, Expect, Expected, Step};
use crate::compare::HEX;
use crate::report::{self, address};

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        there: "the origin follows the `Host` header, if it is trusted",
        here: "the origin is `AUTH_URL`; requests for another host are refused",
        why: "links and cookies follow nobody else's word",
        shows: |step| step.scenario.id.starts_with("config-untrusted-host"),
        expect: Expect::Change(|_, expected| bad_request(expected)),
    },
    Deviation {
        there: "`redirectProxyUrl` sends callbacks on to another deployment",
        here: "each origin has callback addresses of its own, and `AUTH_REDIRECT_PROXY_URL` is refused at the start",
        why: "no deployment handles another's codes",
        shows: |step| step.scenario.id == "signin-redirect-proxy",
        expect: Expect::Change(|step, expected| {
            if step.index > 0 {
                return bad_request(expected);
            }
            let callback = step.at("/auth/callback/acme");
            for address in expected.address_mut() {
                address["query"]["redirect_uri"] = callback.as_str().into();
            }
        }),
    },
    Deviation {
        there: "`skipCSRFCheck` switches the CSRF check off",
        here: "it is always on",
        why: "nobody forgets to switch it on again",
        shows: |step| step.scenario.id == "csrf-disabled",
        expect: Expect::Change(|step, expected| match step.index {
            0 => ordinary(step, expected),
            _ => {
                expected.remove("/headers/location");
                expected.cookies_mut().clear();
                expected.set("/body/url", address(&step.at("/auth/signin?error=MissingCSRF")));
            }
        }),
    },
    Deviation {
        there: "`useSecureCookies` says whether cookies have prefixes",
        here: "they have them where the site is reached over https",
        why: "a prefix without https is refused, or means nothing",
        shows: |step| step.scenario.id == "use-secure-cookies-override",
        expect: Expect::Change(ordinary),
    },
    Deviation {
        there: "`cookies` gives them other names and attributes",
        here: "they have those of the first table in [Cookies](../reference/cookies.md)",
        why: "a browser client, a proxy and a colleague know them",
        shows: |step| step.scenario.id == "cookie-overrides",
        expect: Expect::Change(|step, expected| {
            let claims =
                step.exchange.cookies_decoded.iter().find_map(|cookie| cookie.claims.as_ref());
            let end = "Expires=Tue, 01 Jul 2025 12:00:00 GMT";
            let cookie =
                json!({ "holds": { "claims": claims }, "attributes": step.attributes(&[end]) });
            expected.remove("/cookies/my-session");
            expected.set("/cookies/authjs.session-token", cookie);
        }),
    },
    Deviation {
        there: "mail without an adapter, and credentials alone with stored sessions, are answered with `500`",
        here: "there is always a store, and both work",
        why: "nothing stands in their way",
        shows: |step| {
            ["config-email-without-adapter", "config-credentials-only-with-database-strategy"]
                .contains(&&*step.scenario.id)
        },
        expect: Expect::Change(ordinary),
    },
    Deviation {
        there: "a `callbackUrl` that is not http(s) is answered with `500`, as is every request while the cookie holds one",
        here: "it is passed over",
        why: "one bad link locks nobody out",
        shows: |step| {
            step.scenario.id == "config-invalid-callback-url"
                && step.exchange.response.status == 500
        },
        expect: Expect::Change(ordinary),
    },
    Deviation {
        there: "`dash`, `?x=1` or `#h` as `callbackUrl` is an error",
        here: "it is read as a browser reads it: from the root of our origin",
        why: "it leads nowhere else",
        shows: |step| step.is("config-invalid-callback-url/2") || step.is("callback-url-rules/9"),
        expect: Expect::Change(|step, expected| {
            follow(step, expected, Some("/dash"));
            expected.set("/redirects", json!([step.at("/dash")]));
        }),
    },
    Deviation {
        there: "`callbackUrl` as it was written: `//host` and `/\\host` are paths of our origin",
        here: "as a browser reads it: they are other hosts, and passed over",
        why: "nobody reads it otherwise",
        shows: |step| {
            let places = ["config-invalid-callback-url/3", "callback-url-rules/3"];
            places.iter().any(|place| step.is(place))
                || step.is("callback-url-rules/4")
                || step.is("callback-url-rules/5")
        },
        expect: Expect::Change(|step, expected| {
            // Of an address that was passed over before, nothing is left that would have to be overwritten.
            let is_new =
                step.is("config-invalid-callback-url/3") || step.is("callback-url-rules/4");
            let changed = is_new.then_some("/");
            follow(step, expected, changed);
        }),
    },
];

/// What ends before anything is answered.
pub(super) const LAST: &[Deviation] = &[Deviation {
    there: "starts without a secret, and answers everything with `500`",
    here: "does not start, and says which variable is missing",
    why: "it is noticed before anybody signs in",
    shows: |step| step.scenario.id == "config-missing-secret",
    expect: Expect::Change(|_, expected| {
        let sentence = "AUTH_SECRET is not set: put the output of `openssl rand -base64 32` there, and keep it.";
        expected.0 = json!({ "start": sentence, "tables": expected.get("/tables") });
    }),
}];

/// The answer to what makes no sense.
pub(super) fn bad_request(expected: &mut Expected) {
    expected.set("/status", 400);
    expected.set("/body", "Bad request.");
    expected.remove("/headers/location");
    expected.set("/headers/content-type", "application/json");
    expected.cookies_mut().clear();
}

/// The answer that everybody gets, where Auth.js has a special one.
pub(super) fn ordinary(step: &Step<'_>, expected: &mut Expected) {
    expected.set("/status", 200);
    expected.remove("/headers/location");
    expected.set("/headers/content-type", "application/json");
    expected.set("/cookies", Value::Object(Map::new()));
    remember(step, expected, Some(address(&step.at("/"))));
    let asked = ["GET session", "GET csrf", "GET signin", "POST signout"];
    match asked.iter().find(|what| step.asks(what)) {
        Some(&"GET session") => expected.set("/body", Value::Null),
        Some(&"GET csrf") => {
            expected.set("/body", json!({ "csrfToken": HEX }));
            draw_csrf(step, expected);
        }
        Some(&"GET signin") => {
            expected.set("/headers/content-type", "text/html");
            expected.set("/body", report::page(step.sign_in_forms()));
            draw_csrf(step, expected);
        }
        _ => {
            expected.set("/status", 302);
            expected.remove("/headers/content-type");
            expected.set("/headers/location", address(&step.at("/auth/signin?error=MissingCSRF")));
            expected.set("/body", "");
            expected.cookies_mut().clear();
        }
    }
}

/// The browser goes to our origin, or to a page of it, and its cookie says so if it did not.
fn follow(step: &Step<'_>, expected: &mut Expected, remembered: Option<&str>) {
    let to = address(&step.at(remembered.unwrap_or("/")));
    if step.scenario.id == "callback-url-rules" {
        expected.set("/headers/location", to.clone());
        expected.set("/body/url", to.clone());
    }
    remember(step, expected, remembered.is_some().then_some(to));
}

/// The cookie that remembers where to return to.
fn remember(step: &Step<'_>, expected: &mut Expected, to: Option<Value>) {
    let name = step.cookie("__Secure-", "authjs.callback-url");
    match to {
        None => expected.remove(&format!("/cookies/{name}")),
        Some(to) => {
            let cookie = json!({ "holds": to, "attributes": step.attributes(&[]) });
            expected.set(&format!("/cookies/{name}"), cookie);
        }
    }
}

/// The cookie of a CSRF token that is drawn anew.
pub(super) fn draw_csrf(step: &Step<'_>, expected: &mut Expected) {
    let holds = json!({ "csrfToken": HEX, "hash": true });
    let cookie = json!({ "holds": holds, "attributes": step.attributes(&[]) });
    expected.set(&format!("/cookies/{}", step.cookie("__Host-", "authjs.csrf-token")), cookie);
}
