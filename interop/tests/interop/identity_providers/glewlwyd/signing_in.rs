//! Every way to be registered that works signs people in, and the one that does not, does not.

use super::stage::{Client, Stage, known};
use crate::identity_providers::address::with;
use crate::identity_providers::house::Keeping;
use crate::identity_providers::person::problem;

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_of_key_signs_people_in_with_the_memory_store() {
    let clients = ["rs256", "ps256", "es256", "eddsa"].map(Client::at);
    let Some(stage) = Stage::open(Keeping::Memory, &clients).await else { return };
    for (client, username) in clients.iter().zip(["ana", "eva", "luz", "pia"]) {
        stage.signs_in(&mut stage.somebody(), client.id, username).await;
    }
}

/// It compares the header with the secret as it stands, without decoding it first (RFC 6749 §2.3.1).
#[tokio::test(flavor = "multi_thread")]
async fn each_way_to_prove_a_client_signs_people_in_on_sqlite_but_an_encoded_secret() {
    let clients = [Client::by_post(), Client::public(), Client::by_encoded_header()];
    let Some(stage) = Stage::open(Keeping::Sqlite, &clients).await else { return };
    stage.signs_in(&mut stage.somebody(), "post", "ana").await;
    stage.signs_in(&mut stage.somebody(), "public", "eva").await;

    let mut person = stage.somebody();
    let page = stage.arrives(&mut person, "encoded", "luz").await;
    assert_eq!(problem(&page).as_deref(), Some("OAuthCallbackError"), "{page:?}");
    assert_eq!(person.is_known_as().await, None);
}

/// It does not announce `iss`, so we do not insist on it (RFC 9207 §2.4); but one that comes has to be right.
#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_that_is_not_announced_has_to_be_right_if_it_comes() {
    let Some(stage) = Stage::open(Keeping::Memory, &[Client::at("es256")]).await else { return };
    let mut person = stage.somebody();
    for (issuer, comes_in) in [(Some("http://127.0.0.1:9"), false), (None, true)] {
        let to = person.begin("es256").await;
        let step = stage.agree(&mut person, &to, "es256", "ana").await;
        let back = person.until_sent_back(step, "es256").await;
        assert!(back.query_pairs().any(|(name, _)| name == "iss"));
        let page = person.browser.open(&with(&back, "iss", issuer)).await;
        assert_eq!(problem(&page).is_none(), comes_in, "{page:?}");
        assert_eq!(person.is_known_as().await, known("ana").filter(|_| comes_in));
        person = stage.somebody();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_insists_on_pkce() {
    let Some(stage) = Stage::open(Keeping::Memory, &[Client::at("es256")]).await else { return };
    let mut person = stage.somebody();
    let to = person.begin("es256").await;
    let without = with(&with(&to, "code_challenge", None), "code_challenge_method", None);
    let page = person.browser.open(&without).await;
    assert_eq!(problem(&page).as_deref(), Some("OAuthCallbackError"), "{page:?}");

    stage.signs_in(&mut person, "es256", "ana").await;
}
