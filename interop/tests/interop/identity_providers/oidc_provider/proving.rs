//! More than a secret: requests signed with a key, pushed beforehand, and tokens that are bound to a key.

use std::path::Path;

use betancourt_auth::http_client::{BundledClient, HttpClient as _};
use betancourt_auth::provider::{Algorithm, PrivateKey, Quirk, Registration};
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use super::provider::new_key;
use super::stage::{Stage, Variant, arrives};
use super::tokens::offline;
use crate::identity_providers::house::Keeping;
use crate::identity_providers::person::problem;
use crate::tools;

/// One that signs each of its requests with that key.
fn signing(id: &'static str, (key, public): (PrivateKey, Value)) -> Variant {
    let ours = move |registration: Registration| {
        Registration::with_private_key(registration.provider, registration.client_id, key.clone())
    };
    Variant::new(id, ours, signed_with(&public))
}

fn signed_with(public: &Value) -> Value {
    json!({
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks": { "keys": [public] },
        "client_secret": null,
    })
}

/// One whose tokens are bound to that key.
fn bound(id: &'static str, key: PrivateKey) -> Variant {
    let ours = move |mut registration: Registration| {
        registration.provider = offline(registration.provider);
        registration.dpop_key = Some(key.clone());
        registration
    };
    Variant::new(id, ours, json!({ "dpop_bound_access_tokens": true }))
}

/// One that has to push its requests, and does.
fn pushing() -> Variant {
    let must = json!({ "require_pushed_authorization_requests": true });
    Variant::of("pushing", |provider| provider.with_quirk(Quirk::PushedRequests), must)
}

/// One that does all of it at once.
fn everything((key, public): (PrivateKey, Value)) -> Variant {
    let mut theirs = signed_with(&public);
    theirs["require_pushed_authorization_requests"] = true.into();
    theirs["dpop_bound_access_tokens"] = true.into();
    theirs["id_token_signed_response_alg"] = "EdDSA".into();
    let ours = move |registration: Registration| {
        let provider = registration.provider.with_algorithms(&[Algorithm::EdDsa]);
        let provider = provider.with_quirk(Quirk::PushedRequests).with_quirk(Quirk::FormPost);
        let id = registration.client_id;
        let mut registration = Registration::with_private_key(provider, id, key.clone());
        registration.dpop_key = Some(key.clone());
        registration
    };
    Variant::new("everything", ours, theirs)
}

