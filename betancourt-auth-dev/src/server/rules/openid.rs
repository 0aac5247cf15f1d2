//! What the OpenID faces have in common.

use serde_json::{Map, Value, json};

use crate::client::Endpoints;

/// The members that all metadata here has in common.
pub(crate) fn metadata(issuer: &str, endpoints: &Endpoints) -> Map<String, Value> {
    let mut metadata = object(json!({
        "issuer": issuer,
        "authorization_endpoint": endpoints.authorization,
        "token_endpoint": endpoints.token,
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
    }));
    let optional = [("userinfo_endpoint", &endpoints.user_info), ("jwks_uri", &endpoints.keys)];
    for (name, endpoint) in optional {
        if let Some(endpoint) = endpoint {
            metadata.insert(name.to_owned(), endpoint.clone().into());
        }
    }
    metadata
}

/// The members of a JSON object; none of anything else.
pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
