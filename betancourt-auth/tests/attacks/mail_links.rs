//! A link in a mail: who opens it, how often, and for what.

use time::Duration;

use crate::support::{ANA, Answer, JULIAN, OPEN, Place, Request, Stage, at_once, rounds};

/// Twice, fifty times at once, and too late.
pub(crate) async fn mail_01_a_link_opened_twice_at_once_and_too_late(place: Place) {
    let world = Stage::new(place).mail().servers(3).start().await;
    let mut browser = world.browser();
    let letter = world.letter_for(&mut browser, ANA).await;
    browser.press(&letter).await.assert_welcome();
    let after = world.snapshot().await;
    browser.confirm(&letter.address, &letter.token).await.assert_refused("Verification");
    world.browser().press(&letter).await.assert_refused("Verification");
    assert_eq!(world.log.events("link.reused").len(), 2);
    world.assert_unchanged(&after).await;

    for round in 0..rounds() {
        let address = format!("reader-{round}@example.com");
        let letter = world.letter_for(&mut world.browser(), &address).await;
        let before = world.snapshot().await.sessions.len();
        let press = |number: usize| {
            let (mut browser, letter) = (world.browser(), letter.clone());
            browser.door = number % 3;
            async move { browser.press(&letter).await }
        };
        let answers = at_once((0..50).map(press)).await;
        let (welcome, refused): (Vec<_>, Vec<_>) =
            answers.into_iter().partition(Answer::sets_a_session);
        assert_eq!(welcome.len(), 1, "round {round}");
        refused.iter().for_each(|answer| answer.assert_refused("Verification"));
        assert_eq!(world.snapshot().await.sessions.len(), before + place.rows(1));
    }

    let late = world.letter_for(&mut browser, JULIAN).await;
    let before = world.snapshot().await;
    world.wait(Duration::minutes(10));
    world.browser().press(&late).await.assert_refused("Verification");
    world.log.refusal("link.expired", "email");
    world.assert_unchanged(&before).await;
    let in_time = world.letter_for(&mut browser, JULIAN).await;
    world.wait(Duration::minutes(10) - Duration::milliseconds(1));
    world.browser().press(&in_time).await.assert_welcome();
}

/// Scanners and previews open every link, some by `HEAD`, some with the cookies of nobody, again and again.
pub(crate) async fn mail_03_a_scanner_opens_the_link_first(place: Place) {
    let world = Stage::new(place).mail().start().await;
    let mut reader = world.browser();
    let letter = world.letter_for(&mut reader, ANA).await;
    let before = world.snapshot().await;
    for method in ["GET", "HEAD", "GET", "OPTIONS"] {
        let answer = world.browser().send(Request::new(method, &letter.link)).await;
        assert!(!answer.sets_a_session(), "{answer:?}");
    }
    // Without the token of a page, a post does nothing, either.
    let form = [("email", &*letter.address), ("token", &*letter.token)];
    world.browser().send(Request::post(OPEN, &form)).await.assert_refused("MissingCSRF");
    world.assert_unchanged(&before).await;
    assert_eq!(reader.address().await, None);

    reader.press(&letter).await.assert_welcome();
    assert_eq!(reader.address().await.as_deref(), Some(ANA));
}

/// For another purpose, with another address, and after what should have ended it.
pub(crate) async fn mail_10_a_token_that_is_used_for_something_else(place: Place) {
    let world = Stage::new(place).mail().start().await;
    let mut browser = world.browser();
    let letter = world.letter_for(&mut browser, ANA).await;
    let before = world.snapshot().await;
    browser.confirm(JULIAN, &letter.token).await.assert_refused("Verification");
    let upside_down: String = letter.token.chars().rev().collect();
    browser.confirm(&letter.address, &upside_down).await.assert_refused("Verification");
    browser.type_code(&letter.token).await.assert_wrong_code();
    browser.confirm(&letter.address, &letter.code).await.assert_refused("Verification");
    assert_eq!(world.log.events("link.unknown").len(), 3);
    world.assert_unchanged(&before).await;
    // None of it has used the link up.
    browser.press(&letter).await.assert_welcome();

    let older = world.letter_for(&mut browser, JULIAN).await;
    let newer = world.letter_for(&mut browser, JULIAN).await;
    browser.press(&older).await.assert_refused("Verification");
    browser.press(&newer).await.assert_welcome();
    // A sign-in by the code ends the link, and the other way round.
    let both = world.letter_for(&mut browser, JULIAN).await;
    browser.type_code(&both.code).await.assert_welcome();
    browser.press(&both).await.assert_refused("Verification");
    assert!(matches_nothing_stored(&world.store.kept_hashes(), &both.token));
}

/// Only hashes are kept.
fn matches_nothing_stored(kept: &[String], token: &str) -> bool {
    !kept.is_empty() && kept.iter().all(|hash| hash.len() == 64 && hash != token)
}
