//! New keys, a restart, and access that is given again, at a provider with a database.

use betancourt_auth::ErrorKind;

use super::provider::KINDS;
use super::stage::{Client, Stage, address, known};
use crate::identity_providers::house::Keeping;

#[tokio::test(flavor = "multi_thread")]
async fn its_keys_are_changed_and_both_servers_restarted_while_people_are_half_way() {
    let Some(mut stage) = Stage::open(Keeping::Sqlite, &[Client::at("rs256")]).await else {
        return;
    };
    stage.signs_in(&mut stage.somebody(), "rs256", "ana").await;

    let (mut enters, mut returns) = (stage.somebody(), stage.somebody());
    let to = enters.begin("rs256").await;
    let to_agree = returns.begin("rs256").await;
    let step = stage.agree(&mut returns, &to_agree, "rs256", "eva").await;
    let back = returns.until_sent_back(step, "rs256").await;
    stage.glewlwyd.administrator().await.rotate_keys(KINDS[0]).await;
    stage.glewlwyd.restart();
    stage.house.restart().await;

    stage.house.is_home(&returns.browser.open(&back).await);
    assert_eq!(returns.is_known_as().await, known("eva"));
    let step = stage.agree(&mut enters, &to, "rs256", "luz").await;
    stage.house.is_home(&enters.browser.follow(step).await);
    assert_eq!(enters.is_known_as().await, known("luz"));
}

/// Each access token lives a minute, so each is due at once; each refresh token is taken once. Whom it does not know any
/// more it refuses without a word, so nobody can tell that it is for good.
#[tokio::test(flavor = "multi_thread")]
async fn it_gives_access_again_and_again_until_it_does_not_know_the_person_any_more() {
    let Some(stage) = Stage::open(Keeping::Sqlite, &[Client::at("es256")]).await else { return };
    stage.signs_in(&mut stage.somebody(), "es256", "ana").await;
    let (auth, user) = (stage.house.auth(), stage.house.user(&address("ana")).await);
    let first = auth.access_token(&user, "es256").await.unwrap();
    let second = auth.access_token(&user, "es256").await.unwrap();
    assert_ne!(first.token.expose(), second.token.expose());

    stage.glewlwyd.administrator().await.remove("user", "ana").await;
    let refused = auth.access_token(&user, "es256").await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::TokenRefused);
}
