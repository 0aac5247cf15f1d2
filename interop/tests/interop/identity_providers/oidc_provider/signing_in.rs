//! Every way to be registered signs people in.

use betancourt_auth::provider::{Algorithm, ClientAuthentication, Quirk, Registration};
use serde_json::{Value, json};

use super::stage::{Stage, Variant};
use crate::identity_providers::house::Keeping;

fn variants() -> Vec<Variant> {
    let by = |method: &str| json!({ "token_endpoint_auth_method": method });
    let public = |registration: Registration| {
        Registration::public(registration.provider, registration.client_id)
    };
    let nothing = json!({ "token_endpoint_auth_method": "none", "client_secret": null });
    let algorithms = [
        ("rs256", Algorithm::Rs256),
        ("ps256", Algorithm::Ps256),
        ("es256", Algorithm::Es256),
        ("es384", Algorithm::Es384),
        ("eddsa", Algorithm::EdDsa),
    ];
    let signed_by = algorithms.map(|(id, algorithm)| {
        let theirs = json!({ "id_token_signed_response_alg": algorithm.name() });
        Variant::of(id, move |provider| provider.with_algorithms(&[algorithm]), theirs)
    });
    let others = [
        Variant::new("public", public, nothing),
        proven_by("basic", ClientAuthentication::Basic, by("client_secret_basic")),
        proven_by("post", ClientAuthentication::Post, by("client_secret_post")),
        Variant::of("form", |provider| provider.with_quirk(Quirk::FormPost), json!({})),
    ];
    signed_by.into_iter().chain(others).collect()
}

fn proven_by(id: &'static str, authentication: ClientAuthentication, theirs: Value) -> Variant {
    Variant::of(id, move |provider| provider.with_client_authentication(authentication), theirs)
}

async fn each_way_to_be_registered_signs_in(keeping: Keeping) {
    let Some(mut stage) = Stage::open(keeping, &variants()).await else { return };
    for variant in variants() {
        let mut person = stage.somebody();
        assert_eq!(person.is_known_as().await, None);
        stage.signs_in(&mut person, variant.id, variant.id).await;
    }
    let of = |seen: Vec<Value>, client: &str, member: &str| {
        seen.iter().find(|seen| seen["client"] == client).unwrap()[member].clone()
    };
    let granted = stage.provider.seen("granted");
    assert_eq!(of(granted.clone(), "basic", "authentication"), "client_secret_basic");
    assert_eq!(of(granted.clone(), "post", "authentication"), "client_secret_post");
    assert_eq!(of(granted, "public", "authentication"), "none");
    assert_eq!(of(stage.provider.seen("authorized"), "form", "mode"), "form_post");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_way_to_be_registered_signs_in_with_the_memory_store() {
    each_way_to_be_registered_signs_in(Keeping::Memory).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_way_to_be_registered_signs_in_on_sqlite() {
    each_way_to_be_registered_signs_in(Keeping::Sqlite).await;
}
