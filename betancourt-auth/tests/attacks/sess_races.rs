//! Sessions that end while something else happens to them: the result is always that of some order.
//!
//! One part of each row holds a request at the one dangerous moment; the other lets everybody loose at three servers,
//! each with a store of its own where the store is a database.

use betancourt_auth::store::UserStore as _;
use betancourt_auth_dev::Face;
use time::Duration;

use crate::support::{ANA, Browser, Place, Stage, World, at_once, rounds};

/// A sign-in is under way while all sessions are ended: the old ones are dead, the new one came after the cut or is
/// dead, too, and the next cut ends it.
pub(crate) async fn sess_07_everywhere_against_a_new_sign_in(place: Place) {
    let world = Stage::new(place).servers(3).start().await;
    let mut old = world.signed_in(Face::Google, ANA).await;
    let ana = world.store.user_by_email(ANA).await.unwrap().unwrap().id;

    let mut new = world.browser();
    let callback = new.begin_as(Face::Google, ANA).await;
    world.store.watch.before_session.hold();
    let signing_in = tokio::spawn(async move { (new.follow(&callback).await, new) });
    world.store.watch.before_session.reached().await;
    world.auth.sign_out_everywhere(&ana).await.unwrap();
    world.store.watch.before_session.release();
    let (answer, mut new) = signing_in.await.unwrap();
    answer.assert_welcome();
    // A stored session begins when it is written, a sealed one when it is drawn: here before the cut.
    let expected = if place.rows(1) == 0 { 401 } else { 200 };
    assert_eq!((old.knock().await, new.knock().await), (401, expected));

    for _ in 0..rounds() {
        let mut old = world.signed_in(Face::Google, ANA).await;
        let mut new = world.browser();
        let callback = new.begin_as(Face::Google, ANA).await;
        let (auth, ana) = (world.auth.clone(), ana.clone());
        let cut = tokio::spawn(async move { auth.sign_out_everywhere(&ana).await.unwrap() });
        new.door = 1;
        new.follow(&callback).await.assert_welcome();
        cut.await.unwrap();
        assert_eq!(old.knock().await, 401);
        let alive = new.clone().knock().await == 200;
        assert_eq!(world.snapshot().await.sessions.len(), place.rows(usize::from(alive)));
    }
    world.auth.sign_out_everywhere(&ana).await.unwrap();
    assert!(world.snapshot().await.sessions.is_empty());
}

/// A request renews a session while another one signs out: the session stays dead.
pub(crate) async fn sess_13_sign_out_against_renewal(place: Place) {
    let world = Stage::new(place).servers(3).start().await;
    let mut browser = due_for_renewal(&world).await;
    let mut renewing = browser.clone();
    world.store.watch.before_extension.hold();
    let renewal = tokio::spawn(async move { renewing.fetch("/auth/session").await });
    world.store.watch.before_extension.reached().await;
    browser.submit("/auth/signout", &[]).await;
    world.store.watch.before_extension.release();
    let answer = renewal.await.unwrap();
    assert_eq!((&*answer.body, answer.sets_a_session()), ("null", false), "{answer:?}");
    assert!(world.snapshot().await.sessions.is_empty());

    for _ in 0..rounds() {
        let browser = due_for_renewal(&world).await;
        let mut copy = browser.clone();
        let visitor = |number: usize| {
            let mut browser = browser.clone();
            browser.door = number % 3;
            async move {
                if number == 4 {
                    browser.submit("/auth/signout", &[]).await.status
                } else {
                    browser.fetch("/auth/session").await.status
                }
            }
        };
        let statuses = at_once((0..9).map(visitor)).await;
        assert!(statuses.iter().all(|status| matches!(status, 200 | 303)), "{statuses:?}");
        assert_eq!(copy.knock().await, 401);
        assert!(world.snapshot().await.sessions.is_empty());
    }

    let mut renewed = due_for_renewal(&world).await;
    assert!(renewed.fetch("/auth/session").await.sets_a_session());
}

/// A request seals a session anew while another one signs out: what comes of it is as dead as the one before.
pub(crate) async fn sess_13_sign_out_against_sealing_anew(place: Place) {
    let world = Stage::new(place).servers(3).start().await;
    for door in [0, 1] {
        let mut browser = due_for_renewal(&world).await;
        let mut renewing = browser.clone();
        renewing.door = door;
        world.store.watch.after_standing.hold();
        let renewal = tokio::spawn(async move {
            (renewing.fetch("/auth/session").await.sets_a_session(), renewing)
        });
        world.store.watch.after_standing.reached().await;
        browser.submit("/auth/signout", &[]).await;
        world.store.watch.after_standing.release();
        let (was_sealed, mut renewed) = renewal.await.unwrap();
        assert!(was_sealed);
        assert_eq!(renewed.knock().await, 401);
    }

    let mut browser = due_for_renewal(&world).await;
    let old = browser.clone();
    assert!(browser.fetch("/auth/session").await.sets_a_session());
    assert_ne!(browser.session(), old.session());
    browser.submit("/auth/signout", &[]).await;
    assert_eq!(old.clone().knock().await, 401, "the one before the renewal is the same session");
    assert_eq!(due_for_renewal(&world).await.knock().await, 200);
}

/// A role is taken away while a request renews the session: it stays taken away.
pub(crate) async fn sess_13_a_role_against_renewal(place: Place) {
    let world = Stage::new(place).servers(3).start().await;
    let mut browser = due_for_renewal(&world).await;
    let ana = world.store.user_by_email(ANA).await.unwrap().unwrap().id;
    world.auth.set_role(&ana, "ADMIN").await.unwrap();
    let mut renewing = browser.clone();
    world.store.watch.before_extension.hold();
    let renewal = tokio::spawn(async move { renewing.fetch("/auth/session").await });
    world.store.watch.before_extension.reached().await;
    world.auth.set_role(&ana, "CLIENT").await.unwrap();
    world.store.watch.before_extension.release();
    assert!(renewal.await.unwrap().sets_a_session());
    assert_eq!(world.store.user(&ana).await.unwrap().unwrap().role, "CLIENT");
    assert_eq!(browser.knock().await, 200);
}

/// Somebody who signed in the day before yesterday: the next request renews the session.
async fn due_for_renewal(world: &World) -> Browser {
    let browser = world.signed_in(Face::Google, ANA).await;
    world.wait(Duration::days(2));
    browser
}
