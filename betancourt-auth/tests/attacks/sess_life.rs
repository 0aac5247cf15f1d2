//! How long a session lives, and that nothing of it lives on.

use betancourt_auth::UserId;
use betancourt_auth::store::UserStore as _;
use betancourt_auth_dev::Face;
use time::Duration;

use crate::support::{ANA, Browser, CAMILA, JULIAN, Place, Stage, World, in_full};

const DAY: Duration = Duration::days(1);

/// A session that nobody uses ends after 30 days; one that is used all the time ends at its absolute end.
pub(crate) async fn sess_06_idle_and_absolute_ends(place: Place) {
    let world =
        Stage::new(place).config(|config| config.session.absolute_age = DAY * 35).start().await;
    let (mut idle, mut busy) =
        (world.signed_in(Face::Google, JULIAN).await, world.signed_in(Face::Google, ANA).await);
    let step = if in_full() { Duration::minutes(1) } else { Duration::hours(2) };
    let mut age = Duration::ZERO;
    while age + step < DAY * 35 {
        world.wait(step);
        age += step;
        assert_eq!(busy.knock().await, 200, "after {age}");
    }
    assert_eq!(idle.clone().knock().await, 401);
    assert_eq!(idle.fetch("/auth/session").await.clears().len(), 1);
    let rows = world.snapshot().await.sessions.len();
    assert_eq!(rows, place.rows(1), "the row of the idle one is gone");

    world.wait(DAY * 35 - age);
    while age < DAY * 40 {
        assert_eq!(busy.knock().await, 401, "after {age}");
        world.wait(DAY);
        age += DAY;
    }
    assert!(world.snapshot().await.sessions.is_empty());

    let mut rare = world.signed_in(Face::Google, ANA).await;
    world.wait(DAY * 30 - Duration::minutes(1));
    assert_eq!(rare.knock().await, 200);
}

/// A copy of the cookie after signing out, after the end, and after signing out everywhere.
pub(crate) async fn sess_07_a_cookie_after_its_end(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let mut copy = browser.clone();
    assert_eq!(copy.knock().await, 200);
    let answer = browser.submit("/auth/signout", &[]).await;
    assert_eq!(answer.header("clear-site-data"), Some("\"cache\""));
    assert_is_dead(&mut copy).await;
    assert_eq!(browser.session(), None);

    // A sealed one is read until no clock of ours can take it for alive.
    let mut expiring = world.signed_in(Face::Google, ANA).await;
    world.wait(DAY * 30 + Duration::seconds(15));
    assert_is_dead(&mut expiring).await;

    let mut devices =
        [world.signed_in(Face::Google, ANA).await, world.signed_in(Face::Google, ANA).await];
    let mut neighbour = world.signed_in(Face::Google, JULIAN).await;
    let ended = world.auth.sign_out_everywhere(&id_of(&world, ANA).await).await.unwrap();
    assert_eq!(ended, place.rows(2) as u64);
    for device in &mut devices {
        assert_is_dead(device).await;
    }
    assert_eq!(neighbour.knock().await, 200);
    assert_eq!(world.signed_in(Face::Google, ANA).await.knock().await, 200);
}

async fn assert_is_dead(browser: &mut Browser) {
    let mut copy = browser.clone();
    assert_eq!(copy.knock().await, 401);
    assert_eq!(browser.who().await, None);
    assert_eq!(browser.session(), None, "the cookie is still there");
}

async fn id_of(world: &World, email: &str) -> UserId {
    world.store.user_by_email(email).await.unwrap().unwrap().id
}

/// A user is deleted who is signed in twice and about to link an account.
pub(crate) async fn sess_08_a_deleted_user(place: Place) {
    let world = World::start(place).await;
    for deleted in [false, true] {
        let mut devices =
            [world.signed_in(Face::Google, ANA).await, world.signed_in(Face::Google, ANA).await];
        let pending = devices[1].begin_as(Face::Facebook, CAMILA).await;
        if deleted {
            assert!(world.auth.delete_user(&id_of(&world, ANA).await).await.unwrap());
            assert_eq!(world.snapshot().await, Default::default(), "something is left");
            devices[1].follow(&pending).await.assert_refused("OAuthCallbackError");
            world.log.refusal("callback.session_changed", "facebook");
            assert_eq!(world.snapshot().await, Default::default(), "something came back");
        } else {
            devices[1].follow(&pending).await.assert_welcome();
        }
        for device in &mut devices {
            assert_eq!(device.knock().await, if deleted { 401 } else { 200 });
        }
    }
    assert_eq!(
        world.signed_in(Face::Google, ANA).await.who().await.as_deref(),
        Some("Ana Restrepo")
    );
}

/// One account signs in again and again: the newest ten sessions stay.
pub(crate) async fn sess_09_more_sessions_than_one_keeps(place: Place) {
    let world = World::start(place).await;
    let (kept, sign_ins) = (10, if in_full() { 500 } else { 25 });
    let mut neighbour = world.signed_in(Face::Google, JULIAN).await;
    let mut browsers = Vec::new();
    for _ in 0..sign_ins {
        world.wait(Duration::seconds(1));
        browsers.push(world.signed_in(Face::Google, ANA).await);
        assert!(world.snapshot().await.sessions.len() <= kept + 1);
    }
    for (number, browser) in browsers.iter_mut().enumerate() {
        let expected = if number < sign_ins - kept { 401 } else { 200 };
        assert_eq!(browser.knock().await, expected, "sign-in {number} of {sign_ins}");
    }
    assert_eq!(world.log.events("session.evicted").len(), sign_ins - kept);
    assert_eq!(neighbour.knock().await, 200);
}
