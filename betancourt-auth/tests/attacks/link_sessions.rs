//! Sessions and attempts swapped under somebody who links an account.

use betancourt_auth_dev::{Callback, Face, Tamper};
use time::Duration;

use crate::support::{
    ANA, Browser, CAMILA, JULIAN, Place, SANTIAGO, Stage, World, at_once, rounds,
};

const SESSION: &str = "__Secure-authjs.session-token";
const UNLINK: &str = "/auth/me/accounts/unlink";

/// Somebody who is signed in links an account that is another's.
pub(crate) async fn link_07_an_account_of_somebody_else(place: Place) {
    let world = World::start(place).await;
    world.signed_in(Face::Facebook, CAMILA).await;
    let mut browser = world.signed_in(Face::Google, JULIAN).await;
    let before = world.snapshot().await;
    let callback = browser.begin_as(Face::Facebook, CAMILA).await;
    let answer = browser.follow(&callback).await;
    answer.assert_refused("OAuthAccountNotLinked");
    let told = format!("{answer:?}").to_lowercase();
    assert!(!told.contains("camila") && !told.contains("rojas"), "{told}");
    world.log.refusal("link.account_not_linked", "facebook");
    world.assert_unchanged(&before).await;
    assert_eq!(browser.who().await.as_deref(), Some("Julián Ortega"));

    browser.sign_in(Face::Apple, SANTIAGO).await;
    assert_eq!(world.snapshot().await.accounts.len(), 3);
}

/// Begun by one user and finished in the session of another; a half-finished attempt sent to somebody; and a session of
/// the attacker's own, as fresh as can be, in the victim's browser.
pub(crate) async fn link_08_an_attempt_and_a_session_of_different_people(place: Place) {
    let world = World::start(place).await;
    let mut attacker = world.signed_in(Face::Google, JULIAN).await;
    let mut victim = world.signed_in(Face::Google, ANA).await;
    let before = world.snapshot().await;

    let mut swapped = victim.clone();
    let callback = swapped.begin_as(Face::Facebook, CAMILA).await;
    swapped.jar.forget(SESSION);
    swapped.jar.plant(SESSION, &attacker.session().unwrap());
    swapped.follow(&callback).await.assert_refused("OAuthCallbackError");
    world.log.refusal("callback.session_changed", "facebook");

    let half_finished = attacker.begin_as(Face::Facebook, CAMILA).await;
    victim.follow(&half_finished).await.assert_refused("OAuthCallbackError");
    world.log.refusal("callback.state_unknown", "facebook");
    world.assert_unchanged(&before).await;

    // The victim was not signed in, and has been to a page of ours: the CSRF cookie is the victim's own.
    for been_here in [false, true] {
        let mut planted = world.browser();
        if been_here {
            planted.fetch("/auth/csrf").await;
        }
        planted.jar.plant(SESSION, &attacker.session().unwrap());
        let callback = planted.begin_as(Face::Facebook, CAMILA).await;
        planted.follow(&callback).await.assert_refused("ReauthRequired");
        world.assert_unchanged(&before).await;
    }

    victim.sign_in(Face::Facebook, CAMILA).await;
    assert_eq!(victim.who().await.as_deref(), Some("Ana Restrepo"));
    assert_eq!(attacker.who().await.as_deref(), Some("Julián Ortega"));
    assert_eq!(world.snapshot().await.accounts.len(), 3);
}

/// What proves one subject at a provider is used for another subject there.
pub(crate) async fn link_09_a_proof_for_another_subject(place: Place) {
    let world = World::start(place).await;
    world.tamper(Face::Google, Tamper::without_pkce());
    let mut browser = world.signed_in(Face::Facebook, CAMILA).await;
    let before = world.snapshot().await;
    let mine = browser.begin_as(Face::Google, ANA).await;
    let other = browser.begin_as(Face::Google, JULIAN).await;
    browser.follow(&with_code_of(&mine, &other)).await.assert_refused("OAuthCallbackError");
    world.log.refusal("id_token.nonce", "google");
    // The attempt is over, whichever subject comes with it.
    browser.follow(&mine).await.assert_refused("OAuthCallbackError");
    world.assert_unchanged(&before).await;

    let mine = browser.begin_as(Face::Google, ANA).await;
    browser.follow(&mine).await.assert_welcome();
    browser.follow(&mine).await.assert_refused("OAuthCallbackError");
    let accounts = world.snapshot().await.accounts;
    assert_eq!(accounts.len(), 2);
    assert!(accounts.iter().any(|row| row.contains("104729318650274913867")), "{accounts:?}");
}

