//! Callbacks that say too much, too little, or it in the wrong way.

use std::sync::{Arc, Mutex};

use betancourt_auth_dev::{Callback, Endpoint, Face, Failure, ResponseMode, Tamper};

use crate::support::{ANA, From, JULIAN, Place, SANTIAGO, World, callback_request};

/// The provider says no, in words that would like to be shown. It ends this attempt; the one in another tab goes on.
pub(crate) async fn oauth_11_an_error_with_a_hostile_text(place: Place) {
    let world = World::start(place).await;
    let before = world.snapshot().await;
    let mut tabs = Vec::new();
    for error in ["access_denied", "server_error", "login_required"] {
        let (mut browser, mut stranger) = (world.browser(), world.browser());
        let in_another_tab = browser.begin_as(Face::Google, ANA).await;
        world.tamper(
            Face::Google,
            Tamper::callback(move |callback| {
                callback.set("error", error);
                callback.set("error_description", "<script>evil()</script>");
                callback.set("error_uri", "https://evil.example/help");
            }),
        );
        let authorize = browser.begin(Face::Google).await;
        let callback = world.net.lookalikes.fail(&authorize, Failure::Cancelled).await.unwrap();

        let unsolicited = stranger.follow(&callback).await;
        let answered = browser.follow(&callback).await;
        assert_eq!((unsolicited.clears().len(), answered.clears().len()), (0, 1));
        for answer in [unsolicited, answered] {
            answer.assert_refused("OAuthCallbackError");
            let page = browser.get(&answer.location()[url::Position::BeforePath..]).await;
            assert!(page.body.contains("The sign-in was not completed"), "{page:?}");
            assert!(!page.body.contains("evil"), "{page:?}");
        }
        world.net.lookalikes.behave(Face::Google);
        tabs.push((browser, in_another_tab));
    }
    assert_eq!(world.log.events("callback.provider_said").len(), 3);
    assert_eq!(world.log.events("callback.state_unknown").len(), 3);
    assert!(!world.log.text().contains("evil"));
    assert_eq!(world.token_requests(Face::Google), 0);
    world.assert_unchanged(&before).await;

    for (mut browser, in_another_tab) in tabs {
        browser.follow(&in_another_tab).await.assert_welcome();
    }
}

/// Which of two values counts would depend on who reads them: neither does.
pub(crate) async fn oauth_12_parameters_that_come_twice(place: Place) {
    let world = World::start(place).await;
    let before = world.snapshot().await;
    for (name, value) in
        [("code", "another"), ("state", "another"), ("error", "access_denied"), ("iss", "x")]
    {
        let mut browser = world.browser();
        let mut callback = browser.begin_as(Face::Google, ANA).await;
        callback.parameters.push((name.to_owned(), value.to_owned()));
        browser.follow(&callback).await.assert_refused("OAuthCallbackError");
    }
    for (name, value) in [("code", "another"), ("state", "another"), ("error", "access_denied")] {
        let mut browser = world.browser();
        let callback = browser.begin_as(Face::Apple, SANTIAGO).await;
        let mut split = callback_request(&callback);
        split.target.push_str(&format!("?{name}={value}"));
        browser.send(split).await.assert_refused("OAuthCallbackError");
    }
    assert_eq!(world.log.events("callback.parameter_repeated").len(), 7);
    assert_eq!(world.token_requests(Face::Google) + world.token_requests(Face::Apple), 0);
    world.assert_unchanged(&before).await;

    world.browser().sign_in(Face::Google, ANA).await;
    world.browser().sign_in(Face::Apple, SANTIAGO).await;
}

