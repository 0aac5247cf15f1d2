//! What is decided otherwise about signing in by mail.

use serde_json::{Value, json};
use time::Duration;

use super::{Deviation, Expect, Expected, Step};
use crate::compare::HEX;
use crate::report::{address, http_date};

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        there: "a malformed address is `Configuration`, on the error page",
        here: "`EmailSignin`, on the sign-in page",
        why: "the person can write it again",
        shows: |step| step.note().starts_with("address ") || step.note().starts_with("two addr"),
        expect: Expect::Change(|step, expected| {
            expected.fail(&step.at("/auth/signin"), "EmailSignin");
        }),
    },
    Deviation {
        there: "the answer says whether an address may have mail, and whether it could be sent",
        here: "it is the same for every address; what went wrong stands in the log",
        why: "nobody learns from it who has an account",
        shows: |step| {
            ["email-signin-callback-false", "email-send-fails"].contains(&&*step.scenario.id)
        },
        expect: Expect::Change(|step, expected| {
            let page = address(&step.at("/auth/verify-request?provider=email&type=email"));
            expected.set("/headers/location", page.clone());
            expected.set("/body/url", page);
        }),
    },
    Deviation {
        there: "a mail has a link",
        here: "and a code, for the browser that asked: a sealed cookie, `authjs.mail`, waits for it, and its hash is a second row",
        why: "mail is often read on another device",
        shows: |step| step.exchange.request.action().1 == Some("email"),
        expect: Expect::Change(wait_for_code),
    },
    Deviation {
        there: "a link without `token` is `Configuration`",
        here: "`Verification`, as every link that leads nowhere",
        why: "the link is broken, not the application",
        shows: |step| is_opened(step) && step.exchange.request.token().is_none(),
        expect: Expect::Change(|step, expected| {
            if expected.error().is_some() {
                expected.fail(&step.at("/auth/error"), "Verification");
            }
        }),
    },
    Deviation {
        there: "a link without `email` is looked up by its token alone",
        here: "it leads nowhere",
        why: "a token is one for an address",
        shows: |step| step.scenario.id == "email-no-identifier",
        expect: Expect::Change(|step, expected| {
            let kept = step.exchange.calls("adapter.useVerificationToken").next().unwrap();
            let kept = kept.returns.clone().unwrap();
            expected.fail(&step.at("/auth/error"), "Verification");
            expected.cookies_mut().clear();
            expected.empty(&["/callbacks", "/events", "/tables/users", "/tables/sessions"]);
            expected.set("/tables/verification_tokens", json!([kept, code_beside(&kept)]));
        }),
    },
];

fn is_opened(step: &Step<'_>) -> bool {
    step.asks("GET callback") && step.exchange.request.action().1 == Some("email")
}

/// A browser that asks for a mail waits for its code; one that has signed in does not any more.
fn wait_for_code(step: &Step<'_>, expected: &mut Expected) {
    let rows = expected.get_mut("/tables/verification_tokens").and_then(Value::as_array_mut);
    let rows = rows.unwrap();
    if let Some(kept) = step.exchange.params("adapter.createVerificationToken") {
        rows.push(code_beside(&kept[0]));
    }
    let taken = step.exchange.calls("adapter.useVerificationToken").next();
    if let Some(taken) = taken.and_then(|call| call.returns.as_ref()) {
        rows.retain(|row| row["identifier"] != taken["identifier"]);
    }
    let is_asked_for = step.asks("POST signin") && expected.error().is_none();
    let mut set = |holds: &str, ends: &str| {
        let cookie = json!({ "holds": holds, "attributes": step.attributes(&[ends]) });
        expected.set("/cookies/authjs.mail", cookie);
    };
    if is_asked_for {
        let ends = http_date(step.exchange.now() + Duration::days(1));
        set("sealed", &format!("Expires={ends}"));
    }
    if step.exchange.params("events.signIn").is_some() {
        set("cleared", "Max-Age=0");
    }
}

/// The row of the code in a mail whose link has that row.
fn code_beside(link: &Value) -> Value {
    let mut code = link.clone();
    code["token"] = HEX.into();
    code
}
