//! What is decided otherwise about people and their accounts.

use betancourt_auth::Strategy;
use serde_json::{Value, json};

use super::{Deviation, Expect, Expected, Step};
use crate::expected::{ACCOUNT as TOLD_OF_ACCOUNT, USER as TOLD};
use crate::report::pick_all;
use crate::tables::{ACCOUNT, TOKENS, USER, hide};
use crate::ways_in::NO_ID;

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        there: "without an adapter, everybody has another `sub` at each sign-in",
        here: "there is always a store, and a person keeps their id",
        why: "somebody who comes back is the same person",
        shows: |step| {
            step.scenario.setup.get("adapter").is_none()
                && step.exchange.params("events.signIn").is_some()
                && step.stage.strategy == Strategy::Jwt
                && !has_credentials(step)
        },
        expect: Expect::Change(keep),
    },
    Deviation {
        there: "`authorize` may give a user no id, and they get another one at each sign-in",
        here: "a user has an id",
        why: "somebody who comes back is the same person",
        shows: |step| step.note().starts_with("no id"),
        expect: Expect::Change(|step, expected| {
            let drawn = step.exchange.params("callbacks.signIn").unwrap()["user"]["id"].as_str();
            let text = expected.0.to_string().replace(drawn.unwrap(), NO_ID);
            expected.0 = serde_json::from_str(&text).unwrap();
        }),
    },
    Deviation {
        there: "a user whom `authorize` returns stands nowhere but in their cookie",
        here: "in the store, from the first time on",
        why: "sessions can be ended, and roles given",
        shows: |step| has_credentials(step) && step.exchange.params("events.signIn").is_some(),
        expect: Expect::Change(enter),
    },
    Deviation {
        there: "credentials make a sealed session always; where sessions are stored, nobody knows it then",
        here: "a session as everybody's, stored or sealed",
        why: "it was asked for since 2021",
        shows: |step| step.scenario.id == "credentials-with-database-strategy",
        expect: Expect::Change(store_session),
    },
    Deviation {
        there: "Apple's form becomes part of the profile that callbacks see",
        here: "it gives a name, the first time",
        why: "a browser could have written it",
        shows: |step| step.scenario.id == "signin-form-post",
        expect: Expect::Change(|_, expected| {
            for profile in expected.list("/callbacks").filter_map(|call| call.get_mut("profile")) {
                profile.as_object_mut().unwrap().shift_remove("user");
            }
        }),
    },
    Deviation {
        there: "a provider's tokens stay those of the first sign-in",
        here: "they are those of the latest",
        why: "the old ones have ended",
        shows: |step| step.exchange.params("events.signIn").is_some(),
        expect: Expect::Change(|step, expected| {
            let account = recorded_account(step);
            for row in expected.list("/tables/accounts").filter(|row| is_of(row, &account)) {
                for column in
                    TOKENS.iter().chain(&["expires_at", "token_type", "scope", "session_state"])
                {
                    if !account[*column].is_null() {
                        row[*column] = account[*column].clone();
                    }
                }
            }
        }),
    },
    Deviation {
        there: "an account is added to whoever is signed in",
        here: "in a [fresh session](linking.md) only",
        why: "who finds an open browser does not keep a key",
        shows: |step| {
            step.scenario.id.contains("-5-signed-in-link")
                || step.scenario.id.contains("-8-signed-in-email-of-other")
        },
        expect: Expect::Change(|step, expected| refuse(step, expected, "ReauthRequired")),
    },
    Deviation {
        there: "`allowDangerousEmailAccountLinking` takes a provider's word for an address",
        here: "`danger_email_account_linking` does where the provider proved it and the user's own was proven, too",
        why: "whoever writes an address into a profile does not get its account",
        shows: |step| step.scenario.id.contains("-4-same-email-dangerous"),
        expect: Expect::Change(|step, expected| refuse(step, expected, "EmailNotVerified")),
    },
    Deviation {
        there: "the address of another user is `OAuthAccountNotLinked`, whoever vouches for it",
        here: "`EmailNotVerified`, where the provider does not",
        why: "anybody could have written it there",
        shows: |step| step.scenario.id.contains("-3-same-email"),
        expect: Expect::Change(|step, expected| refuse(step, expected, "EmailNotVerified")),
    },
    Deviation {
        there: "an account is added to the user of an expired session, too",
        here: "an expired session is none",
        why: "it has ended",
        shows: |step| step.scenario.id == "link-database-expired-session",
        expect: Expect::Change(sign_up),
    },
    Deviation {
        there: "signing in again as oneself keeps the session",
        here: "it gives a new one",
        why: "whoever knew the old one does not know it",
        shows: |step| step.scenario.id.contains("database-6-signed-in-same"),
        expect: Expect::Change(|step, expected| {
            renew_session(step, expected, &json!("bob"));
        }),
    },
];

