//! Every way to be registered signs people in.

use betancourt_auth::provider::{Algorithm, ClientAuthentication, Quirk};
use serde_json::json;

use super::stage::{Stage, Variant};
use crate::identity_providers::house::Keeping;
use crate::identity_providers::signed::signed;

fn variants() -> Vec<Variant> {
    let signed_by = |algorithm: &str| json!({ "id_token_signed_response_alg": algorithm });
    let authenticated = |method: &str| json!({ "token_endpoint_auth_method": method });
    let mut public = Variant::new("public", |provider| provider, authenticated("none"));
    public.confidential = false;
    vec![
        public,
        Variant::new("rs256", |provider| signed(provider, Algorithm::Rs256), signed_by("RS256")),
        Variant::new("es256", |provider| signed(provider, Algorithm::Es256), signed_by("ES256")),
        Variant::new("es384", |provider| signed(provider, Algorithm::Es384), signed_by("ES384")),
        Variant::new(
            "basic",
            |provider| provider.with_client_authentication(ClientAuthentication::Basic),
            authenticated("client_secret_basic"),
        ),
        Variant::new(
            "post",
            |provider| provider.with_client_authentication(ClientAuthentication::Post),
            authenticated("client_secret_post"),
        ),
        Variant::new("form", |provider| provider.with_quirk(Quirk::FormPost), json!({})),
    ]
}

async fn each_way_to_be_registered_signs_in(keeping: Keeping) {
    let Some(mut stage) = Stage::open(keeping, &variants()).await else { return };
    for variant in variants() {
        let mut person = stage.somebody();
        assert_eq!(person.is_known_as().await, None);
        stage.signs_in(&mut person, variant.id, variant.id).await;
    }
    let of = |seen: Vec<serde_json::Value>, client: &str, member: &str| {
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
