//! The list of one's own sessions: what it must not tell, whom it must not serve, and how fresh it is.

use betancourt_auth_dev::Face;
use time::Duration;

use crate::support::{ANA, Browser, JULIAN, Place, Stage, World};

const REVOKE: &str = "/auth/me/sessions/revoke";

async fn sessions(browser: &mut Browser) -> Vec<String> {
    let shown = browser.fetch("/auth/me/sessions").await.json();
    let all = shown["sessions"].as_array().unwrap();
    all.iter().map(|session| session["id"].as_str().unwrap().to_owned()).collect()
}

/// A session is ended at one server; another one has asked about it a moment ago. What a server may remember is what is
/// documented: sealed sessions for `recheck_after`, stored ones not at all, or for `cache_for` where that is set.
pub(crate) async fn sess_10_a_revoked_session_in_the_memory_of_another_server(place: Place) {
    let is_sealed = place.rows(1) == 0;
    revoke_elsewhere(place, Duration::ZERO, is_sealed).await;
    revoke_elsewhere(place, Duration::minutes(1), true).await;
}

async fn revoke_elsewhere(place: Place, cache_for: Duration, is_remembered: bool) {
    let minute = Duration::minutes(1);
    let world = Stage::new(place).servers(2).config(move |config| {
        config.session.recheck_after = minute;
        config.session.cache_for = cache_for;
    });
    let world = world.start().await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let mut stolen = world.signed_in(Face::Google, ANA).await;
    stolen.door = 1;
    assert_eq!(stolen.knock().await, 200);
    let listed = sessions(&mut browser).await;
    assert_eq!(listed.len(), 2);
    browser.submit(REVOKE, &[("id", &listed[1])]).await.assert_status(200);

    assert_eq!(stolen.clone().knock().await, if is_remembered { 200 } else { 401 });
    // Whatever is sensitive asks the store, at once.
    assert_eq!(stolen.clone().fetch("/auth/me/sessions").await.status, 401);
    assert_eq!(stolen.clone().fetch("/auth/me/accounts").await.status, 401);
    for route in [REVOKE, "/auth/me/accounts/unlink"] {
        let mut thief = stolen.clone();
        thief.submit(route, &[("id", &listed[0])]).await.assert_status(401);
    }
    world.wait(minute);
    assert_eq!(stolen.knock().await, 401);
    assert_eq!(browser.knock().await, 200);
}

/// The id of somebody else's session; and a list that is searched for anything that opens one.
pub(crate) async fn sess_11_a_session_of_somebody_else(place: Place) {
    let world = World::start(place).await;
    let mut victim = world.signed_in(Face::Google, ANA).await;
    let mut attacker = world.signed_in(Face::Google, JULIAN).await;
    let theirs = sessions(&mut victim).await.remove(0);
    let before = world.snapshot().await;
    for id in [theirs.as_str(), &victim.session().unwrap(), "", "%", "1"] {
        let answer = attacker.submit(REVOKE, &[("id", id)]).await;
        answer.assert_status(404);
        assert_eq!(answer.json()["error"], "NotFound");
    }
    let answer = attacker.submit("/auth/me/sessions/revoke-others", &[]).await;
    assert_eq!(answer.json()["ended"], 0);
    world.assert_unchanged(&before).await;
    assert_eq!(victim.knock().await, 200);

    let shown = victim.fetch("/auth/me/sessions").await.body;
    assert!(!shown.contains(&victim.session().unwrap()));
    for stored in world.store.stored_tokens().await {
        let (_, hash) = stored.split_once(':').unwrap();
        assert!(!shown.contains(hash), "what is stored stands in the list");
    }
    victim.submit(REVOKE, &[("id", &theirs)]).await.assert_status(200);
    assert_eq!(victim.knock().await, 401);
}
