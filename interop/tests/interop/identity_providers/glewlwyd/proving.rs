//! More than a secret: requests signed with a key, pushed beforehand, answered by form, and tokens that are bound to a key.

use betancourt_auth::provider::{Algorithm, PrivateKey, Provider, Quirk, Registration};
use serde_json::json;

use super::provider::openssl;
use super::stage::{Client, PLAIN, Stage};
use crate::identity_providers::house::Keeping;
use crate::identity_providers::person::problem;

/// A new key of ours, and its public half.
fn new_key() -> (PrivateKey, String) {
    let pem = openssl(&["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "");
    let public = openssl(&["pkey", "-pubout"], &pem);
    (PrivateKey::new(Algorithm::Es256, pem), public)
}

/// One that signs each of its requests with that key. Glewlwyd wants to see the address of its token endpoint in it.
fn signing(id: &'static str, (key, public): (PrivateKey, String)) -> Client {
    let ours = move |provider: Provider| {
        let provider = provider.with_quirk(Quirk::TokenEndpointAudience);
        Registration::with_private_key(provider, id, key.clone())
    };
    let theirs = json!({ "token_endpoint_auth_method": ["private_key_jwt"], "pubkey": public });
    Client { id, issuer: "es256", ours: Box::new(ours), theirs }
}

/// One of whom our side knows something peculiar.
fn with(id: &'static str, ours: impl Fn(Registration) -> Registration + 'static) -> Client {
    let ours = move |provider: Provider| ours(Registration::new(provider, id, PLAIN));
    Client { id, issuer: "es256", ours: Box::new(ours), theirs: json!({ "password": PLAIN }) }
}

fn with_quirk(id: &'static str, quirk: Quirk) -> Client {
    with(id, move |mut registration| {
        registration.provider = registration.provider.with_quirk(quirk.clone());
        registration
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_pushed_requests_and_bound_tokens_sign_people_in() {
    let Some(_) = crate::tools::glewlwyd() else { return };
    let (key, _) = new_key();
    let bound = with("bound", move |mut registration| {
        registration.dpop_key = Some(key.clone());
        registration
    });
    let clients = [
        signing("signing", new_key()),
        with_quirk("pushing", Quirk::PushedRequests),
        bound,
        signing("another-key", (new_key().0, new_key().1)),
    ];
    let Some(stage) = Stage::open(Keeping::Sqlite, &clients).await else { return };
    for (client, username) in ["signing", "pushing", "bound"].into_iter().zip(["ana", "eva", "luz"])
    {
        stage.signs_in(&mut stage.somebody(), client, username).await;
    }
    let auth = stage.house.auth();
    let user = stage.house.user("luz@provider.example").await;
    assert!(auth.access_token(&user, "bound").await.unwrap().needs_proof, "refreshed, and bound");

    let mut person = stage.somebody();
    let page = stage.arrives(&mut person, "another-key", "pia").await;
    assert_eq!(problem(&page).as_deref(), Some("OAuthCallbackError"), "{page:?}");
    assert_eq!(person.is_known_as().await, None);
}
