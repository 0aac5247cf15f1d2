//! What goes wrong on the way, and that it goes right without that.

use betancourt_auth::provider::{ClientAuthentication, Provider};
use serde_json::json;

use super::stage::{Stage, Variant, arrives, asked, known, sent_back};
use crate::identity_providers::address::with;
use crate::identity_providers::house::Keeping;
use crate::identity_providers::person::problem;

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_cancels_is_told_so_and_may_come_back() {
    let Some(stage) = Stage::open(Keeping::Sqlite, &[Variant::usual()]).await else { return };
    let mut person = stage.somebody();
    let page = asked(&mut person, "usual").await;
    let page = person.browser.submit(&page, &[("answer", "deny")]).await;
    assert_eq!(problem(&page).as_deref(), Some("OAuthCallbackError"), "{page:?}");
    assert_eq!(person.is_known_as().await, None);

    stage.signs_in(&mut person, "usual", "ana").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_provider_insists_on_pkce() {
    let Some(mut stage) = Stage::open(Keeping::Memory, &[Variant::usual()]).await else { return };
    let mut person = stage.somebody();
    let to = person.begin("usual").await;
    let without = with(&with(&to, "code_challenge", None), "code_challenge_method", None);
    let page = person.browser.open(&without).await;
    assert_eq!(problem(&page).as_deref(), Some("OAuthCallbackError"), "{page:?}");
    let failed = stage.provider.seen("authorization failed");
    assert!(failed[0]["why"].as_str().unwrap().contains("requires PKCE"), "{failed:?}");

    stage.signs_in(&mut person, "usual", "ana").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_in_the_name_of_another_issuer_or_of_none_is_refused() {
    let Some(mut stage) = Stage::open(Keeping::Memory, &[Variant::usual()]).await else { return };
    for issuer in [Some("http://127.0.0.1:9"), None] {
        let mut person = stage.somebody();
        let back = sent_back(&mut person, "usual", "ana").await;
        let page = person.browser.open(&with(&back, "iss", issuer)).await;
        assert_eq!(problem(&page).as_deref(), Some("OAuthCallbackError"), "{page:?}");
        assert_eq!(person.is_known_as().await, None);
    }
    assert!(stage.provider.seen("granted").is_empty(), "the code went nowhere");

    let mut person = stage.somebody();
    let back = sent_back(&mut person, "usual", "ana").await;
    stage.house.is_home(&person.browser.open(&back).await);
    assert_eq!(person.is_known_as().await, known("ana"));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_wrong_client_secret_nobody_comes_in() {
    let basic =
        |provider: Provider| provider.with_client_authentication(ClientAuthentication::Basic);
    let post = |provider: Provider| provider.with_client_authentication(ClientAuthentication::Post);
    let by = |method: &str| json!({ "token_endpoint_auth_method": method });
    let wrong = |method: &str| json!({ "token_endpoint_auth_method": method, "client_secret": "a secret that we were not told" });
    let variants = [
        Variant::of("basic", basic, by("client_secret_basic")),
        Variant::of("post", post, by("client_secret_post")),
        Variant::of("basic-wrong", basic, wrong("client_secret_basic")),
        Variant::of("post-wrong", post, wrong("client_secret_post")),
    ];
    let Some(mut stage) = Stage::open(Keeping::Memory, &variants).await else { return };
    for variant in ["basic-wrong", "post-wrong"] {
        let mut person = stage.somebody();
        let page = arrives(&mut person, variant, "ana").await;
        assert_eq!(problem(&page).as_deref(), Some("OAuthCallbackError"), "{page:?}");
        assert_eq!(person.is_known_as().await, None);
    }
    let failed = stage.provider.seen("grant failed");
    let why: Vec<_> = failed.iter().map(|failed| failed["why"].as_str().unwrap()).collect();
    assert_eq!(why, ["client authentication failed"; 2]);

    for variant in ["basic", "post"] {
        stage.signs_in(&mut stage.somebody(), variant, variant).await;
    }
}
