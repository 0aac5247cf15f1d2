//! Whose word counts for an address: only that of a provider that says so, in the member that its documentation names.

use betancourt_auth::provider::Email;
use serde_json::{Map, Value, json};

use crate::deviations::{OWN_ALONE, UNHEARD, VOUCHES};
use crate::recorded;
use crate::sign_in::provider;
use crate::upstream::raw;

/// Every member by which somebody vouches, as it is when they do. Two of them mean different things by `verified`.
fn signs(verified: &Value) -> Map<String, Value> {
    let signs = json!({
        "confirmed_at": "2012-05-23T09:05:22Z", "confirmed_email": true, "email_verified": true,
        "hd": "example.com", "is_email_valid": true, "is_email_verified": true, "verified": verified,
    });
    signs.as_object().unwrap().clone()
}

/// The document without the signs, or with those that are given, in each of its objects.
fn signed(document: &Value, given: &Map<String, Value>) -> Value {
    match document {
        Value::Object(members) => {
            let known = signs(&Value::Null);
            let kept = members.iter().filter(|(name, _)| !known.contains_key(*name));
            let kept = kept.map(|(name, value)| (name.clone(), signed(value, given)));
            kept.chain(given.clone()).collect::<Map<_, _>>().into()
        }
        Value::Array(entries) => entries.iter().map(|entry| signed(entry, given)).collect(),
        value => value.clone(),
    }
}

/// Whether the provider vouches for the address of the person, if it tells one.
fn vouches(id: &str, person: &Value, given: &Map<String, Value>) -> Option<bool> {
    let mut documents = vec![raw(id, &signed(person, given))];
    if id == "vk" {
        documents.push(signed(person, given));
    }
    let profile = (provider(id).profile)(&documents)?;
    profile.email.map(|email| matches!(email, Email::Verified(_)))
}

#[test]
fn an_address_is_proven_only_by_who_says_so() {
    for there in recorded() {
        let (id, is_openid) = (there["id"].as_str().unwrap(), there["type"] == "oidc");
        let heard = (is_openid && !UNHEARD.contains(&id))
            || VOUCHES.iter().any(|(vouching, _)| *vouching == id);
        for sample in there["profile_samples"].as_array().unwrap() {
            let person = &sample["input"];
            assert_ne!(vouches(id, person, &Map::new()), Some(true), "{id} said nothing");
            let said = [json!(true), json!(1)].map(|yes| vouches(id, person, &signs(&yes)));
            if said.iter().any(Option::is_some) {
                assert_eq!(said.contains(&Some(true)), heard, "{id}");
            }
        }
    }
}

#[test]
fn each_vouches_by_the_member_of_the_table() {
    let own = OWN_ALONE.iter().map(|(id, member, _)| (id, member));
    for (id, member) in VOUCHES.iter().map(|(id, member)| (id, member)).chain(own) {
        let there = recorded().into_iter().find(|there| there["id"] == *id).unwrap();
        let samples = there["profile_samples"].as_array().unwrap();
        for yes in [json!(true), json!(1)] {
            let mut without = signs(&yes);
            without.remove(*member);
            for sample in samples {
                assert_ne!(vouches(id, &sample["input"], &without), Some(true), "{id}");
            }
        }
    }
}
