//! What cannot be configured here, or cannot be configured wrongly.

use serde_json::{Map, Value, json};

use super::{Deviation, Expect, Expected, Step};
use crate::compare::HEX;
use crate::report::{self, address};

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        name: "the origin is the configured one, and other hosts are refused: 400",
        why: "Auth.js answers to whatever `Host` says, or with 500 to everybody (`trustHost: false`)",
        shows: |step| step.scenario.id.starts_with("config-untrusted-host"),
        expect: Expect::Change(|_, expected| bad_request(expected)),
    },
    Deviation {
        name: "redirect proxies are not supported",
        why: "a callback is registered for each origin; with AUTH_REDIRECT_PROXY_URL set, nothing starts",
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
        name: "the CSRF check cannot be switched off",
        why: "`skipCSRFCheck` is for frameworks that have one of their own; ours is as good",
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
        name: "cookies have their prefixes where the site is reached over https, and nowhere else",
        why: "a browser refuses `__Host-` over http, except, some of them, on localhost (`useSecureCookies`)",
        shows: |step| step.scenario.id == "use-secure-cookies-override",
        expect: Expect::Change(ordinary),
    },
    Deviation {
        name: "an address to return to that cannot be followed is passed over",
        why: "Auth.js answers 500, to any request that brings one, and for as long as the cookie does",
        shows: |step| {
            step.scenario.id == "config-invalid-callback-url"
                && step.exchange.response.status == 500
        },
        expect: Expect::Change(ordinary),
    },
    Deviation {
        name: "an address to return to is read as a browser reads it",
        why: "Auth.js puts it behind the origin as a text: `dash` is an error, `//host` and `/\\host` become paths",
        shows: |step| {
            step.is("config-invalid-callback-url/2")
                || step.is("config-invalid-callback-url/3")
                || step.is_one_of(&["callback-url-rules/3", "callback-url-rules/4"])
                || step.is("callback-url-rules/5")
                || step.is("callback-url-rules/9")
        },
        expect: Expect::Change(|step, expected| {
            let (to, is_new) = match &*format!("{}/{}", step.scenario.id, step.index) {
                "config-invalid-callback-url/2" => ("/dash", true),
                "callback-url-rules/9" => ("/dash", true),
                // The cookie says so since the exchange before.
                "callback-url-rules/3" | "callback-url-rules/5" => ("/", false),
                _ => ("/", true),
            };
            let to = address(&step.at(to));
            if step.scenario.id == "callback-url-rules" {
                expected.set("/headers/location", to.clone());
                expected.set("/body/url", to.clone());
            }
            remember(step, expected, is_new.then_some(to));
        }),
    },
];

/// What ends before anything is answered.
pub(super) const LAST: &[Deviation] = &[Deviation {
    name: "nothing starts without a secret",
    why: "Auth.js starts, and answers every request with 500",
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
