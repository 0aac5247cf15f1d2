//! How sessions are kept otherwise.

use betancourt_auth::Strategy;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::{Deviation, Expect, Expected};
use crate::compare::TOKEN;
use crate::report::{iso, moment};

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        name: "the jwt callback is not shown when a token was made and when it ends",
        why: "whose session it is and how long it lives is not for the application to say",
        shows: |_| true,
        expect: Expect::Change(|_, expected| {
            for call in calls(expected, "jwt") {
                let token = call["token"].as_object_mut().unwrap();
                token.retain(|claim, _| !["iat", "exp", "jti"].contains(&&**claim));
            }
        }),
    },
    Deviation {
        name: "a name, an address or a picture that is not there is null",
        why: "Auth.js leaves it out or not, by the way it came to know the user",
        shows: |_| true,
        expect: Expect::Change(|_, expected| {
            let of_user = ["name", "email", "image"];
            let of_token = ["name", "email", "picture"];
            fill(expected.get_mut("/body/user"), &of_user);
            for call in expected.list("/callbacks") {
                fill(call.pointer_mut("/session/user"), &of_user);
                fill(call.get_mut("token"), &of_token);
            }
            for cookie in expected.cookies_mut().values_mut() {
                fill(cookie.pointer_mut("/holds/claims"), &of_token);
            }
        }),
    },
    Deviation {
        name: "a jti has 256 random bits",
        why: "as every other id that is drawn here; the UUID of Auth.js has 122",
        shows: |step| step.stage.strategy == Strategy::Jwt,
        expect: Expect::Change(|_, expected| {
            for cookie in expected.cookies_mut().values_mut() {
                if let Some(id) = cookie.pointer_mut("/holds/claims/jti") {
                    *id = TOKEN.into();
                }
            }
        }),
    },
    Deviation {
        name: "a sealed session has a claim of ours beside those of Auth.js",
        why: "it says how the session began, and by what the store knows it",
        shows: |step| step.exchange.params("callbacks.signIn").is_some(),
        expect: Expect::Change(|step, expected| {
            let Some(provider) = step.exchange.request.action().1 else { return };
            let begun = step.exchange.now().unix_timestamp() * 1000;
            let mark = json!({ "id": TOKEN, "beginning": { "at": begun, "method": provider } });
            mark_with(expected, &mark);
        }),
    },
    Deviation {
        name: "a sealed session is sealed anew once a day",
        why: "Auth.js does it at every GET /session, and requests side by side overtake each other",
        shows: |step| {
            step.stage.strategy == Strategy::Jwt
                && step.asks("GET session")
                && step.scenario.id != "session-rotated-secret"
        },
        expect: Expect::Change(|step, expected| {
            let Some(claims) = step.exchange.request.session_claims(&step.stage.recorded_secrets)
            else {
                return;
            };
            if expected.get("/callbacks").as_array().is_none_or(Vec::is_empty) {
                return;
            }
            let ends =
                OffsetDateTime::from_unix_timestamp(claims["exp"].as_i64().unwrap()).unwrap();
            expected.cookies_mut().retain(|name, _| !name.contains("session-token"));
            let calls = expected.get_mut("/callbacks").and_then(Value::as_array_mut).unwrap();
            calls.retain(|call| call["call"] != "jwt");
            tell_end(expected, &iso(ends));
        }),
    },
    Deviation {
        name: "a session that Auth.js began goes on here as the one that it is",
        why: "it is known by its first `jti` from then on, so that it can be ended",
        shows: |step| step.scenario.id == "session-rotated-secret" || step.asks("POST session"),
        expect: Expect::Change(|step, expected| {
            // The session that is updated first has not been sealed by us yet.
            let mut requests = step.scenario.exchanges.iter().map(|exchange| &exchange.request);
            let first = requests.find(|request| request.is_post() == step.asks("POST session"));
            let claims = first.unwrap().session_claims(&step.stage.recorded_secrets);
            let id = claims.map(|claims| claims["jti"].clone());
            mark_with(expected, &json!({ "id": id, "beginning": null }));
        }),
    },
    Deviation {
        name: "a user is who the store says",
        why: "a sealed session of Auth.js shows what its token says, up to thirty days after it has changed",
        shows: |step| step.is("session-jwt-callbacks/1"),
        expect: Expect::Change(|_, expected| {
            for pointer in ["/body", "/callbacks/1/session", "/events/0/session"] {
                expected.set(&format!("{pointer}/user/name"), "Ada");
            }
        }),
    },
    Deviation {
        name: "a sealed session that was signed out is over",
        why: "Auth.js takes a copy of its cookie as long as it lives",
        shows: |step| step.is("signout-jwt/1"),
        expect: Expect::Change(|_, expected| expected.empty(&["/events"])),
    },
    Deviation {
        name: "a jwt callback that says null ends a session when it is sealed anew",
        why: "it is asked at sign-in and once a day, not at every request",
        shows: |step| step.scenario.id == "session-jwt-callback-null",
        expect: Expect::Change(|step, expected| {
            let shown = json!({
                "user": { "name": null, "email": null, "image": null },
                "expires": iso(step.exchange.now() + Duration::days(30)),
            });
            expected.set("/body", shown.clone());
            expected.set("/callbacks", json!([{ "call": "session", "session": shown }]));
            expected.set("/events", json!([{ "event": "session", "session": shown }]));
            expected.cookies_mut().retain(|name, _| !name.contains("session-token"));
        }),
    },
    Deviation {
        name: "the cookie of a stored session is sent again when the session is extended",
        why: "Auth.js sends it with every GET /session, with an end that the row does not have",
        shows: |step| step.stage.strategy == Strategy::Database && step.asks("GET session"),
        expect: Expect::Change(|step, expected| {
            let extended = step.exchange.calls("adapter.updateSession").next().is_some();
            let shown = expected.get("/body/expires").as_str().map(str::to_owned);
            let end = step.exchange.now() + Duration::days(30);
            if !extended || shown == Some(iso(end)) {
                let cookies = expected.cookies_mut();
                cookies.retain(|_, cookie| cookie.pointer("/holds/sessionToken").is_none());
            }
        }),
    },
    Deviation {
        name: "an extended session shows its new end",
        why: "Auth.js shows the one it had before",
        shows: |step| {
            step.stage.strategy == Strategy::Database
                && step.exchange.calls("adapter.updateSession").next().is_some()
        },
        expect: Expect::Change(|step, expected| {
            tell_end(expected, &iso(step.exchange.now() + Duration::days(30)))
        }),
    },
    Deviation {
        name: "a session is over at its end",
        why: "Auth.js lets it live for one more millisecond",
        shows: |step| step.scenario.id == "session-db-expires-now",
        expect: Expect::Change(|step, expected| {
            expected.set("/body", Value::Null);
            let cleared =
                json!({ "holds": "cleared", "attributes": step.attributes(&["Max-Age=0"]) });
            expected.set("/cookies/authjs.session-token", cleared);
            expected.empty(&["/callbacks", "/events", "/tables/sessions"]);
        }),
    },
    Deviation {
        name: "signing in clears every chunk that could be left of an older session",
        why: "a provider that posts its answer leaves the browser's cookies at home, so nobody knows which are there",
        shows: |step| {
            step.stage.strategy == Strategy::Jwt && step.exchange.params("events.signIn").is_some()
        },
        expect: Expect::Change(|step, expected| {
            if expected.get("/events").as_array().is_none_or(Vec::is_empty) {
                return;
            }
            let session = step.cookie("__Secure-", "authjs.session-token");
            for number in 0..8 {
                let cleared =
                    json!({ "holds": "cleared", "attributes": step.attributes(&["Max-Age=0"]) });
                expected.set(&format!("/cookies/{session}.{number}"), cleared);
            }
        }),
    },
    Deviation {
        name: "whoever is met in a session has it extended when that is due, also on the way to a provider",
        why: "Auth.js extends it at /session alone",
        shows: |step| {
            step.stage.strategy == Strategy::Database && step.scenario.id.starts_with("link-")
        },
        expect: Expect::Change(|step, expected| {
            let now = step.exchange.now();
            let Some(sessions) = expected.get_mut("/tables/sessions").and_then(Value::as_array_mut)
            else {
                return;
            };
            for session in sessions {
                let expires = moment(session["expires"].as_str().unwrap());
                if now < expires && expires <= now + Duration::days(29) {
                    session["expires"] = iso(now + Duration::days(30)).into();
                }
            }
        }),
    },
];

fn calls<'a>(expected: &'a mut Expected, name: &'a str) -> impl Iterator<Item = &'a mut Value> {
    expected.list("/callbacks").filter(move |call| call["call"] == name)
}

fn fill(members: Option<&mut Value>, names: &[&str]) {
    let Some(members) = members.and_then(Value::as_object_mut) else { return };
    for name in names {
        members.entry(*name).or_insert(Value::Null);
    }
}

fn mark_with(expected: &mut Expected, mark: &Value) {
    for cookie in expected.cookies_mut().values_mut() {
        if let Some(claims) = cookie.pointer_mut("/holds/claims") {
            claims["auth_session"] = mark.clone();
        }
    }
}

/// Says of the session that is shown when it ends.
fn tell_end(expected: &mut Expected, end: &str) {
    expected.set("/body/expires", end);
    for pointer in ["/callbacks", "/events"] {
        for told in expected.list(pointer).filter_map(|told| told.get_mut("session")) {
            told["expires"] = end.into();
        }
    }
}
