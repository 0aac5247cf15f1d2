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
        there: "an ID token may have ended 30 seconds ago",
        here: "60 seconds",
        why: "clocks differ, and the token has just come from the provider itself",
        shows: |step| step.is("callback-oidc-jwt/6"),
        expect: Expect::OutcomeOf(7, |step, expected| {
            for call in expected.list("/callbacks") {
                call["profile"]["exp"] = (step.exchange.now().unix_timestamp() - 31).into();
            }
        }),
    },
    Deviation {
        there: "`iss` in a callback is compared for every provider",
        here: "for those of OpenID Connect, which have an issuer",
        why: "each provider has a callback address of its own (RFC 9700 §4.4.2), and the attempt is bound to it",
        shows: |step| step.is("callback-oauth-errors/6"),
        expect: Expect::OutcomeOf(7, |_, _| {}),
    },
    Deviation {
        there: "`idToken: false` takes the claims from the userinfo endpoint",
        here: "those of the ID token count, and with `Quirk::UserInfo` that endpoint completes them",
        why: "they are signed",
        shows: |step| step.scenario.id == "callback-oidc-userinfo",
        expect: Expect::OutcomeOf(0, |step, expected| {
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
        there: "nobody looks at the signature of an ID token",
        here: "it is verified with the provider's keys",
        why: "the connection to the token endpoint is not the only proof",
        shows: has_an_id_token,
        expect: Expect::Change(|step, expected| {
            let tokens = upstream(expected).iter().find(|asked| asked["method"] == "POST");
            if let Some(tokens) = tokens {
                let keys = tokens["url"].as_str().unwrap().replace("/token", "/keys");
                let asked = json!({ "method": "GET", "url": keys, "headers": {}, "body": {} });
                upstream(expected).push(asked);
            }
            if step.scenario.id == "callback-oidc-bad-signature" {
                expected.fail(&step.at("/auth/signin"), "OAuthCallbackError");
                expected.cookies_mut().clear();
                expected.empty(&["/callbacks", "/events"]);
            }
        }),
    },
    Deviation {
        there: "a client may have no secret (`none`)",
        here: "it proves itself, by `client_secret_basic` or `client_secret_post`, unless it is registered as a public one",
        why: "a server can keep a secret",
        shows: |step| step.is("callback-client-auth/2"),
        expect: Expect::Change(|step, expected| {
            expected.fail(&step.at("/auth/error"), "Configuration");
            expected.cookies_mut().clear();
            expected.empty(&["/callbacks", "/events", "/upstream"]);
        }),
    },
    Deviation {
        there: "asks for the discovery document, then looks at the callback",
        here: "looks first",
        why: "what is wrong anyway costs the provider nothing",
        shows: |step| step.is("signin-form-post/3"),
        expect: Expect::Change(|_, expected| expected.empty(&["/upstream"])),
    },
];

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        there: "`checks` say which of `state`, `nonce` and PKCE are used; by default PKCE alone, with `form_post` none of it",
        here: "all three are always used, but with two providers that refuse one",
        why: "none of them does the work of another, and Apple is no exception",
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
        there: "three cookies for state, nonce and PKCE verifier, overwritten by each attempt, for 15 minutes",
        here: "one sealed cookie for each attempt, for 10",
        why: "several tabs at once; the parts cannot be mixed",
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
        there: "these cookies stay after a failure, until they expire",
        here: "the attempt is spent in the store, once, and its cookie cleared",
        why: "a repeated callback sends nothing",
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
        there: "any query parameter of `POST /signin/<provider>` reaches the provider",
        here: "`login_hint`, `prompt` and `ui_locales` do",
        why: "nobody else chooses `redirect_uri` or `scope`",
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
        there: "Microsoft is asked for `User.Read`, and for a picture at each sign-in",
        here: "for what is used: `openid profile email`",
        why: "people are asked to agree to nothing else",
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
        there: "Microsoft's issuer is that of the `tid` in a token that nobody has verified",
        here: "the issuer is checked against the tenant of the verified token",
        why: "nobody else's tenant speaks for it",
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
        there: "the token request says `charset=UTF-8`",
        here: "it does not",
        why: "the media type has no such parameter (RFC 6749 §4.1.3)",
        shows: |_| true,
        expect: Expect::Change(|_, expected| {
            for asked in expected.list("/upstream").filter(|asked| asked["method"] == "POST") {
                asked["headers"]["content-type"] = "application/x-www-form-urlencoded".into();
            }
        }),
    },
    Deviation {
        there: "a profile may be JSON or a JWT",
        here: "JSON is asked for",
        why: "a signed one that comes all the same is verified",
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

/// Whether the provider's answer has an ID token to look at.
fn has_an_id_token(step: &Step<'_>) -> bool {
    let openid = ["callback-oidc", "callback-entra", "signin-form-post"];
    let is_openid = openid.iter().any(|scenario| step.scenario.id.starts_with(scenario));
    is_openid
        && step.exchange.request.action().0 == "callback"
        && step.note() != "error in a 200 body"
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
