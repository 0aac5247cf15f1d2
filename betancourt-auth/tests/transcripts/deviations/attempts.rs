//! How an attempt to sign in with a provider is made otherwise.

use serde_json::{Value, json};
use time::Duration;

use super::{Deviation, Expect, Expected, Step};
use crate::compare::TOKEN;
use crate::recording::CHECKS;
use crate::report::http_date;

/// What an attempt comes to otherwise; these are applied before anything else is asked about people.
pub(super) const FIRST: &[Deviation] = &[
    Deviation {
        name: "clocks may be a minute apart",
        why: "Auth.js gives a provider thirty seconds; a phone that is its own provider needs more",
        shows: |step| step.is("callback-oidc-jwt/6"),
        expect: Expect::OutcomeOf(7),
    },
    Deviation {
        name: "the application sees when the token has ended",
        why: "it is told of the claims as they are",
        shows: |step| step.is("callback-oidc-jwt/6"),
        expect: Expect::Change(|step, expected| {
            for call in expected.list("/callbacks") {
                call["profile"]["exp"] = (step.exchange.now().unix_timestamp() - 31).into();
            }
        }),
    },
    Deviation {
        name: "a plain OAuth 2 provider has no issuer to compare `iss` with",
        why: "each provider has a callback address of its own, which keeps them apart as well (RFC 9700 §4.4.2)",
        shows: |step| step.is("callback-oauth-errors/6"),
        expect: Expect::OutcomeOf(7),
    },
    Deviation {
        name: "the userinfo endpoint of an OpenID Connect provider is not asked",
        why: "Auth.js can be told to believe it (`idToken: false`); the ID token is signed, and says it as well",
        shows: |step| step.scenario.id == "callback-oidc-userinfo",
        expect: Expect::OutcomeOf(0),
    },
    Deviation {
        name: "the claims are those of the ID token",
        why: "what the userinfo endpoint would add is not known then",
        shows: |step| step.scenario.id == "callback-oidc-userinfo",
        expect: Expect::Change(|step, expected| {
            upstream(expected).retain(|asked| {
                !asked["url"].as_str().is_some_and(|url| url.ends_with("userinfo"))
            });
            let now = step.exchange.now().unix_timestamp();
            let claims = json!({
                "iss": "https://idp.example.com", "aud": "corp-client", "sub": "s-1", "iat": now,
                "exp": now + 3600,
            });
            for call in expected.list("/callbacks") {
                call["profile"] = claims.clone();
                forget(call.get_mut("token"));
                forget(call.get_mut("user"));
            }
            for event in expected.list("/events") {
                forget(event.get_mut("user"));
            }
            for cookie in expected.cookies_mut().values_mut() {
                forget(cookie.pointer_mut("/holds/claims"));
            }
        }),
    },
    Deviation {
        name: "an ID token whose signature is broken is none",
        why: "Auth.js looks at no signature, and relies on the connection to the token endpoint",
        shows: |step| step.scenario.id == "callback-oidc-bad-signature",
        expect: Expect::Change(|step, expected| {
            expected.fail(&step.at("/auth/signin"), "OAuthCallbackError");
            expected.cookies_mut().clear();
            expected.empty(&["/callbacks", "/events"]);
        }),
    },
    Deviation {
        name: "a client proves itself to its provider, by Basic or in the form",
        why: "a server can keep a secret; what has none (`none`) or another method is not registered here",
        shows: |step| step.is("callback-client-auth/2"),
        expect: Expect::Change(|step, expected| {
            expected.fail(&step.at("/auth/error"), "Configuration");
            expected.cookies_mut().clear();
            expected.empty(&["/callbacks", "/events", "/upstream"]);
        }),
    },
    Deviation {
        name: "what is wrong with a callback is seen before the provider is asked",
        why: "Auth.js discovers first",
        shows: |step| step.is("signin-form-post/3"),
        expect: Expect::Change(|_, expected| expected.empty(&["/upstream"])),
    },
];

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        name: "state, nonce and PKCE are always used, and drawn anew for each attempt",
        why: "Auth.js uses those that a provider's `checks` list, by default PKCE alone, and none with form_post",
        shows: |_| true,
        expect: Expect::Change(|_, expected| {
            for address in expected.address_mut().into_iter().filter(|address| begins(address)) {
                let query = &mut address["query"];
                for drawn in ["state", "code_challenge"] {
                    query[drawn] = TOKEN.into();
                }
                query["code_challenge_method"] = "S256".into();
                if query["client_id"] != "acme-client" && query["client_id"] != "other" {
                    query["nonce"] = TOKEN.into();
                }
            }
            for asked in expected.list("/upstream").filter(|asked| asked["method"] == "POST") {
                asked["body"]["code_verifier"] = TOKEN.into();
            }
            for call in expected.list("/callbacks").filter(|call| is_openid(call)) {
                call["profile"]["nonce"] = TOKEN.into();
            }
        }),
    },
    Deviation {
        name: "one handshake instead of three cookies, for ten minutes instead of fifteen",
        why: "the parts cannot be mixed, and several tabs sign in at once; several cookies of one name cannot",
        shows: |step| step.exchange.request.is_post() && step.asks("POST signin"),
        expect: Expect::Change(|step, expected| {
            let before = expected.cookies_mut().len();
            without_checks(expected);
            if expected.cookies_mut().len() == before {
                return;
            }
            let end = step.exchange.now() + Duration::minutes(10);
            let cookie = handshake(step, &[&format!("Expires={}", http_date(end))], "sealed");
            expected.set(&format!("/cookies/{}", name(step)), cookie);
        }),
    },
    Deviation {
        name: "an attempt is over with its first callback, whatever comes of it",
        why: "Auth.js clears the cookies of an attempt that went well and leaves those of one that did not",
        shows: |step| step.asks("GET callback") || step.asks("POST callback"),
        expect: Expect::Change(|step, expected| {
            without_checks(expected);
            let is_by_form = step.scenario.id == "signin-form-post";
            if step.answers_its_attempt() && is_by_form == step.exchange.request.is_post() {
                let cookie = handshake(step, &["Max-Age=0"], "cleared");
                expected.set(&format!("/cookies/{}", name(step)), cookie);
            }
        }),
    },
    Deviation {
        name: "of the parameters of a sign-in, login_hint, prompt and ui_locales reach the provider",
        why: "Auth.js lets the request choose client_id, redirect_uri and scope",
        shows: |step| step.note().starts_with("every query parameter"),
        expect: Expect::Change(|step, expected| {
            let callback = step.at("/auth/callback/acme");
            for address in expected.address_mut() {
                address["query"]["client_id"] = "acme-client".into();
                address["query"]["redirect_uri"] = callback.as_str().into();
                address["query"]["scope"] = "read".into();
            }
        }),
    },
    Deviation {
        name: "Microsoft is asked for what is used",
        why: "Auth.js asks for User.Read, and reads a picture from Graph at each sign-in",
        shows: |step| step.scenario.id == "callback-entra",
        expect: Expect::Change(|_, expected| {
            for address in expected.address_mut().into_iter().filter(|address| begins(address)) {
                address["query"]["scope"] = "openid profile email".into();
            }
            upstream(expected).retain(|asked| {
                !asked["url"].as_str().is_some_and(|url| url.starts_with("https://graph."))
            });
        }),
    },
    Deviation {
        name: "Microsoft's issuer is checked against the tenant of the signed token",
        why: "Auth.js trusts the `tid` of a token that nobody has verified, and discovers again for that tenant",
        shows: |step| step.is("callback-entra/1"),
        expect: Expect::Change(|_, expected| {
            let asked = upstream(expected);
            let mut discoveries = 0;
            asked.retain(|asked| {
                discoveries += usize::from(is_discovery(asked));
                !is_discovery(asked) || discoveries == 1
            });
        }),
    },
    Deviation {
        name: "the signature of an ID token is verified",
        why: "Auth.js verifies none, and relies on the connection to the token endpoint",
        shows: |step| {
            ["callback-oidc", "callback-entra", "signin-form-post"]
                .iter()
                .any(|scenario| step.scenario.id.starts_with(scenario))
                && step.note() != "error in a 200 body"
                && step.exchange.request.action().0 == "callback"
        },
        expect: Expect::Change(|_, expected| {
            let tokens = upstream(expected).iter().find(|asked| asked["method"] == "POST").cloned();
            if let Some(url) = tokens.as_ref().and_then(|asked| asked["url"].as_str()) {
                let keys = url.replace("/token", "/keys");
                let headers = json!({ "accept": "application/json" });
                let asked = json!({ "method": "GET", "url": keys, "headers": headers, "body": {} });
                upstream(expected).push(asked);
            }
        }),
    },
    Deviation {
        name: "a form has no charset",
        why: "the media type knows no such parameter (RFC 6749 §4.1.3)",
        shows: |_| true,
        expect: Expect::Change(|_, expected| {
            for asked in expected.list("/upstream").filter(|asked| asked["method"] == "POST") {
                asked["headers"]["content-type"] = "application/x-www-form-urlencoded".into();
            }
        }),
    },
    Deviation {
        name: "JSON is asked for where JSON is read",
        why: "Auth.js takes a signed userinfo answer, too",
        shows: |_| true,
        expect: Expect::Change(|_, expected| {
            for asked in expected.list("/upstream") {
                asked["headers"]["accept"] = "application/json".into();
            }
        }),
    },
];

