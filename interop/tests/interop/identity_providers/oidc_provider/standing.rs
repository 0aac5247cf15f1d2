//! New keys, restarts and an outage, while people are half way.

use super::stage::{Stage, Variant, agree, arrives, asked, known, sent_back};
use crate::identity_providers::house::Keeping;
use crate::identity_providers::person::problem;
use crate::user_agent::Step;

#[tokio::test(flavor = "multi_thread")]
async fn new_keys_are_found_while_people_come_in() {
    let Some(mut stage) = Stage::open(Keeping::Memory, &[Variant::usual()]).await else { return };
    stage.signs_in(&mut stage.somebody(), "usual", "ana").await;
    let mut half_way = stage.somebody();
    let page = asked(&mut half_way, "usual").await;
    stage.provider.rotate_keys();
    stage.house.is_home(&match agree(&mut half_way, &page, "eva").await {
        step @ Step::Go(_) => half_way.browser.follow(step).await,
        Step::Stay(page) => page,
    });
    assert_eq!(half_way.is_known_as().await, known("eva"));
    stage.signs_in(&mut stage.somebody(), "usual", "luz").await;
}

/// The attempt is in the browser, so any process with the same secret goes on with it.
async fn our_server_is_restarted_while_somebody_is_half_way(keeping: Keeping) {
    let Some(mut stage) = Stage::open(keeping, &[Variant::usual()]).await else { return };
    let (mut asks, mut returns) = (stage.somebody(), stage.somebody());
    let page = asked(&mut asks, "usual").await;
    let back = sent_back(&mut returns, "usual", "eva").await;
    stage.house.restart().await;

    let page = asks.browser.submit(&page, &[("person", "ana"), ("answer", "agree")]).await;
    stage.house.is_home(&page);
    assert_eq!(asks.is_known_as().await, known("ana"));
    stage.house.is_home(&returns.browser.open(&back).await);
    assert_eq!(returns.is_known_as().await, known("eva"));
}

#[tokio::test(flavor = "multi_thread")]
async fn our_server_is_restarted_while_somebody_is_half_way_with_the_memory_store() {
    our_server_is_restarted_while_somebody_is_half_way(Keeping::Memory).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn our_server_is_restarted_while_somebody_is_half_way_on_sqlite() {
    our_server_is_restarted_while_somebody_is_half_way(Keeping::Sqlite).await;
}

/// It forgets everything, and signs with other keys. Who has not been there yet notices nothing; who has begins anew.
#[tokio::test(flavor = "multi_thread")]
async fn the_provider_is_restarted_while_somebody_is_half_way() {
    let Some(mut stage) = Stage::open(Keeping::Memory, &[Variant::usual()]).await else { return };
    let (mut begins, mut returns) = (stage.somebody(), stage.somebody());
    stage.signs_in(&mut stage.somebody(), "usual", "ana").await;
    let to = begins.begin("usual").await;
    let back = sent_back(&mut returns, "usual", "eva").await;
    stage.provider.stop();
    stage.provider.open();

    let page = begins.browser.open(&to).await;
    let page = begins.browser.submit(&page, &[("person", "luz"), ("answer", "agree")]).await;
    stage.house.is_home(&page);
    assert_eq!(begins.is_known_as().await, known("luz"));
    let page = returns.browser.open(&back).await;
    assert_eq!(problem(&page).as_deref(), Some("OAuthCallbackError"), "{page:?}");
    stage.signs_in(&mut returns, "usual", "eva").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_provider_is_down_for_a_while() {
    let Some(mut stage) = Stage::open(Keeping::Sqlite, &[Variant::usual()]).await else { return };
    let mut person = stage.somebody();
    let back = sent_back(&mut person, "usual", "ana").await;
    stage.provider.stop();
    let page = person.browser.open(&back).await;
    assert_eq!(problem(&page).as_deref(), Some("ProviderUnavailable"), "{page:?}");

    stage.provider.open();
    stage.house.is_home(&arrives(&mut person, "usual", "ana").await);
    assert_eq!(person.is_known_as().await, known("ana"));
}
