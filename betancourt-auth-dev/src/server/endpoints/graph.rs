//! Facebook's Graph: the profile, and for whom an access token was made.

use http::StatusCode;
use ring::hmac;
use serde_json::{Map, Value, json};

use crate::{Answer, Request};

use crate::server::authorization_server::AuthorizationServer;
use crate::server::endpoints::metadata;
use crate::server::memory::Grant;
use crate::server::parameters::Parameters;
use crate::server::refusal::Refusal;

/// `GET /me?fields=…`: only what was asked for and granted, and only with the app's proof.
pub(crate) fn me(server: &AuthorizationServer, request: &Request) -> Answer {
    answered(server, profile(server, request))
}

/// `GET /debug_token`: the app asks, as itself, whose token it was handed.
pub(crate) fn debug_token(server: &AuthorizationServer, request: &Request) -> Answer {
    answered(server, inspection(server, request))
}

fn answered(server: &AuthorizationServer, result: Result<Value, Refusal>) -> Answer {
    match result {
        Ok(value) => Answer::json(StatusCode::OK, value).private(),
        Err(refusal) => refusal.answer(server.face()),
    }
}

fn profile(server: &AuthorizationServer, request: &Request) -> Result<Value, Refusal> {
    let parameters = Parameters::once(request.query.iter().chain(&request.form))?;
    let token = parameters
        .value("access_token")
        .or_else(|| request.authorization("Bearer"))
        .ok_or(Refusal::NoAccessToken)?;
    let grant = server.memory().access(token, server.clock.now())?.grant.clone();
    let proof = parameters.value("appsecret_proof").ok_or(Refusal::Proof)?;
    check_proof(server.client.secret(), token, proof)?;
    let fields = parameters.value("fields").unwrap_or("id,name");
    let mut profile = Map::new();
    for field in field_names(fields) {
        profile.extend(field_value(server, &grant, field)?.map(|value| (field.to_owned(), value)));
    }
    profile.insert("id".to_owned(), grant.person.subject.clone().into());
    Ok(Value::Object(profile))
}

/// A field's value, or nothing where the person has none or did not grant it.
fn field_value(
    server: &AuthorizationServer,
    grant: &Grant,
    field: &str,
) -> Result<Option<Value>, Refusal> {
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
            "url": metadata::picture(&server.client, person),
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

/// HMAC-SHA256 of the access token under the app's secret, in hexadecimal.
fn check_proof(secret: &str, token: &str, proof: &str) -> Result<(), Refusal> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let proof = from_hex(proof).ok_or(Refusal::Proof)?;
    hmac::verify(&key, token.as_bytes(), &proof).map_err(|_| Refusal::Proof)
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

fn inspection(server: &AuthorizationServer, request: &Request) -> Result<Value, Refusal> {
    let parameters = Parameters::once(&request.query)?;
    let token = parameters.value("input_token").ok_or(Refusal::Missing("input_token"))?;
    let asker = parameters
        .value("access_token")
        .or_else(|| request.authorization("Bearer"))
        .ok_or(Refusal::NoAccessToken)?;
    let client = &server.client;
    if asker != format!("{}|{}", client.id(), client.secret()) {
        return Err(Refusal::AccessToken);
    }
    let memory = server.memory();
    let Ok(access) = memory.access(token, server.clock.now()) else {
        return Ok(json!({ "data": { "is_valid": false, "scopes": [] } }));
    };
    Ok(json!({ "data": {
        "app_id": client.id(),
        "type": "USER",
        "is_valid": true,
        "user_id": access.grant.person.subject,
        "issued_at": access.grant.authenticated_at,
        "expires_at": access.expires_at,
        "scopes": access.grant.authorization.scope,
    }}))
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