/// A form where a query was asked for, and the other way round: refused, and the attempt is still good.
pub(crate) async fn oauth_13_an_answer_by_the_wrong_method(place: Place) {
    let world = World::start(place).await;
    let faces =
        [(Face::Google, ANA, ResponseMode::FormPost), (Face::Apple, SANTIAGO, ResponseMode::Query)];
    for (face, person, wrong) in faces {
        let mut browser = world.browser();
        let callback = browser.begin_as(face, person).await;
        let before = world.snapshot().await;
        let mut turned = callback.clone();
        turned.response_mode = wrong;
        browser
            .send(callback_request(&turned).from(From::Us))
            .await
            .assert_refused("OAuthCallbackError");
        assert_eq!(world.token_requests(face), 0);
        world.assert_unchanged(&before).await;

        browser.follow(&callback).await.assert_welcome();
    }
    assert_eq!(world.log.events("callback.method_mismatch").len(), 2);
}

/// Apple posts from its own site: of all our cookies the attempt's alone may come along.
pub(crate) async fn oauth_14_an_answer_posted_across_sites(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.browser();
    let callback = browser.begin_as(Face::Apple, SANTIAGO).await;
    let (name, _) = browser.handshake().unwrap();
    let carried = browser.jar.header(&callback_request(&callback)).unwrap();
    assert!(carried.starts_with(&format!("{name}=")) && !carried.contains(';'), "{carried}");

    let mut without = browser.clone();
    without.jar.forget(&name);
    without.follow(&callback).await.assert_refused("OAuthCallbackError");
    world.log.refusal("callback.state_unknown", "apple");
    assert_eq!(world.token_requests(Face::Apple), 0);

    let answer = browser.follow(&callback).await;
    answer.assert_welcome();
    let session = answer.all("set-cookie").find(|cookie| cookie.contains("session-token")).unwrap();
    assert!(session.contains("SameSite=Lax"), "{session}");
    assert_eq!(browser.who().await.as_deref(), Some("Santiago Vélez"));

    // Where the provider answers by a redirect, the attempt's cookie stays at home, too.
    let mut at_google = world.browser();
    let answer = at_google.submit("/auth/signin/google", &[]).await;
    let handshake = answer.all("set-cookie").find(|cookie| cookie.contains("handshake")).unwrap();
    assert!(handshake.contains("SameSite=Lax"), "{handshake}");
}

/// Genuine tokens of Julián's, slipped into a callback: without a code they open nothing, beside one they mean nothing.
pub(crate) async fn oauth_15_tokens_in_the_callback(place: Place) {
    let world = World::start(place).await;
    let tokens = tokens_of_julian(&world).await;
    let with_tokens = |callback: &Callback| {
        let mut callback = callback.clone();
        callback.parameters.extend(tokens.clone());
        callback
    };
    for (face, person) in [(Face::Google, ANA), (Face::Apple, SANTIAGO)] {
        let (before, requests) = (world.snapshot().await, world.token_requests(face));
        let mut browser = world.browser();
        let mut callback = with_tokens(&browser.begin_as(face, person).await);
        callback.remove("code");
        browser.follow(&callback).await.assert_refused("OAuthCallbackError");
        assert_eq!(world.token_requests(face), requests);
        world.assert_unchanged(&before).await;
        assert_eq!(browser.who().await, None);

        let callback = with_tokens(&browser.begin_as(face, person).await);
        browser.follow(&callback).await.assert_welcome();
        assert_ne!(browser.who().await.as_deref(), Some("Julián Ortega"));
    }
    assert_eq!(world.log.events("callback.code_missing").len(), 2);
}

/// What Google's token endpoint gave for Julián.
async fn tokens_of_julian(world: &World) -> Vec<(String, String)> {
    let seen: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
    let copy = Arc::clone(&seen);
    let note = Tamper::json(Endpoint::Token, move |answer| {
        for name in ["id_token", "access_token", "token_type"] {
            copy.lock().unwrap().push((name.to_owned(), answer[name].as_str().unwrap().to_owned()));
        }
    });
    world.tamper(Face::Google, note);
    world.browser().sign_in(Face::Google, JULIAN).await;
    world.net.lookalikes.behave(Face::Google);
    let tokens = seen.lock().unwrap().clone();
    tokens.iter().for_each(|(_, token)| world.net.secrets.add(token));
    tokens
}