fn has_credentials(step: &Step<'_>) -> bool {
    step.exchange.request.url.path() == "/auth/callback/credentials"
}

/// Keeps the user whom the application has named, or finds them.
fn enter(_: &Step<'_>, expected: &mut Expected) {
    let told = expected.list("/events").last().unwrap()["user"].clone();
    let mut users = expected.list("/tables/users");
    if let Some(known) = users.find(|user| user["id"] == told["id"]).cloned() {
        drop(users);
        return recognise(expected, &known);
    }
    drop(users);
    add(expected, "/tables/users", pick_all(&told, &USER));
    let events = expected.get_mut("/events").and_then(Value::as_array_mut).unwrap();
    events[0]["isNewUser"] = true.into();
    events.insert(0, json!({ "event": "createUser", "user": told }));
    for call in expected.list("/callbacks").filter(|call| call["call"] == "jwt") {
        call["trigger"] = "signUp".into();
    }
}

/// Whoever came with credentials has a stored session.
fn store_session(step: &Step<'_>, expected: &mut Expected) {
    if step.index == 0 {
        let calls = expected.get_mut("/callbacks").and_then(Value::as_array_mut).unwrap();
        calls.retain(|call| call["call"] != "jwt");
        return renew_session(step, expected, &json!("u-1"));
    }
    let ends = "2025-07-01T12:00:00.000Z";
    let user = json!({ "name": "Ada", "email": "ada@example.com", "image": null });
    let session = json!({ "user": user, "expires": ends });
    expected.set("/body", session.clone());
    expected.set("/callbacks", json!([{ "call": "session", "session": session }]));
    expected.set("/events", json!([{ "event": "session", "session": session }]));
    expected.cookies_mut().clear();
}

/// Keeps the person as an adapter would have, or finds them again.
fn keep(step: &Step<'_>, expected: &mut Expected) {
    let Some(told) = expected.list("/events").map(|event| event["user"].clone()).last() else {
        return;
    };
    let account = recorded_account(step);
    let known = expected.list("/tables/accounts").find(|row| is_of(row, &account)).cloned();
    if let Some(known) = known {
        let mut users = expected.list("/tables/users");
        let user = users.find(|user| user["id"] == known["userId"]).unwrap().clone();
        drop(users);
        return recognise(expected, &user);
    }
    // Nobody has signed out in between: whoever is known already adds an account.
    let known = expected.list("/tables/users").next().cloned();
    let is_new = known.is_none();
    let user = known.unwrap_or_else(|| pick_all(&told, &USER));
    let mut row = pick_all(&account, &ACCOUNT);
    row["userId"] = user["id"].clone();
    add(expected, "/tables/accounts", row);
    if is_new {
        add(expected, "/tables/users", user.clone());
        for call in expected.list("/callbacks").filter(|call| call["call"] == "jwt") {
            call["trigger"] = "signUp".into();
        }
    } else {
        recognise(expected, &user);
        expected.set("/callbacks/0/user/id", Value::Null);
    }
    let linked = pick_all(&account, &TOLD_OF_ACCOUNT);
    let user = pick_all(&user, &TOLD);
    let events = expected.get_mut("/events").and_then(Value::as_array_mut).unwrap();
    events[0]["isNewUser"] = is_new.into();
    events.insert(0, json!({ "event": "linkAccount", "user": user, "account": linked }));
    if is_new {
        events.insert(0, json!({ "event": "createUser", "user": user }));
    }
}

