//! `openid-client`, an OpenID Connect client of others, signs in at the look-alikes.

use betancourt_auth_dev::{Endpoint, Face, LookAlikes};
use serde_json::{Value, json};

use crate::{script, tools};

/// How the client is registered at a face, and what the face says to somebody who pretends to be it.
struct Client {
    face: Face,
    /// What follows the face's own base in its issuer.
    issuer: &'static str,
    authentication: &'static str,
    scope: &'static str,
    response_mode: Option<&'static str>,
    to_a_wrong_secret: &'static str,
}

impl Client {
    fn at(face: Face) -> Self {
        Self {
            face,
            issuer: "",
            authentication: "ClientSecretBasic",
            scope: "openid email profile",
            response_mode: None,
            to_a_wrong_secret: "401 basic",
        }
    }
}

/// Plays `scripts/openid-client.mjs`: every refusal, each with its positive twin.
async fn plays(client: Client) {
    let Some(node) = tools::node() else { return };
    let lookalikes = LookAlikes::start("http://localhost:3000/auth").await.unwrap();
    let registered = lookalikes.client(client.face);
    let input = json!({
        "issuer": format!("{}{}", registered.base(), client.issuer),
        "id": registered.id(),
        "secret": registered.secret(),
        "redirect": registered.redirect_uri().as_str(),
        "authentication": client.authentication,
        "scope": client.scope,
        "responseMode": client.response_mode,
        "toAWrongSecret": client.to_a_wrong_secret,
        "person": lookalikes.people(client.face).next().unwrap().key(),
    });
    tokio::task::block_in_place(|| script::run(node, "openid-client.mjs", &input, |_| Value::Null));
    assert_eq!(lookalikes.reused_codes(client.face), 1, "the face noticed the used code");
    assert!(!lookalikes.seen(client.face, Endpoint::Keys).is_empty(), "the signature was checked");
}

#[tokio::test(flavor = "multi_thread")]
async fn signs_in_at_google_with_a_secret_in_the_header() {
    plays(Client::at(Face::Google)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signs_in_at_google_with_a_secret_in_the_body() {
    plays(Client { authentication: "ClientSecretPost", ..Client::at(Face::Google) }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signs_in_at_apple_by_form_post() {
    plays(Client {
        authentication: "ClientSecretPost",
        scope: "openid name email",
        response_mode: Some("form_post"),
        to_a_wrong_secret: "400 invalid_client",
        ..Client::at(Face::Apple)
    })
    .await;
}

/// By the issuer of a tenant: that of `common` is a template, which takes rules of its own.
#[tokio::test(flavor = "multi_thread")]
async fn signs_in_at_microsoft_by_the_issuer_of_a_tenant() {
    let issuer = "/5d1f8a3e-2b7c-4e60-9a41-c8f03d6b27e5/v2.0";
    plays(Client { issuer, ..Client::at(Face::Microsoft) }).await;
}
