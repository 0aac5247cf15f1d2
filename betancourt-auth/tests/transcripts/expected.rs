//! The report of an exchange as it was recorded.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::hooks::SHOWN;
use crate::recording::{Call, Exchange, Response, Scenario};
use crate::report::{self, pick_all};
use crate::tables::Tables;

/// What is told of a user.
pub(crate) const USER: [&str; 5] = ["id", "name", "email", "image", "emailVerified"];
/// What is told of an account after a sign-in.
pub(crate) const ACCOUNT: [&str; 6] =
    ["provider", "providerAccountId", "type", "expires_at", "scope", "token_type"];

/// What was recorded of an exchange, after which the tables are those.
pub(crate) fn report(
    scenario: &Scenario,
    exchange: &Exchange,
    tables: &Tables,
    secrets: &[String],
) -> Value {
    let response = &exchange.response;
    let callbacks = exchange.calls.iter().filter_map(|call| callback(exchange, call));
    let events = exchange.calls.iter().filter_map(event);
    let headers = response.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    json!({
        "status": response.status,
        "headers": report::headers(headers),
        "body": body(response),
        "cookies": cookies(exchange, secrets),
        "callbacks": callbacks.collect::<Value>(),
        "events": events.collect::<Value>(),
        "mail": mail(scenario, exchange, secrets).into_iter().collect::<Value>(),
        "upstream": upstream(exchange),
        "tables": tables.0,
    })
}

fn body(response: &Response) -> Value {
    if let Some(json) = &response.json {
        return report::json_body(json.clone());
    }
    let Some(html) = &response.html else { return json!("") };
    let forms = html["forms"].as_array().unwrap().iter().map(|form| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let inputs = form["inputs"].as_array().unwrap().iter();
        let fields = inputs.map(|input| (text(&input["name"]), text(&input["value"])));
        report::form(form["action"].as_str().unwrap(), fields)
    });
    report::page(forms)
}

/// The cookies, with the claims of the sealed ones as the recording has them.
fn cookies(exchange: &Exchange, secrets: &[String]) -> Value {
    let claims = exchange.cookies_decoded.iter();
    let claims: BTreeMap<_, _> =
        claims.filter_map(|cookie| Some((cookie.name.as_str(), cookie.claims.as_ref()?))).collect();
    let shown = |header: &String| {
        let (name, mut shown) = report::cookie(header, secrets);
        if let Some(claims) = claims.get(&*name).filter(|_| name.ends_with("session-token")) {
            assert_eq!(shown["holds"]["claims"], **claims, "the recording says what it holds");
            shown["holds"]["claims"] = (*claims).clone();
        }
        (name, shown)
    };
    exchange.response.set_cookie.iter().map(shown).collect()
}

/// A callback. That `redirect` was asked shows in where the browser is sent.
fn callback(exchange: &Exchange, Call { name, params, .. }: &Call) -> Option<Value> {
    match &**name {
        "callbacks.signIn" => {
            let asked = ["adapter.getUserByAccount", "adapter.getUserByEmail"];
            let asked = asked.iter().find_map(|asked| exchange.calls(asked).next());
            let known = asked.and_then(|call| call.returns.as_ref()).is_some_and(Value::is_object);
            let id = if known { params["user"]["id"].clone() } else { Value::Null };
            let account = pick_all(&params["account"], &["provider", "providerAccountId"]);
            let (user, profile) = (json!({ "id": id }), &params["profile"]);
            let mut call =
                json!({ "call": "signIn", "user": user, "profile": profile, "account": account });
            if let Some(request) = params.get("email") {
                call["email"] = request.clone();
            }
            Some(call)
        }
        "callbacks.jwt" => {
            let mut call = json!({ "call": "jwt", "token": params["token"] });
            if let Some(trigger) = params.get("trigger") {
                call["trigger"] = trigger.clone();
            }
            if params.get("account").is_some() {
                call["user"] = pick_all(&params["user"], &USER);
                call["account"] = pick_all(&params["account"], &ACCOUNT);
                call["profile"] = params["profile"].clone();
            }
            if let Some(data) = params.get("session") {
                call["data"] = data.clone();
            }
            Some(call)
        }
        "callbacks.session" => {
            let told = &params["session"];
            let mut call = json!({ "call": "session", "session": {
                "user": report::pick(&told["user"], &SHOWN), "expires": told["expires"],
            } });
            if let Some(data) = params.get("newSession") {
                call["data"] = data.clone();
            }
            Some(call)
        }
        _ => None,
    }
}

fn event(Call { name, params, .. }: &Call) -> Option<Value> {
    let user = || pick_all(&params["user"], &USER);
    let account = || pick_all(&params["account"], &ACCOUNT);
    match &**name {
        "events.signIn" => Some(json!({
            "event": "signIn", "user": user(), "account": account(),
            "isNewUser": params.get("isNewUser").unwrap_or(&json!(false)),
        })),
        "events.signOut" => {
            let id = params.pointer("/session/userId").or_else(|| params.pointer("/token/sub"));
            Some(json!({ "event": "signOut", "user": { "id": id } }))
        }
        "events.createUser" => Some(json!({ "event": "createUser", "user": user() })),
        "events.updateUser" => Some(json!({ "event": "updateUser", "user": user() })),
        "events.linkAccount" => {
            Some(json!({ "event": "linkAccount", "user": user(), "account": account() }))
        }
        "events.session" => {
            let told = &params["session"];
            let user = pick_all(&told["user"], &SHOWN);
            Some(json!({
                "event": "session", "session": { "user": user, "expires": told["expires"] },
            }))
        }
        _ => None,
    }
}

/// The mail. Where the recording leaves it out, its link is the one that is opened later.
fn mail(scenario: &Scenario, exchange: &Exchange, secrets: &[String]) -> Option<Value> {
    if let Some(sent) = &exchange.email_sent {
        let text = |member: &str| sent[member].as_str().unwrap();
        return Some(report::mail(text("identifier"), text("url"), secrets));
    }
    let kept = &exchange.params("adapter.createVerificationToken")?[0];
    let opened = scenario.exchanges.iter().map(|other| &other.request);
    let opened = opened.filter(|request| request.token().is_some());
    let mut mails = opened
        .map(|link| report::mail(kept["identifier"].as_str().unwrap(), link.url.as_str(), secrets));
    mails.find(|mail| mail["kept"]["token"] == kept["token"])
}

fn upstream(exchange: &Exchange) -> Value {
    let shown = exchange.upstream.iter().map(|asked| {
        let headers = asked.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let body = asked.body.as_deref().unwrap_or_default();
        report::upstream(&asked.method, &asked.url, headers, body)
    });
    shown.collect()
}
