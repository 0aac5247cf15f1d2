//! Every provider of the catalogue, held against what Auth.js makes of its own, as `providers.json` has it.
//!
//! Somebody signs in at each, through `Auth::handle`, once for each recorded profile. What is asked of the provider on
//! the way, and who the person is in the end, is as there, but for the secrets and one rule: `state` and PKCE always,
//! `nonce` with OpenID Connect. Whatever else differs stands in `deviations.rs`, with its reason.
#![cfg(test)]
#![expect(clippy::print_stdout, reason = "how much of the vectors was used is told")]

mod addresses;
mod catalogue;
mod deviations;
mod sign_in;
mod upstream;

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use deviations::{DEVIATIONS, EXEMPT, Part};
use sign_in::SignedIn;

const VECTORS: &str = include_str!("../vectors/authjs/providers.json");
const CLIENT_ID: &str = "CLIENT_ID";
const CLIENT_SECRET: &str = "CLIENT_SECRET";
/// When everything happens, in seconds since 1970.
const NOW: i64 = 1_748_779_200;

/// The recorded providers that speak OAuth 2 or OpenID Connect.
fn recorded() -> Vec<Value> {
    let mut vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let all: Vec<Value> = serde_json::from_value(vectors["providers"].take()).unwrap();
    all.into_iter().filter(|entry| entry["type"] == "oauth" || entry["type"] == "oidc").collect()
}

#[tokio::test]
async fn every_provider_does_as_at_auth_js_or_stands_in_the_table() {
    let (entries, mut samples, mut unlisted) = (recorded(), 0, Vec::new());
    for there in &entries {
        let id = there["id"].as_str().unwrap();
        let mut differences = BTreeMap::new();
        for sample in there["profile_samples"].as_array().unwrap() {
            let here = SignedIn::with(there, &sample["input"]).await;
            differences.extend(compare_requests(there, &here));
            if let Some(difference) = compare_person(&sample["output"], &here).await {
                differences.insert(Part::Person, difference);
            }
            samples += 1;
        }
        let listed = DEVIATIONS.iter().filter(|(known, ..)| *known == id);
        let listed: BTreeSet<Part> = listed.map(|(_, part, _)| *part).collect();
        let found: BTreeSet<Part> = differences.keys().copied().collect();
        if found != listed {
            unlisted.push(format!("{id}: {differences:#?}, not {listed:?}"));
        }
    }
    assert!(unlisted.is_empty(), "otherwise than the table says:\n{}", unlisted.join("\n"));
    let apart: BTreeSet<_> = DEVIATIONS.iter().map(|(id, ..)| id).collect();
    println!(
        "providers.json: {} providers with {samples} profiles, {} of them with {} deviations",
        entries.len(),
        apart.len(),
        DEVIATIONS.len()
    );
}

#[tokio::test]
async fn user_info_completes_the_id_token_of_the_same_person_alone() {
    let there = recorded().into_iter().find(|there| there["id"] == "salesforce").unwrap();
    let claims = json!({ "sub": "7", "name": "Ada" });
    let more = json!({ "sub": "7", "name": "Eva", "email": "ada@example.com" });
    let here = SignedIn::told(&there, &claims, Some(&more)).await;
    let user = here.user("7").await.unwrap();
    assert_eq!(
        (user.name.as_deref(), user.email.as_deref()),
        (Some("Ada"), Some("ada@example.com"))
    );

    for more in [json!({ "sub": "8", "email": "ada@example.com" }), json!({ "name": "Ada" })] {
        let here = SignedIn::told(&there, &claims, Some(&more)).await;
        assert!(here.user("7").await.is_none() && here.user("8").await.is_none());
    }
}

