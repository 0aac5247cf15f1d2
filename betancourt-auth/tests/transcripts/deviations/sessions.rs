//! How sessions are kept otherwise.

use betancourt_auth::Strategy;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::{Deviation, Expect, Expected};
use crate::compare::TOKEN;
use crate::report::{iso, moment};

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        there: "the `jwt` callback sees `iat`, `exp` and `jti`",
        here: "it does not",
        why: "they are not the application's to say",
        shows: |_| true,
        expect: Expect::Change(|_, expected| {
            for call in calls(expected, "jwt") {
                let token = call["token"].as_object_mut().unwrap();
                token.retain(|claim, _| !["iat", "exp", "jti"].contains(&&**claim));
            }
        }),
    },
    Deviation {
        there: "a name, an address or a picture that is not known is left out, or `null`",
        here: "it is `null`",
        why: "there is one way to say so",
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
        there: "`jti` is a UUID",
        here: "256 random bits",
        why: "as everything that is drawn here",
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
        there: "a sealed session says nothing of how it began",
        here: "a claim of its own does, `auth_session`, which Auth.js passes over",
        why: "a session can be listed and ended",
        shows: |step| step.exchange.params("callbacks.signIn").is_some(),
        expect: Expect::Change(|step, expected| {
            let Some(provider) = step.exchange.request.action().1 else { return };
            let begun = step.exchange.now().unix_timestamp() * 1000;
            let mark = json!({ "id": TOKEN, "beginning": { "at": begun, "method": provider } });
            mark_with(expected, &mark);
        }),
    },
    Deviation {
        there: "a sealed session is sealed anew by every `GET /session`, and the `jwt` callback asked each time",
        here: "after `update_age`, and asked then and at sign-in",
        why: "requests side by side do not overtake each other",
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
            if step.scenario.id == "session-jwt-callback-null" {
                return show(expected, step.exchange.now() + Duration::days(30));
            }
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
        there: "a sealed session has another `jti` each time",
        here: "it is known by its first one",
        why: "an end that was remembered stays one",
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
        there: "a sealed session shows what its token says of the user",
        here: "what the store says",
        why: "a change is seen, and a role never outlives itself",
        shows: |step| step.is("session-jwt-callbacks/1"),
        expect: Expect::Change(|_, expected| {
            for pointer in ["/body", "/callbacks/1/session", "/events/0/session"] {
                expected.set(&format!("{pointer}/user/name"), "Ada");
            }
        }),
    },
    Deviation {
        there: "signing out a sealed session clears the cookie",
        here: "and the store [remembers](sessions.md#how-a-sealed-session-ends) that it has ended",
        why: "a copy of the cookie is worth nothing within a minute",
        shows: |step| step.is("signout-jwt/1"),
        expect: Expect::Change(|_, expected| expected.empty(&["/events"])),
    },
    Deviation {
        there: "the cookie of a stored session is sent with every `GET /session`, with an end that its row does not have",
        here: "when the session is extended",
        why: "cookie and row say the same",
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
        there: "a session that has just been extended shows the end it had before",
        here: "the end it has",
        why: "it is the one that counts",
        shows: |step| {
            step.stage.strategy == Strategy::Database
                && step.exchange.calls("adapter.updateSession").next().is_some()
        },
        expect: Expect::Change(|step, expected| {
            tell_end(expected, &iso(step.exchange.now() + Duration::days(30)))
        }),
    },
    Deviation {
        there: "a session lives for the millisecond in which it ends",
        here: "it is over",
        why: "an end is an end",
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
        there: "signing in clears the chunks that came along",
        here: "every one that there could be",
        why: "a provider that posts its answer leaves the browser's cookies at home",
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
        there: "a session is extended by `/session` alone",
        here: "by whatever asks who somebody is",
        why: "it ends by disuse, not by which page is used",
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

/// Somebody of whom nothing but the id is known is shown their session.
fn show(expected: &mut Expected, ends: OffsetDateTime) {
    let nobody_knows = json!({ "name": null, "email": null, "image": null });
    let shown = json!({ "user": nobody_knows, "expires": iso(ends) });
    expected.set("/body", shown.clone());
    expected.set("/callbacks", json!([{ "call": "session", "session": shown }]));
    expected.set("/events", json!([{ "event": "session", "session": shown }]));
    expected.cookies_mut().retain(|name, _| !name.contains("session-token"));
}

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
