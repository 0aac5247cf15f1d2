//! The key set of the OpenID faces (RFC 7517 §5).

use http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::face::Face;
use crate::request::Request;
use crate::server::authorization_server::AuthorizationServer;
use crate::server::refusal::Refusal;
use crate::server::rules::microsoft;
use crate::signing::key_ring::KeyRing;
use crate::signing::signing_key::KeyError;

/// No path of Facebook leads here.
pub(crate) async fn keys(server: &AuthorizationServer, request: &Request) -> Answer {
    let published = match server.face() {
        Face::Google | Face::Facebook | Face::Apple => {
            published(server.key_ring()).await.map_err(Refusal::from)
        }
        Face::Microsoft => published_for(server, &request.detail).await,
    };
    match published {
        Ok(keys) => Answer::json(StatusCode::OK, json!({ "keys": keys })).cacheable(),
        Err(refusal) => refusal.answer(server.face()),
    }
}

/// The keys a tenant's tokens are signed with, each with the issuer it signs for.
async fn published_for(server: &AuthorizationServer, tenant: &str) -> Result<Vec<Value>, Refusal> {
    let people = server.admitted(tenant)?;
    let base = server.client.base();
    let mut keys = Vec::new();
    if people.iter().any(|person| !microsoft::is_consumer(person)) {
        let issuer = microsoft::issuer_of_metadata(base, tenant);
        keys.extend(with_issuer(published(server.key_ring()).await?, &issuer));
    }
    if people.iter().any(|person| microsoft::is_consumer(person)) {
        let issuer = microsoft::issuer_of_consumers(base);
        keys.extend(with_issuer(published(server.consumer_key_ring()).await?, &issuer));
    }
    Ok(keys)
}

async fn published(ring: &KeyRing) -> Result<Vec<Value>, KeyError> {
    Ok(ring.keys().await?.published().map(|key| key.jwk()).collect())
}

fn with_issuer(mut keys: Vec<Value>, issuer: &str) -> Vec<Value> {
    for key in keys.iter_mut().filter_map(Value::as_object_mut) {
        key.insert("issuer".to_owned(), issuer.into());
    }
    keys
}
