//! Google: one issuer, verified addresses, and `hd` for workspace people.

use serde_json::{Map, Value, json};

use crate::client::Client;
use crate::person::Person;
use crate::server::grant::Grant;
use crate::server::rules::openid::{self, object};

pub(crate) fn metadata(client: &Client) -> Value {
    let mut metadata = openid::metadata(client.base(), &client.endpoints());
    metadata.extend(object(json!({
        "revocation_endpoint": format!("{}/revoke", client.base()),
        "response_modes_supported": ["query", "form_post"],
        "subject_types_supported": ["public"],
        "scopes_supported": ["openid", "email", "profile"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": [
            "aud", "email", "email_verified", "exp", "family_name", "given_name", "hd", "iat",
            "iss", "name", "picture", "sub",
        ],
        "authorization_response_iss_parameter_supported": true,
    })));
    Value::Object(metadata)
}

/// Who tells of people who are not there. The issuer ends in a slash here.
pub(crate) fn event_configuration(client: &Client) -> Value {
    json!({
        "issuer": format!("{}/", client.base()),
        "jwks_uri": client.endpoints().keys,
        "delivery_methods_supported": ["https://schemas.openid.net/secevent/risc/delivery-method/push"],
    })
}

/// What the ID token says beyond the standard claims.
pub(crate) fn claims(client: &Client, grant: &Grant) -> Map<String, Value> {
    let mut claims = profile(client, grant);
    claims.insert("azp".to_owned(), client.id().into());
    claims
}

/// What the granted scopes tell about the person, in the ID token and at UserInfo alike.
pub(crate) fn profile(client: &Client, grant: &Grant) -> Map<String, Value> {
    let person = &grant.person;
    let mut profile = Map::new();
    if grant.authorization.has_scope("email")
        && let Some(email) = &person.email
    {
        profile.insert("email".to_owned(), email.address.clone().into());
        profile.insert("email_verified".to_owned(), email.verified.into());
    }
    if grant.authorization.has_scope("profile") {
        profile.extend(names(client, person));
    }
    if let Some(domain) = &person.hosted_domain {
        profile.insert("hd".to_owned(), domain.clone().into());
    }
    profile
}

fn names(client: &Client, person: &Person) -> Map<String, Value> {
    object(json!({
        "name": person.name(),
        "given_name": person.given_name,
        "family_name": person.family_name,
        "picture": client.picture(person),
    }))
}
