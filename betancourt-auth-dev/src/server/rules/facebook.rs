//! Facebook: a profile of the fields asked for, and the proof that goes with every token.

use ring::hmac;
use serde_json::{Map, Value, json};

use crate::client::Client;
use crate::server::grant::Grant;
use crate::server::refusal::Refusal;

/// The fields that were asked for and granted; `id` is always among them.
///
/// # Errors
///
/// [`Refusal::Fields`] when a person has no such field.
pub(crate) fn profile(
    client: &Client,
    grant: &Grant,
    fields: &str,
) -> Result<Map<String, Value>, Refusal> {
    let mut profile = Map::new();
    for field in field_names(fields) {
        profile.extend(field_value(client, grant, field)?.map(|value| (field.to_owned(), value)));
    }
    profile.insert("id".to_owned(), grant.person.subject.clone().into());
    Ok(profile)
}

/// Checks the proof: HMAC-SHA256 of the access token under the app's secret, in hexadecimal.
///
/// # Errors
///
/// [`Refusal::Proof`] when it is another.
pub(crate) fn check_proof(secret: &str, token: &str, proof: &str) -> Result<(), Refusal> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let proof = from_hex(proof).ok_or(Refusal::Proof)?;
    hmac::verify(&key, token.as_bytes(), &proof).map_err(|_| Refusal::Proof)
}

/// A field's value, or nothing where the person has none or did not grant it.
fn field_value(client: &Client, grant: &Grant, field: &str) -> Result<Option<Value>, Refusal> {
    let person = &grant.person;
    match field {
        "id" => Ok(Some(person.subject.clone().into())),
        "name" => Ok(Some(person.name().into())),
        "first_name" => Ok(Some(person.given_name.clone().into())),
        "last_name" => Ok(Some(person.family_name.clone().into())),
        "email" if grant.authorization.has_scope("email") => {
            Ok(person.email.as_ref().map(|email| email.address.clone().into()))
        }
        "email" => Ok(None),
        "picture" => Ok(Some(json!({ "data": {
            "height": 50,
            "is_silhouette": false,
            "url": client.picture(person),
            "width": 50,
        }}))),
        _ => Err(Refusal::Fields),
    }
}

/// The names at the first level of `id,name,picture.width(250){url}`.
fn field_names(fields: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    fields
        .split(move |letter| {
            match letter {
                '(' | '{' => depth += 1,
                ')' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && letter == ','
        })
        .filter_map(|field| field.split(['.', '(', '{']).next())
        .map(str::trim)
        .filter(|field| !field.is_empty())
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    digits?
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(high * 16 + low).ok(),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_at_the_first_level() {
        let names: Vec<_> = field_names("id, name,picture.width(2,3){url,height},email").collect();
        assert_eq!(names, ["id", "name", "picture", "email"]);
    }

    #[test]
    fn the_proof_is_the_hmac_of_the_token() {
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"secret");
        let proof: String =
            hmac::sign(&key, b"token").as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(check_proof("secret", "token", &proof).is_ok());
        assert!(check_proof("secret", "other", &proof).is_err());
        assert!(check_proof("secret", "token", "f").is_err());
        assert!(check_proof("secret", "token", "").is_err());
    }
}