/// What was asked, part by part.
fn compare_requests(there: &Value, here: &SignedIn) -> BTreeMap<Part, String> {
    let mut differences = BTreeMap::new();
    let mut compare = |part, ours: String, theirs: String| {
        if ours != theirs {
            differences.insert(part, format!("{ours} instead of {theirs}"));
        }
    };
    let text = |pointer: &str| there.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let told = &here.told;
    for (member, theirs) in [("name", "/name"), ("type", "/type")] {
        compare(Part::Name, told[member].as_str().unwrap().to_owned(), text(theirs).unwrap());
    }

    // The authorization request. What Auth.js refuses to begin was at least put together.
    let theirs = text("/authorize_redirect").or_else(|| text("/authorization/url")).unwrap();
    let theirs = Url::parse(&theirs).unwrap();
    let without_query = |url: &Url| {
        let mut url = url.clone();
        url.set_query(None);
        url.to_string()
    };
    compare(Part::Authorization, without_query(&here.authorization), without_query(&theirs));
    let (mut ours, mut theirs) = (parameters(&here.authorization), parameters(&theirs));
    assert_one_rule(there, &mut ours);
    for name in ["state", "nonce", "code_challenge", "code_challenge_method"] {
        theirs.remove(name);
    }
    let [ours_scope, theirs_scope] = [&mut ours, &mut theirs].map(|query| query.remove("scope"));
    compare(Part::Scope, format!("{ours_scope:?}"), format!("{theirs_scope:?}"));
    if there["authorize_redirect"].is_string() {
        compare(Part::Parameters, format!("{ours:?}"), format!("{theirs:?}"));
    }

    // Discovery, the token request, and the first document.
    let mut asked = here.asked.iter();
    if there["type"] == "oidc" {
        let discovery = text("/discovery_requests/0").or_else(|| text("/well_known_field"));
        compare(Part::Discovery, asked.next().unwrap().uri().to_string(), discovery.unwrap());
    }
    let mut asked = asked.skip_while(|request| request.method() != "POST");
    let token = asked.next().expect("a token request");
    compare(Part::Token, token.uri().to_string(), sign_in::endpoints(there).token);
    compare(Part::Token, token.uri().to_string(), sign_in::endpoints(there).token);
    let theirs = if text("/client_auth").unwrap().starts_with("client_secret_post") {
        "post"
    } else {
        "basic"
    };
    compare(Part::ClientAuthentication, authentication(token).to_owned(), theirs.to_owned());
    if there["type"] == "oauth" {
        let document = asked.next().expect("a document").uri().to_string();
        compare(Part::Document, document, text("/userinfo/url").unwrap());
    }
    differences
}

/// The parameters with something in them.
fn parameters(url: &Url) -> BTreeMap<String, String> {
    url.query_pairs().into_owned().filter(|(_, value)| !value.is_empty()).collect()
}

/// Takes out what every attempt has of its own, and makes sure that it is there: unless the provider is exempt.
fn assert_one_rule(there: &Value, query: &mut BTreeMap<String, String>) {
    let id = there["id"].as_str().unwrap();
    let wants_nonce = there["type"] == "oidc";
    for (name, wanted) in [("state", true), ("code_challenge", true), ("nonce", wants_nonce)] {
        let exempt = EXEMPT.iter().any(|(known, parameter, _)| (*known, *parameter) == (id, name));
        let length = query.remove(name).map(|value| value.len());
        assert_eq!(length.is_some_and(|length| length >= 43), wanted && !exempt, "{id}: {name}");
    }
    let method = query.remove("code_challenge_method");
    assert!(method.is_none_or(|method| method == "S256"), "{id}");
}

/// How the client proved itself, with the right id and secret.
fn authentication(token: &http::Request<bytes::Bytes>) -> &'static str {
    let form: BTreeMap<_, _> = form_urlencoded::parse(token.body()).into_owned().collect();
    let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT_ID}:{CLIENT_SECRET}")));
    let header = token.headers().get(AUTHORIZATION).map(|value| value.to_str().unwrap());
    let [id, secret] =
        ["client_id", "client_secret"].map(|name| form.get(name).map(String::as_str));
    match (header, id, secret) {
        (Some(header), None, None) if header == basic => "basic",
        (None, Some(CLIENT_ID), Some(CLIENT_SECRET)) => "post",
        other => panic!("{other:?}"),
    }
}

/// Who signed in, beside who signed in there.
async fn compare_person(theirs: &Value, here: &SignedIn) -> Option<String> {
    let subject = match &theirs["id"] {
        Value::String(subject) => subject.clone(),
        number => number.to_string(),
    };
    let Some(user) = here.user(&subject).await else {
        return Some(format!("nobody with the subject {subject}"));
    };
    assert!(!subject.contains('@'), "a subject is never an address");
    let text = |member: &str| theirs[member].as_str().map(str::to_owned);
    let theirs = (text("name"), text("email"), text("image"));
    let ours = (user.name, user.email, user.image);
    (ours != theirs).then(|| format!("{ours:?} instead of {theirs:?}"))
}
