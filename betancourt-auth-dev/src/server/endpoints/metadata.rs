//! What every OpenID face publishes: metadata, keys, pictures.

use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};
use url::form_urlencoded::byte_serialize;

use crate::{Answer, Client, Endpoints, Face, Person, Request, page};

use crate::server::authorization_server::AuthorizationServer;
use crate::server::id_token::object;
use crate::server::refusal::Refusal;
use crate::server::rules::{apple, google, microsoft};

/// The discovery document (OpenID Connect Discovery §4.2). No path of Facebook leads here.
pub(crate) fn discovery(server: &AuthorizationServer, request: &Request) -> Answer {
    if let Err(refusal) = server.admitted(&request.detail) {
        return refusal.answer(server.face());
    }
    let client = &server.client;
    let metadata = match server.face() {
        Face::Google | Face::Facebook => google::metadata(client),
        Face::Apple => apple::metadata(client),
        Face::Microsoft => microsoft::metadata(client, &request.detail),
    };
    Answer::json(StatusCode::OK, metadata).cacheable()
}

/// The key set (RFC 7517 §5). No path of Facebook leads here.
pub(crate) async fn key_set(server: &AuthorizationServer, request: &Request) -> Answer {
    let keys = match server.face() {
        Face::Google | Face::Facebook | Face::Apple => plain_key_set(server).await,
        Face::Microsoft => microsoft::key_set(server, &request.detail).await,
    };
    match keys {
        Ok(keys) => Answer::json(StatusCode::OK, keys).cacheable(),
        Err(refusal) => refusal.answer(server.face()),
    }
}

/// A person's picture: their initials.
pub(crate) fn draw(server: &AuthorizationServer, request: &Request) -> Answer {
    let drawn = |person: &&std::sync::Arc<Person>| segment(person) == request.detail;
    match server.people().iter().find(drawn) {
        Some(person) => Answer::text(StatusCode::OK, &page::picture(person))
            .with(CONTENT_TYPE, "image/svg+xml")
            .cacheable(),
        None => Answer::text(StatusCode::NOT_FOUND, "Nobody here looks like that."),
    }
}

/// The members that all metadata here has in common.
pub(crate) fn common(issuer: &str, endpoints: &Endpoints) -> Map<String, Value> {
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

/// Where a person's picture is.
pub(crate) fn picture(client: &Client, person: &Person) -> String {
    format!("{}/picture/{}", client.base(), segment(person))
}

async fn plain_key_set(server: &AuthorizationServer) -> Result<Value, Refusal> {
    let keys = server.key_ring().keys().await?;
    let keys: Vec<Value> = keys.published().map(|key| key.jwk()).collect();
    Ok(json!({ "keys": keys }))
}

fn segment(person: &Person) -> String {
    byte_serialize(person.subject.as_bytes()).collect()
}
