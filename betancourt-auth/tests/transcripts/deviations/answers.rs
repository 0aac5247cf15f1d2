//! What is answered otherwise.

use serde_json::{Value, json};

use super::setups::{bad_request, draw_csrf, ordinary};
use super::{Deviation, Expect, Step};
use crate::compare::REFERENCE;
use crate::report::address;

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        there: "an action that is asked for by the wrong method is a redirect to the error page",
        here: "`400`, as an unknown one",
        why: "no script takes it for success",
        shows: |step| {
            ["unknown/5", "unknown/6", "unknown/7", "unknown/8"].iter().any(|place| step.is(place))
        },
        expect: Expect::Change(|_, expected| bad_request(expected)),
    },
    Deviation {
        there: "a base path is a regular expression, and `/authsession` is `/auth/session`",
        here: "it is a path",
        why: "no surprise",
        shows: |step| step.is("unknown/14"),
        expect: Expect::Change(|_, expected| bad_request(expected)),
    },
    Deviation {
        there: "`GET /signin/<provider>` is an error",
        here: "it shows the sign-in page, and starts nothing",
        why: "an old link still leads somewhere",
        shows: |step| step.is("unknown/3") || step.is("unknown/4"),
        expect: Expect::Change(ordinary),
    },
    Deviation {
        there: "an unknown provider is told before the CSRF token is looked at",
        here: "the token comes first",
        why: "whoever may not ask gets one answer",
        shows: |step| step.is("unknown/10"),
        expect: Expect::Change(|step, expected| {
            expected.set("/body/url", address(&step.at("/auth/signin?error=MissingCSRF")));
        }),
    },
    Deviation {
        there: "`json=true` in a form means nothing any more",
        here: "it asks for JSON",
        why: "so the browser client of NextAuth.js v4 asks",
        shows: |step| step.is("signin-oauth/3"),
        expect: Expect::Change(|_, expected| {
            expected.set("/status", 200);
            expected.set("/headers/content-type", "application/json");
            let location = expected.get("/headers/location").clone();
            expected.set("/body", json!({ "url": location }));
        }),
    },
    Deviation {
        there: "the forms for mail and credentials, and to sign out, leave it to a cookie where to go afterwards",
        here: "every form says it",
        why: "another tab does not change it",
        shows: |step| step.scenario.id == "html-pages",
        expect: Expect::Change(|step, expected| {
            let to = address(&step.at(if step.index == 0 { "/" } else { "/dash" }));
            for form in expected.list("/body/page") {
                form["fields"]["callbackUrl"] = to.clone();
            }
        }),
    },
    Deviation {
        there: "`GET /error` without `error` leads to `pages.error?error=undefined`",
        here: "to `pages.error`",
        why: "there is nothing to say",
        shows: |step| step.is("html-pages-custom/5"),
        expect: Expect::Change(|_, expected| expected.remove("/headers/location/query/error")),
    },
    Deviation {
        there: "most failures of a callback are `Configuration`, on the error page",
        here: "they are `OAuthCallbackError` or `ProviderUnavailable`, on the sign-in page",
        why: "the person can do something about it: try again",
        shows: |step| is_a_callback(step) || step.scenario.id == "signin-discovery-down",
        expect: Expect::Change(|step, expected| {
            let is_down = step.scenario.id == "signin-discovery-down";
            if is_down {
                // The recording leaves out what the stub of this one scenario was asked.
                let discovery = "https://idp.example.com/.well-known/openid-configuration";
                let asked = json!({ "method": "GET", "url": discovery, "headers": {}, "body": {} });
                expected.set("/upstream", json!([asked]));
            }
            if expected.error() == Some("Configuration") {
                let is_down = is_down || step.note() == "token endpoint: 500";
                let code = if is_down { "ProviderUnavailable" } else { "OAuthCallbackError" };
                expected.fail(&step.at("/auth/signin"), code);
            }
        }),
    },
    Deviation {
        there: "a profile that cannot be read leads to the callback's own address, with `/signin` behind it",
        here: "it is `OAuthCallbackError`",
        why: "nothing is at that address",
        shows: |step| step.scenario.id == "callback-profile-throws",
        expect: Expect::Change(|step, expected| {
            expected.fail(&step.at("/auth/signin"), "OAuthCallbackError");
        }),
    },
    Deviation {
        there: "`signIn` can throw an error of any kind, and its code is shown",
        here: "it lets in, turns away, or sends elsewhere",
        why: "an error of credentials has to do with credentials",
        shows: |step| step.note() == "signIn callback: throws CredentialsSignin with code",
        expect: Expect::Change(|step, expected| {
            expected.fail(&step.at("/auth/error"), "AccessDenied");
        }),
    },
    Deviation {
        there: "every failure is a redirect, and a store that is down a session of nobody",
        here: "`429` and `503` keep their status, with `Retry-After`, also in JSON mode",
        why: "machines in between understand them, and nobody is signed out",
        shows: |step| {
            step.scenario.id.ends_with("adapter-throws") || step.note() == "authorize throws"
        },
        expect: Expect::Change(|step, expected| {
            expected.set("/status", 503);
            if step.note() == "authorize throws" {
                return expected.fail(&step.at("/auth/error"), "Unavailable");
            }
            expected.remove("/headers/location");
            expected.set("/headers/content-type", "application/json");
            expected.set("/body", json!({ "error": "Unavailable" }));
            expected.cookies_mut().clear();
        }),
    },
    Deviation {
        there: "every first contact gets a CSRF token",
        here: "who asks for one does, by `/csrf` or a page with a form",
        why: "two first requests at once do not overwrite each other's",
        shows: |step| {
            let hands_out = ["GET csrf", "GET signin", "GET signout"];
            !hands_out.iter().any(|what| step.asks(what)) || step.exchange.response.status == 302
        },
        expect: Expect::Change(|step, expected| {
            if !expected.get("/body/page/0/fields/csrfToken").is_string() {
                expected
                    .remove(&format!("/cookies/{}", step.cookie("__Host-", "authjs.csrf-token")));
            }
        }),
    },
    Deviation {
        there: "the CSRF token is checked",
        here: "so are `Origin` and `Sec-Fetch-Site`, and the token is renewed at sign-in and sign-out",
        why: "a token of another browser is of no use",
        shows: |step| step.asks("POST signout") || step.exchange.request.action().0 == "callback",
        expect: Expect::Change(|step, expected| {
            let has_ended = step.asks("POST signout") && expected.error().is_none();
            let signs_in = |event: &Value| event["event"] == "signIn";
            let events = expected.get("/events").as_array();
            let is_answered =
                [200, 302, 303].iter().any(|status| expected.get("/status") == status);
            if (has_ended && is_answered) || events.is_some_and(|all| all.iter().any(signs_in)) {
                draw_csrf(step, expected);
            }
        }),
    },
];

