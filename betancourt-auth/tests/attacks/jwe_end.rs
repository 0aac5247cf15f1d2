//! Sealed sessions after their end: at once where they were ended, within the stated time everywhere else.

use betancourt_auth::store::UserStore as _;
use betancourt_auth_dev::Face;
use time::Duration;

use crate::support::{ANA, Browser, JULIAN, Place, Request, Stage, World};

/// Two servers that ask the store about a session once a minute.
async fn two_servers(place: Place) -> World {
    let minute = Duration::minutes(1);
    let stage = Stage::new(place).servers(2);
    stage.config(move |config| config.session.recheck_after = minute).start().await
}

/// A copy of the cookie, after signing out, after signing out everywhere, and after the user was deleted.
pub(crate) async fn jwe_07_a_copy_after_the_end(place: Place) {
    let world = two_servers(place).await;
    let mut neighbour = world.signed_in(Face::Google, JULIAN).await;
    for end in ["sign-out", "everywhere", "deleted"] {
        let mut browser = world.signed_in(Face::Google, ANA).await;
        let mut other_device = world.signed_in(Face::Google, ANA).await;
        let mut elsewhere = browser.clone();
        elsewhere.door = 1;
        assert_eq!((browser.clone().knock().await, elsewhere.knock().await), (200, 200));

        let copy = browser.clone();
        let ana = world.store.user_by_email(ANA).await.unwrap().unwrap().id;
        match end {
            "sign-out" => drop(browser.submit("/auth/signout", &[]).await),
            "everywhere" => drop(world.auth.sign_out_everywhere(&ana).await.unwrap()),
            _ => assert!(world.auth.delete_user(&ana).await.unwrap()),
        }
        assert_eq!(copy.clone().knock().await, 401, "{end}: at once where it was ended");
        let same_session = elsewhere.clone();
        world.wait(Duration::seconds(61));
        assert_eq!(same_session.clone().knock().await, 401, "{end}: within a minute elsewhere");
        let expected = if end == "sign-out" { 200 } else { 401 };
        assert_eq!(other_device.knock().await, expected, "{end}: the other device");
        assert_eq!(neighbour.knock().await, 200, "{end}: somebody else");
    }
    a_renewal_asks_at_once(place).await;
}

/// Within the minute another server may still believe in the session, but it never makes it live longer.
async fn a_renewal_asks_at_once(place: Place) {
    let world = two_servers(place).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    world.wait(Duration::days(1) - Duration::seconds(30));
    let mut elsewhere = browser.clone();
    elsewhere.door = 1;
    assert!(!elsewhere.fetch("/dashboard").await.sets_a_session());
    browser.submit("/auth/signout", &[]).await;
    assert_eq!(elsewhere.clone().knock().await, 200, "the stated time is in use");
    world.wait(Duration::seconds(40));
    assert_eq!(elsewhere.fetch("/dashboard").await.status, 401);
}

/// A role is what the store says at this moment, whatever a server has in mind.
pub(crate) async fn jwe_07_a_role_that_was_taken_away(place: Place) {
    let world = two_servers(place).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    browser.door = 1;
    let ana = world.store.user_by_email(ANA).await.unwrap().unwrap().id;
    let status =
        async |browser: &mut Browser| browser.send(Request::get("/admin").by_script()).await.status;
    assert_eq!(status(&mut browser).await, 403);
    for (role, expected) in [("ADMIN", 200), ("CLIENT", 403), ("ADMIN", 200)] {
        world.auth.set_role(&ana, role).await.unwrap();
        assert_eq!(status(&mut browser).await, expected, "{role}");
    }
    world.auth.sign_out_everywhere(&ana).await.unwrap();
    assert_eq!(status(&mut browser).await, 401);
}
