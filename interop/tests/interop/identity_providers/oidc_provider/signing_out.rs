//! Out here and out there: RP-Initiated Logout and Back-Channel Logout.

use betancourt_auth::provider::Registration;
use serde_json::json;
use url::Url;

use super::stage::{Stage, Variant, known};
use crate::identity_providers::house::Keeping;
use crate::identity_providers::person::Person;
use crate::user_agent::{Page, Step};

/// One that sends people on to sign out at the provider, and one that does not.
fn variants() -> [Variant; 2] {
    let on = |mut registration: Registration| {
        registration.sign_out_at_provider = true;
        registration
    };
    [Variant::new("on", on, json!({})), Variant::usual()]
}

/// Presses the button on the page where the provider asks whether somebody wants to sign out there, too.
async fn leave(person: &mut Person, asks: &Url) -> Page {
    let page = person.browser.open(asks).await;
    assert_eq!(page.url.path(), "/session/end", "{page:?}");
    person.browser.submit(&page, &[("logout", "yes")]).await
}

/// Where the button leads: to our pages, or to the provider, which asks who somebody is only if it does not know.
async fn begins_again(person: &mut Person, variant: &str) -> Page {
    let to = person.begin(variant).await;
    person.browser.open(&to).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_here_is_sent_on_to_sign_out_there() {
    let Some(mut stage) = Stage::open(Keeping::Sqlite, &variants()).await else { return };
    let mut person = stage.somebody();
    stage.signs_in(&mut person, "on", "ana").await;
    let Step::Go(asks) = person.post("/signout").await else { panic!("nobody is sent on") };
    assert_eq!(person.is_known_as().await, None, "out here, whatever happens there");
    stage.house.is_home(&leave(&mut person, &asks).await);
    assert_eq!(stage.provider.seen("ended").len(), 1);
    let page = begins_again(&mut person, "on").await;
    assert!(page.url.path().starts_with("/interaction/"), "out there, too: {page:?}");

    let mut person = stage.somebody();
    stage.signs_in(&mut person, "usual", "eva").await;
    let step = person.post("/signout").await;
    stage.house.is_home(&person.browser.follow(step).await);
    assert_eq!(person.is_known_as().await, None);
    stage.house.is_home(&begins_again(&mut person, "usual").await);
    assert_eq!(person.is_known_as().await, known("eva"), "still in there, and so in here again");
}

/// The provider's server tells ours, which ends what began in that browser there, and nothing else.
async fn who_signs_out_there_is_signed_out_here(keeping: Keeping) {
    let Some(mut stage) = Stage::open(keeping, &variants()).await else { return };
    let (mut leaves, mut stays, mut other) = (stage.somebody(), stage.somebody(), stage.somebody());
    stage.signs_in(&mut leaves, "usual", "ana").await;
    stage.signs_in(&mut stays, "usual", "ana").await;
    stage.signs_in(&mut other, "usual", "eva").await;
    let mut tablet = leaves.elsewhere();
    stage.house.is_home(&begins_again(&mut tablet, "usual").await);
    assert_eq!(tablet.is_known_as().await, known("ana"));

    let end = Url::parse(&stage.provider.url("/session/end")).unwrap();
    leave(&mut leaves, &end).await;
    let told = stage.provider.seen("told");
    assert_eq!((told.len(), &told[0]["person"]), (1, &json!("ana")), "{told:?}");
    assert_eq!(stage.provider.seen("not told").len(), 0);
    assert_eq!(leaves.is_known_as().await, None);
    assert_eq!(tablet.is_known_as().await, None, "it began in the same session there");
    assert_eq!(stays.is_known_as().await, known("ana"));
    assert_eq!(other.is_known_as().await, known("eva"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_there_is_signed_out_here_with_the_memory_store() {
    who_signs_out_there_is_signed_out_here(Keeping::Memory).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_there_is_signed_out_here_on_sqlite() {
    who_signs_out_there_is_signed_out_here(Keeping::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_there_is_signed_out_here_with_sealed_sessions() {
    who_signs_out_there_is_signed_out_here(Keeping::Sealed).await;
}