/// Only the id is known of somebody.
fn forget(who: Option<&mut Value>) {
    for (name, value) in who.and_then(Value::as_object_mut).into_iter().flatten() {
        if ["name", "email"].contains(&&**name) {
            *value = Value::Null;
        }
    }
}

fn begins(address: &Value) -> bool {
    address["query"]["response_type"] == "code"
}

/// Whether a callback was told of the claims of an ID token.
fn is_openid(call: &Value) -> bool {
    call.pointer("/profile/aud").is_some()
}

fn is_discovery(asked: &Value) -> bool {
    asked["url"].as_str().is_some_and(|url| url.ends_with("openid-configuration"))
}

fn upstream(expected: &mut Expected) -> &mut Vec<Value> {
    expected.get_mut("/upstream").and_then(Value::as_array_mut).unwrap()
}

fn without_checks(expected: &mut Expected) {
    let is_check = |name: &str| CHECKS.iter().any(|check| name.ends_with(check));
    expected.cookies_mut().retain(|name, _| !is_check(name));
}

fn name(step: &Step<'_>) -> String {
    step.cookie("__Host-", "authjs.handshake.*")
}

/// The cookie of an attempt. Where the provider posts its answer, it must come along across sites.
fn handshake(step: &Step<'_>, further: &[&str], holds: &str) -> Value {
    let mut cookie = json!({ "holds": holds, "attributes": step.attributes(further) });
    if step.scenario.id == "signin-form-post" {
        for attribute in cookie["attributes"].as_array_mut().unwrap() {
            if attribute == "SameSite=Lax" {
                *attribute = "SameSite=None".into();
            }
        }
    }
    cookie
}