fn with_code_of(callback: &Callback, other: &Callback) -> Callback {
    let mut callback = callback.clone();
    callback.set("code", other.value("code").unwrap());
    callback
}

/// The last way in, and the last two at the same moment.
pub(crate) async fn link_10_the_last_way_in(place: Place) {
    let world = Stage::new(place).servers(3).start().await;
    for round in 0..rounds() {
        let mut browser = world.signed_in(Face::Google, ANA).await;
        if round == 0 {
            let ids = accounts(&mut browser).await;
            let answer = browser.submit(UNLINK, &[("id", &ids[0])]).await;
            answer.assert_status(409);
            assert_eq!(answer.json()["error"], "LastWayIn");
        }
        world.wait(Duration::seconds(1));
        browser.sign_in(Face::Facebook, CAMILA).await;
        let ids = accounts(&mut browser).await;
        let form = browser.form(&[]).await;
        let unlink = |(door, id): (usize, String)| {
            let (mut browser, token) = (browser.clone(), form[0].1.clone());
            browser.door = door;
            let form = [("id", id.as_str()), ("csrfToken", token.as_str())];
            let request = crate::support::Request::post(UNLINK, &form);
            async move { browser.send(request).await.status }
        };
        let mut statuses = at_once(ids.into_iter().enumerate().map(unlink)).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        assert_eq!(world.snapshot().await.accounts.len(), 1, "one is left");

        // Whichever it is, it is a way in.
        let left = accounts(&mut browser).await;
        assert_eq!(left.len(), 1);
        let provider =
            browser.fetch("/auth/me/accounts").await.json()["accounts"][0]["provider"].clone();
        let way = if provider == "google" { (Face::Google, ANA) } else { (Face::Facebook, CAMILA) };
        let mut again = world.signed_in(way.0, way.1).await;
        assert_eq!(again.who().await.as_deref(), Some("Ana Restrepo"));
        let id = world.auth.visit(&headers(&again)).await.unwrap().into_session().unwrap().user.id;
        world.auth.delete_user(&id).await.unwrap();
    }
}

async fn accounts(browser: &mut Browser) -> Vec<String> {
    let shown = browser.fetch("/auth/me/accounts").await.json();
    let all = shown["accounts"].as_array().unwrap();
    all.iter().map(|account| account["id"].as_str().unwrap().to_owned()).collect()
}

fn headers(browser: &Browser) -> http::HeaderMap {
    let cookie = format!("{SESSION}={}", browser.session().unwrap());
    http::HeaderMap::from_iter([(http::header::COOKIE, cookie.parse().unwrap())])
}

/// A stolen session of yesterday changes what its owner signs in with.
pub(crate) async fn link_14_a_stolen_session_of_yesterday(place: Place) {
    let world = World::start(place).await;
    let mut owner = world.signed_in(Face::Google, ANA).await;
    owner.sign_in(Face::Facebook, CAMILA).await;
    world.wait(Duration::hours(25));
    let mut thief = owner.clone();
    assert_eq!(thief.who().await.as_deref(), Some("Ana Restrepo"));
    let mut owner = thief.clone();
    let before = world.snapshot().await;
    let ids = accounts(&mut thief).await;
    for id in &ids {
        let answer = thief.submit(UNLINK, &[("id", id)]).await;
        answer.assert_status(403);
        assert_eq!(answer.json()["error"], "ReauthRequired");
    }
    let callback = thief.begin_as(Face::Apple, SANTIAGO).await;
    thief.follow(&callback).await.assert_refused("ReauthRequired");
    world.assert_unchanged(&before).await;

    owner.sign_in(Face::Google, ANA).await;
    owner.submit(UNLINK, &[("id", &ids[1])]).await.assert_status(200);
    owner.sign_in(Face::Apple, SANTIAGO).await;
    assert_eq!(world.snapshot().await.accounts.len(), 2);
}
