//! A code in a mail: how often it may be guessed, and in which browser it counts.

use crate::support::{ANA, CAMILA, JULIAN, Place, Stage, at_once};

/// Whoever guesses has five tries, however many of them come at once; a link cannot be guessed at all.
pub(crate) async fn mail_02_a_code_that_is_guessed(place: Place) {
    let world = Stage::new(place).mail().servers(3).start().await;
    let mut browser = world.browser();
    let letter = world.letter_for(&mut browser, ANA).await;
    assert!(letter.token.len() * 4 >= 128 && letter.code.replace(' ', "").len() == 8);
    let before = world.snapshot().await;
    let guess = |number: usize| {
        let mut browser = browser.clone();
        browser.door = number % 3;
        async move { browser.type_code(&format!("{:08}", number * 7)).await }
    };
    let answers = at_once((0..30).map(guess)).await;
    let tried = answers.iter().filter(|answer| answer.status == 303).count();
    assert_eq!(tried, 5);
    for answer in &answers {
        if answer.status == 303 { answer.assert_wrong_code() } else { answer.assert_status(429) }
    }
    // The right one comes too late.
    browser.type_code(&letter.code).await.assert_status(429);
    world.assert_unchanged(&before).await;

    let mut browser = world.browser();
    let letter = world.letter_for(&mut browser, ANA).await;
    browser.type_code("00000000").await.assert_wrong_code();
    browser.type_code(&letter.code).await.assert_welcome();
}

/// An attacker asks for a mail to the victim, and hopes that the victim's click lets the attacker in; or sends the victim
/// a link of the attacker's own.
pub(crate) async fn mail_04_a_link_asked_for_by_somebody_else(place: Place) {
    let world = Stage::new(place).mail().start().await;
    let (mut attacker, mut victim) = (world.browser(), world.browser());
    let letter = world.letter_for(&mut attacker, ANA).await;
    victim.press(&letter).await.assert_welcome();
    assert_eq!(victim.address().await.as_deref(), Some(ANA));
    assert_eq!((attacker.address().await, attacker.session()), (None, None));

    // The code counts in the browser that asked, not in another one, even if that asked, too.
    let letter = world.letter_for(&mut attacker, ANA).await;
    let mut stranger = world.browser();
    stranger.type_code(&letter.code).await.assert_wrong_code();
    world.letter_for(&mut stranger, JULIAN).await;
    stranger.type_code(&letter.code).await.assert_wrong_code();
    assert_eq!(stranger.address().await, None);
    // Not even where that asked for the same address: each mail has a browser of its own.
    world.letter_for(&mut stranger, CAMILA).await;
    let newer = world.letter_for(&mut attacker, CAMILA).await;
    stranger.type_code(&newer.code).await.assert_wrong_code();
    attacker.type_code(&newer.code).await.assert_welcome();

    // The page names whose link it is, and nothing happens before the button.
    let own = world.letter_for(&mut attacker, JULIAN).await;
    let page = victim.get(&own.link).await;
    assert!(page.body.contains(JULIAN), "{page:?}");
    assert_eq!(victim.address().await.as_deref(), Some(ANA));

    let letter = world.letter_for(&mut stranger, JULIAN).await;
    stranger.type_code(&letter.code).await.assert_welcome();
}
