//! Answers of a provider that this browser never asked for.

use betancourt_auth_dev::{Callback, Face};

use crate::support::{ANA, JULIAN, Place, World};

/// A code without a `state`, and one with a `state` that this browser has no attempt for.
pub(crate) async fn oauth_01_an_answer_that_nobody_asked_for(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.browser();
    let genuine = browser.begin_as(Face::Google, ANA).await;
    let before = world.snapshot().await;

    let without = |callback: &Callback, name| {
        let mut callback = callback.clone();
        callback.remove(name);
        callback
    };
    browser.follow(&without(&genuine, "state")).await.assert_refused("OAuthCallbackError");
    world.log.refusal("callback.state_missing", "google");
    world.browser().follow(&genuine).await.assert_refused("OAuthCallbackError");
    world.log.refusal("callback.state_unknown", "google");

    assert_eq!(world.token_requests(Face::Google), 0);
    world.assert_unchanged(&before).await;
    browser.follow(&genuine).await.assert_welcome();
    assert_eq!(browser.who().await.as_deref(), Some("Ana Restrepo"));
}

/// Login CSRF: the attacker stops before his own callback and lets the victim's browser open it.
pub(crate) async fn oauth_02_an_attackers_answer_in_a_victims_browser(place: Place) {
    let world = World::start(place).await;
    let mut attacker = world.browser();
    let of_attacker = attacker.begin_as(Face::Google, JULIAN).await;
    let mut signed_in = world.signed_in(Face::Google, ANA).await;
    let mut at_the_provider = world.browser();
    let pending = at_the_provider.begin_as(Face::Google, ANA).await;
    let (before, requests) = (world.snapshot().await, world.token_requests(Face::Google));

    for victim in [&mut world.browser(), &mut signed_in, &mut at_the_provider] {
        let was = victim.who().await;
        victim.follow(&of_attacker).await.assert_refused("OAuthCallbackError");
        assert_eq!(victim.who().await, was);
    }
    assert_eq!(world.log.events("callback.state_unknown").len(), 3);
    assert_eq!(world.token_requests(Face::Google), requests);
    world.assert_unchanged(&before).await;

    at_the_provider.follow(&pending).await.assert_welcome();
    attacker.follow(&of_attacker).await.assert_welcome();
    assert_eq!(attacker.who().await.as_deref(), Some("Julián Ortega"));
}