/// How answers are given otherwise, whatever they say.
pub(crate) const FORM: &[Deviation] = &[
    Deviation {
        there: "`/csrf` and `GET /session` are not to be cached",
        here: "nothing is",
        why: "every answer is about one person",
        shows: |_| true,
        expect: Expect::Change(|_, expected| {
            expected.set("/headers/cache-control", "private, no-cache, no-store");
            expected.set("/headers/expires", "0");
            expected.set("/headers/pragma", "no-cache");
        }),
    },
    Deviation {
        there: "redirects with `302`, also after a POST",
        here: "`303` after a POST",
        why: "no browser repeats it as a POST",
        shows: |step| step.exchange.request.is_post(),
        expect: Expect::Change(|_, expected| {
            if *expected.get("/status") == 302 {
                expected.set("/status", 303);
            }
        }),
    },
    Deviation {
        there: "pages are `text/html`",
        here: "`text/html; charset=utf-8`",
        why: "no browser guesses",
        shows: |_| true,
        expect: Expect::Change(|_, expected| {
            if *expected.get("/headers/content-type") == "text/html" {
                expected.set("/headers/content-type", "text/html; charset=utf-8");
            }
        }),
    },
    Deviation {
        there: "`?error=Code`",
        here: "`?error=Code&ref=ABCDEFGH`",
        why: "a person can quote it, an operator can find it",
        shows: |step| !step.asks("GET signin") && !step.asks("GET error"),
        expect: Expect::Change(|_, expected| {
            for address in expected.address_mut() {
                if address["query"].get("error").is_some() {
                    address["query"]["ref"] = REFERENCE.into();
                }
            }
        }),
    },
];

/// Whether a provider of ours sends the browser back.
fn is_a_callback(step: &Step<'_>) -> bool {
    step.exchange.request.action().0 == "callback"
        && step.stage.has_provider(step.exchange.request.action().1)
}
