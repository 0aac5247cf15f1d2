//! An attempt ends once, and in time.

use betancourt_auth_dev::{Face, Person};
use time::Duration;

use crate::support::{ANA, Answer, Place, Stage, World, at_once, rounds};

/// From the history, the back button, or somebody's log: the same address once more, with its cookie and without.
pub(crate) async fn oauth_03_the_same_callback_twice(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.browser();
    let callback = browser.begin_as(Face::Google, ANA).await;
    let mut copy = browser.clone();

    browser.follow(&callback).await.assert_welcome();
    let after = world.snapshot().await;
    browser.follow(&callback).await.assert_refused("OAuthCallbackError");
    copy.follow(&callback).await.assert_refused("OAuthCallbackError");

    world.log.refusal("callback.replayed", "google");
    assert_eq!(world.token_requests(Face::Google), 1);
    world.assert_unchanged(&after).await;
    assert_eq!(after.sessions.len(), place.rows(1));
    assert_eq!(browser.who().await.as_deref(), Some("Ana Restrepo"));
}

/// A double click, fifty times over and at three servers.
pub(crate) async fn oauth_04_the_same_callback_fifty_times_at_once(place: Place) {
    let address = |number: usize| format!("singer-{number}@choir.example");
    let singer = |number| {
        Person::new(&format!("1{number:020}"), "Singer", "Sin Nombre").with_email(&address(number))
    };
    let choir = (0..rounds()).map(singer).collect();
    let world = Stage::new(place).servers(3).people(Face::Google, choir).start().await;
    for round in 0..rounds() {
        let mut browser = world.browser();
        let callback = browser.begin_as(Face::Google, &address(round)).await;
        let click = |number: usize| {
            let (mut browser, callback) = (browser.clone(), callback.clone());
            browser.door = number % 3;
            async move { browser.follow(&callback).await }
        };
        let answers = at_once((0..50).map(click)).await;

        let (welcome, refused): (Vec<_>, Vec<_>) =
            answers.into_iter().partition(Answer::sets_a_session);
        assert_eq!(welcome.len(), 1, "round {round}");
        welcome[0].assert_welcome();
        refused.iter().for_each(|answer| answer.assert_refused("OAuthCallbackError"));
        assert_eq!(world.token_requests(Face::Google), round + 1);
        let after = world.snapshot().await;
        assert_eq!(
            (after.users.len(), after.accounts.len(), after.sessions.len()),
            (round + 1, round + 1, place.rows(round + 1))
        );
    }
}

/// Ten minutes are enough for anybody.
pub(crate) async fn oauth_05_an_attempt_that_is_too_old(place: Place) {
    let world = World::start(place).await;
    let (mut late, mut in_time) = (world.browser(), world.browser());
    let (to_late, to_in_time) = (late.begin(Face::Google).await, in_time.begin(Face::Google).await);
    let before = world.snapshot().await;

    world.wait(Duration::minutes(10) - Duration::seconds(15));
    let callback = world.net.approve(&to_in_time, ANA).await;
    let requests = world.token_requests(Face::Google);
    let too_late = world.net.approve(&to_late, ANA).await;
    world.wait(Duration::seconds(15));
    late.follow(&too_late).await.assert_refused("OAuthCallbackError");
    world.log.refusal("callback.transaction_expired", "google");
    assert_eq!(world.token_requests(Face::Google), requests);
    world.assert_unchanged(&before).await;

    world.wait(Duration::seconds(-15));
    in_time.follow(&callback).await.assert_welcome();
}