async fn clients_with_keys_sign_people_in(keeping: Keeping) {
    let Some(node) = tools::node_with_oidc_provider() else { return };
    let variants = [
        signing("es256", new_key(node, Algorithm::Es256)),
        signing("ps256", new_key(node, Algorithm::Ps256)),
        signing("eddsa", new_key(node, Algorithm::EdDsa)),
        bound("bound", new_key(node, Algorithm::Es256).0),
        pushing(),
        everything(new_key(node, Algorithm::EdDsa)),
    ];
    let Some(mut stage) = Stage::open(keeping, &variants).await else { return };
    for variant in &variants {
        stage.signs_in(&mut stage.somebody(), variant.id, variant.id).await;
    }
    let granted = stage.provider.seen("granted");
    let of = |member: &str| -> Vec<Value> {
        granted.iter().map(|granted| granted[member].clone()).collect()
    };
    let [key, secret] = ["private_key_jwt", "client_secret_basic"];
    assert_eq!(of("authentication"), [key, key, key, secret, secret, key]);
    assert_eq!(of("bound"), [false, false, false, true, false, true]);
    let pushed = stage.provider.seen("pushed");
    let pushed: Vec<_> = pushed.iter().map(|pushed| pushed["client"].as_str().unwrap()).collect();
    assert_eq!(pushed, ["pushing", "everything"]);
    assert_eq!(stage.provider.seen("authorized")[5]["mode"], "form_post");
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_with_keys_sign_people_in_with_the_memory_store() {
    clients_with_keys_sign_people_in(Keeping::Memory).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_with_keys_sign_people_in_on_sqlite() {
    clients_with_keys_sign_people_in(Keeping::Sqlite).await;
}

/// The key is another one, the request is not pushed, the tokens would be bound to nothing.
fn lacking(node: &Path) -> [Variant; 3] {
    let (key, _) = new_key(node, Algorithm::Es256);
    let (_, another) = new_key(node, Algorithm::Es256);
    let pushed = json!({ "require_pushed_authorization_requests": true });
    let bound = json!({ "dpop_bound_access_tokens": true });
    [
        signing("another-key", (key, another)),
        Variant::new("not-pushed", |registration| registration, pushed),
        Variant::new("not-bound", |registration| registration, bound),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_provider_insists_on_what_a_client_has_promised() {
    let Some(node) = tools::node_with_oidc_provider() else { return };
    let Some(mut stage) = Stage::open(Keeping::Memory, &lacking(node)).await else { return };
    let mut person = stage.somebody();
    let to = person.begin("not-pushed").await;
    let page = person.browser.open(&to).await;
    assert_eq!(problem(&page).as_deref(), Some("OAuthCallbackError"), "{page:?}");
    for variant in ["another-key", "not-bound"] {
        let mut person = stage.somebody();
        let page = arrives(&mut person, variant, "ana").await;
        assert_eq!(problem(&page).as_deref(), Some("OAuthCallbackError"), "{page:?}");
        assert_eq!(person.is_known_as().await, None);
    }
    assert!(stage.provider.seen("granted").is_empty());
}

/// Asks the provider's API who a token is about.
async fn ask(stage: &Stage, authorization: String, proof: Option<&str>) -> Response<Bytes> {
    let request = Request::get(stage.provider.url("/me")).header(AUTHORIZATION, authorization);
    let request = proof.into_iter().fold(request, |request, proof| request.header("dpop", proof));
    BundledClient::new().unwrap().send(request.body(Bytes::new()).unwrap()).await.unwrap()
}

/// Each access token lives a minute, so this one has been refreshed before it is used, and is bound as the first was.
#[tokio::test(flavor = "multi_thread")]
async fn a_bound_token_opens_the_api_beside_a_proof_only() {
    let Some(node) = tools::node_with_oidc_provider() else { return };
    let variants = [bound("bound", new_key(node, Algorithm::Es256).0)];
    let Some(mut stage) = Stage::open(Keeping::Sqlite, &variants).await else { return };
    stage.signs_in(&mut stage.somebody(), "bound", "ana").await;
    let user = stage.house.user("ana@provider.example").await;
    let auth = stage.house.auth();
    let access = auth.access_token(&user, "bound").await.unwrap();
    assert!(access.needs_proof);
    let authorization = |kind: &str| format!("{kind} {}", access.token.expose());
    let address = stage.provider.url("/me");

    let proof = auth.dpop_proof(&access, &Method::GET, &address, None).await.unwrap();
    let answer = ask(&stage, authorization("DPoP"), Some(proof.expose())).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "it wants to see its nonce");
    let nonce = answer.headers()["dpop-nonce"].to_str().unwrap();
    let proof = auth.dpop_proof(&access, &Method::GET, &address, Some(nonce)).await.unwrap();
    for stolen in [
        ask(&stage, authorization("Bearer"), None).await,
        ask(&stage, authorization("DPoP"), None).await,
    ] {
        assert!(stolen.status().is_client_error(), "{stolen:?}");
    }
    let answer = ask(&stage, authorization("DPoP"), Some(proof.expose())).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(serde_json::from_slice::<Value>(answer.body()).unwrap()["sub"], "ana");
    let granted = stage.provider.seen("granted");
    let by: Vec<_> = granted.iter().map(|seen| (&seen["by"], &seen["bound"])).collect();
    let [code, refresh] = [json!("authorization_code"), json!("refresh_token")];
    assert_eq!(by, [(&code, &json!(true)), (&refresh, &json!(true))]);
}