/// Somebody who was here before is who they were.
fn recognise(expected: &mut Expected, user: &Value) {
    let claims = json!({
        "name": user["name"], "email": user["email"], "picture": user["image"], "sub": user["id"],
    });
    let told = pick_all(user, &TOLD);
    for call in expected.list("/callbacks") {
        match call["call"].as_str() {
            Some("signIn") => call["user"]["id"] = user["id"].clone(),
            _ => {
                call["user"] = told.clone();
                overwrite(&mut call["token"], &claims);
            }
        }
    }
    for event in expected.list("/events") {
        event["user"] = told.clone();
    }
    for cookie in expected.cookies_mut().values_mut() {
        if let Some(sealed) = cookie.pointer_mut("/holds/claims") {
            overwrite(sealed, &claims);
        }
    }
}

fn overwrite(members: &mut Value, with: &Value) {
    for (name, value) in with.as_object().unwrap() {
        members[name] = value.clone();
    }
}

/// Nobody is signed in, and nothing was written.
fn refuse(step: &Step<'_>, expected: &mut Expected, error: &str) {
    expected.fail(&step.at("/auth/signin"), error);
    expected.cookies_mut().clear();
    expected.empty(&["/events", "/tables/accounts"]);
    let calls = expected.get_mut("/callbacks").and_then(Value::as_array_mut).unwrap();
    calls.retain(|call| call["call"] == "signIn");
    if step.scenario.id.contains("-4-") {
        expected.empty(&["/tables/sessions"]);
    }
}

/// Somebody new comes in an expired session: it ends, and nobody else has anything to do with it.
fn sign_up(step: &Step<'_>, expected: &mut Expected) {
    let told = &step.exchange.params("callbacks.signIn").unwrap()["user"];
    let user = pick_all(told, &TOLD);
    for event in expected.list("/events") {
        event["user"] = user.clone();
    }
    let created = json!({ "event": "createUser", "user": user });
    let events = expected.get_mut("/events").and_then(Value::as_array_mut).unwrap();
    events.insert(0, created);
    events[2]["isNewUser"] = true.into();
    expected.set("/tables/accounts/0/userId", user["id"].clone());
    let users = expected.get_mut("/tables/users").and_then(Value::as_array_mut).unwrap();
    users.insert(0, pick_all(&user, &USER));
    renew_session(step, expected, &user["id"]);
}

/// A session of its own takes the place of the one that was presented.
fn renew_session(step: &Step<'_>, expected: &mut Expected, user: &Value) {
    let (drawn, end) = ("drawn for the new session", "2025-07-01T12:00:00.000Z");
    let session = json!({ "sessionToken": drawn, "userId": user, "expires": end });
    expected.set("/tables/sessions", json!([session]));
    let expires = "Expires=Tue, 01 Jul 2025 12:00:00 GMT";
    let holds = json!({ "sessionToken": drawn });
    let cookie = json!({ "holds": holds, "attributes": step.attributes(&[expires]) });
    expected.set("/cookies/authjs.session-token", cookie);
}

/// The account as Auth.js came to know it, its tokens hidden.
fn recorded_account(step: &Step<'_>) -> Value {
    let told = &step.exchange.params("events.signIn").unwrap()["account"];
    let mut account = pick_all(told, &ACCOUNT);
    TOKENS.iter().for_each(|token| hide(&mut account[*token]));
    account
}

fn is_of(row: &Value, account: &Value) -> bool {
    ["provider", "providerAccountId"].iter().all(|column| row[*column] == account[*column])
}

fn add(expected: &mut Expected, table: &str, row: Value) {
    expected.get_mut(table).and_then(Value::as_array_mut).unwrap().push(row);
}
