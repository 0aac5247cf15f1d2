//! What is answered otherwise.

use serde_json::{Value, json};

use super::setups::{bad_request, draw_csrf, ordinary};
use super::{Deviation, Expect, Step};
use crate::compare::REFERENCE;
use crate::report::address;

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        name: "no answer is kept by anybody",
        why: "Auth.js says so of /csrf and GET /session only; every answer is about one person",
        shows: |_| true,
        expect: Expect::Change(|_, expected| {
            expected.set("/headers/cache-control", "private, no-cache, no-store");
            expected.set("/headers/expires", "0");
            expected.set("/headers/pragma", "no-cache");
        }),
    },
    Deviation {
        name: "after a POST a redirect is 303",
        why: "no browser repeats it as a POST (RFC 9700 §4.12)",
        shows: |step| step.exchange.request.is_post(),
        expect: Expect::Change(|_, expected| {
            if *expected.get("/status") == 302 {
                expected.set("/status", 303);
            }
        }),
    },
    Deviation {
        name: "a wrong method and an unknown action are one and the same: 400",
        why: "Auth.js redirects to the error page where only the method is wrong; a script takes that for success",
        shows: |step| {
            ["unknown/5", "unknown/6", "unknown/7", "unknown/8"].iter().any(|place| step.is(place))
        },
        expect: Expect::Change(|_, expected| bad_request(expected)),
    },
    Deviation {
        name: "what follows the base path begins with a slash",
        why: "Auth.js takes the base path for a regular expression without an end",
        shows: |step| step.is("unknown/14"),
        expect: Expect::Change(|_, expected| bad_request(expected)),
    },
    Deviation {
        name: "GET /signin/:provider shows the sign-in page, and starts nothing",
        why: "in Auth.js it is an unknown action; an old link still leads somewhere",
        shows: |step| step.is("unknown/3") || step.is("unknown/4"),
        expect: Expect::Change(ordinary),
    },
    Deviation {
        name: "a form is looked at before the provider that it names",
        why: "Auth.js tells whoever asks which providers there are not",
        shows: |step| step.is("unknown/10"),
        expect: Expect::Change(|step, expected| {
            expected.set("/body/url", address(&step.at("/auth/signin?error=MissingCSRF")));
        }),
    },
    Deviation {
        name: "`json=true` asks for JSON, too",
        why: "so the browser client of NextAuth.js v4 asks; v5 has forgotten",
        shows: |step| step.is("signin-oauth/3"),
        expect: Expect::Change(|_, expected| {
            expected.set("/status", 200);
            expected.set("/headers/content-type", "application/json");
            let location = expected.get("/headers/location").clone();
            expected.set("/body", json!({ "url": location }));
        }),
    },
    Deviation {
        name: "a page says its charset",
        why: "a browser that guesses can be made to guess",
        shows: |_| true,
        expect: Expect::Change(|_, expected| {
            if *expected.get("/headers/content-type") == "text/html" {
                expected.set("/headers/content-type", "text/html; charset=utf-8");
            }
        }),
    },
    Deviation {
        name: "the page to sign out says where to go afterwards",
        why: "in Auth.js the cookie says it alone",
        shows: |step| step.is("html-pages/2"),
        expect: Expect::Change(|step, expected| {
            expected.set("/body/page/0/fields/callbackUrl", address(&step.at("/dash")));
        }),
    },
    Deviation {
        name: "an error page of the application's own is told of errors only",
        why: "Auth.js says `error=undefined` where there is none",
        shows: |step| step.is("html-pages-custom/5"),
        expect: Expect::Change(|_, expected| expected.remove("/headers/location/query/error")),
    },
    Deviation {
        name: "a failed attempt leads to the sign-in page, as OAuthCallbackError",
        why: "Auth.js says `Configuration` on the error page; the person can do something about it: try again",
        shows: is_a_callback,
        expect: Expect::Change(|step, expected| {
            if expected.error() == Some("Configuration") {
                expected.fail(&step.at("/auth/signin"), "OAuthCallbackError");
            }
        }),
    },
    Deviation {
        name: "a profile that cannot be read is a failed attempt",
        why: "Auth.js sends the browser to the callback's own address with `/signin` behind its query",
        shows: |step| step.scenario.id == "callback-profile-throws",
        expect: Expect::Change(|step, expected| {
            expected.fail(&step.at("/auth/signin"), "OAuthCallbackError");
        }),
    },
    Deviation {
        name: "whoever `signIn` turns away is denied access, and no more is said",
        why: "in Auth.js it can throw an error of another kind, which has nothing to do with credentials here",
        shows: |step| step.note() == "signIn callback: throws CredentialsSignin with code",
        expect: Expect::Change(|step, expected| {
            expected.fail(&step.at("/auth/error"), "AccessDenied");
        }),
    },
    Deviation {
        name: "a provider that does not answer is ProviderUnavailable",
        why: "Auth.js says `Configuration`, which sends an operator to the wrong place",
        shows: |step| {
            step.scenario.id == "signin-discovery-down" || step.note() == "token endpoint: 500"
        },
        expect: Expect::Change(|step, expected| {
            expected.fail(&step.at("/auth/signin"), "ProviderUnavailable");
            if step.scenario.id == "signin-discovery-down" {
                // The recording leaves out what the stub of this one scenario was asked.
                let discovery = "https://idp.example.com/.well-known/openid-configuration";
                expected.set(
                    "/upstream",
                    json!([{
                        "method": "GET", "url": discovery, "headers": {}, "body": {},
                    }]),
                );
            }
        }),
    },
    Deviation {
        name: "a store that is down is 503, with Retry-After",
        why: "Auth.js says `null`, and everybody is signed out; or `Configuration`",
        shows: |step| step.scenario.id.ends_with("adapter-throws"),
        expect: Expect::Change(|_, expected| {
            expected.set("/status", 503);
            expected.remove("/headers/location");
            expected.set("/headers/content-type", "application/json");
            expected.set("/body", json!({ "error": "Unavailable" }));
            expected.cookies_mut().clear();
        }),
    },
    Deviation {
        name: "an error comes with a reference",
        why: "a person can quote it, an operator can find it in the log",
        shows: |step| !step.asks("GET signin") && !step.asks("GET error"),
        expect: Expect::Change(|_, expected| {
            for address in expected.address_mut() {
                if address["query"].get("error").is_some() {
                    address["query"]["ref"] = REFERENCE.into();
                }
            }
        }),
    },
    Deviation {
        name: "a CSRF token is drawn where it is handed out",
        why: "Auth.js sets its cookie with every answer; two first requests at once overwrite each other's",
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
        name: "a CSRF token is drawn anew when somebody signs in or out",
        why: "a token that was planted before is of no use afterwards",
        shows: |step| step.asks("POST signout") || is_a_callback(step),
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

/// Whether a provider of ours sends the browser back.
fn is_a_callback(step: &Step<'_>) -> bool {
    step.exchange.request.action().0 == "callback"
        && step.stage.has_provider(step.exchange.request.action().1)
}
