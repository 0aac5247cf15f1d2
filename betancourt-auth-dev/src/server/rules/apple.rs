//! Apple: `form_post`, the name only once and never in the token, booleans written as strings.

use serde_json::{Map, Value, json};

use crate::client::Client;
use crate::person::Person;
use crate::server::grant::Authorization;
use crate::server::grant::Grant;
use crate::server::rules::openid::{self, object};

pub(crate) fn metadata(client: &Client) -> Value {
    let mut metadata = openid::metadata(client.base(), &client.endpoints());
    metadata.extend(object(json!({
        "revocation_endpoint": format!("{}/auth/revoke", client.base()),
        "response_modes_supported": ["query", "form_post"],
        "subject_types_supported": ["pairwise"],
        "scopes_supported": ["openid", "email", "name"],
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "claims_supported": [
            "aud", "auth_time", "email", "email_verified", "exp", "iat", "is_private_email", "iss",
            "nonce", "nonce_supported", "sub",
        ],
    })));
    Value::Object(metadata)
}

/// The `user` parameter of the callback: what was asked for of name and e-mail.
///
/// The browser carries it, unsigned. Only the ID token's address can be trusted.
pub(crate) fn user(authorization: &Authorization, person: &Person) -> Option<Value> {
    let mut user = Map::new();
    if authorization.has_scope("name") {
        let name = json!({ "firstName": person.given_name, "lastName": person.family_name });
        user.insert("name".to_owned(), name);
    }
    if let (true, Some(email)) = (authorization.has_scope("email"), &person.email) {
        user.insert("email".to_owned(), email.address.clone().into());
    }
    (!user.is_empty()).then_some(Value::Object(user))
}

/// What the ID token says beyond the standard claims.
pub(crate) fn claims(grant: &Grant) -> Map<String, Value> {
    let mut claims = object(json!({ "nonce_supported": true }));
    if let (true, Some(email)) = (grant.authorization.has_scope("email"), &grant.person.email) {
        claims.insert("email".to_owned(), email.address.clone().into());
        claims.insert("email_verified".to_owned(), email.verified.to_string().into());
        claims.insert("is_private_email".to_owned(), email.relay.to_string().into());
    }
    claims
}
