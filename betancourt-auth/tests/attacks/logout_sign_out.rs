//! Signing out: nobody can make others do it, and nothing at a provider can stop it here.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use betancourt_auth::http_client::{BundledClient, HttpClient, Unreachable};
use betancourt_auth_dev::{Endpoint, Face, Tamper};
use bytes::Bytes;
use http::StatusCode;
use serde_json::json;
use time::Duration;
use tokio::time::timeout;
use url::Url;

use crate::support::forger::claims_of;
use crate::support::herald::{END_SESSION, Herald, issuer_and_audience};
use crate::support::{
    ANA, Answer, Browser, CAMILA, From, JULIAN, Place, Request, Stage, World, at_google,
};

/// Longer than anybody should wait, however busy this machine is.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

fn asks_for_it(place: Place) -> Stage {
    Stage::new(place).config(at_google(|registration| registration.sign_out_at_provider = true))
}

/// Links, images, frames and forms of other sites, and forms with somebody else's token.
pub(crate) async fn logout_01_a_sign_out_that_another_site_begins(place: Place) {
    let (world, _) = Herald::start_on(asks_for_it(place)).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let mut attacker = world.signed_in(Face::Google, JULIAN).await;
    let (issuer, _) = issuer_and_audience(&world);
    let before = world.snapshot().await;
    let token = browser.form(&[]).await.remove(0).1;
    let theirs = attacker.form(&[]).await.remove(0).1;
    for target in [
        "/auth/signout".to_owned(),
        "/auth/signout?callbackUrl=%2F".to_owned(),
        format!("/auth/signout?csrfToken={token}"),
        "/auth/signed-out".to_owned(),
        "/auth/signed-out?state=anything".to_owned(),
        "/auth/backchannel-logout/google".to_owned(),
        "/auth/frontchannel-logout/google".to_owned(),
        format!("/auth/frontchannel-logout/google?iss={issuer}&sid=guessed-by-an-attacker"),
    ] {
        for from in [From::AnotherSite, From::Inside] {
            for method in ["GET", "HEAD", "PUT", "DELETE"] {
                let answer = browser.send(Request::new(method, &target).from(from)).await;
                let gone = answer.clears().iter().any(|name| name.contains("session-token"));
                assert!(!gone, "{method} {target}: {answer:?}");
                assert_eq!(browser.knock().await, 200, "{method} {target}");
            }
        }
    }
    // The pages above gave the browser another token: only with the one it has now, nothing but the rest can stop a post.
    let token = browser.form(&[]).await.remove(0).1;
    let genuine = [("csrfToken", token.as_str()), ("callbackUrl", "/")];
    for request in [
        Request::post("/auth/signout", &[]).from(From::AnotherSite),
        Request::post("/auth/signout", &genuine).from(From::AnotherSite),
        Request::post("/auth/signout", &genuine).header("origin", "https://evil.example"),
        Request::post("/auth/signout", &[("csrfToken", &theirs)]),
        Request::post("/auth/signout", &[("csrfToken", "")]),
        Request::post(&format!("/auth/signout?csrfToken={token}"), &[]),
    ] {
        let answer = browser.clone().send(request.clone()).await;
        answer.assert_refused("MissingCSRF");
        let by_client = request.header("x-auth-return-redirect", "1");
        let answer = browser.clone().send(by_client).await;
        let url = answer.json()["url"].as_str().unwrap().to_owned();
        assert!(url.contains("error=MissingCSRF"), "{url}");
        assert_eq!(browser.knock().await, 200);
    }
    world.assert_unchanged(&before).await;

    let answer = browser.submit("/auth/signout", &[("callbackUrl", "/")]).await;
    assert_eq!(answer.status, 303, "{answer:?}");
    assert_eq!((browser.knock().await, attacker.knock().await), (401, 200));
}

/// Where somebody who signs out is sent on to: the provider's own place, with all that it has to know.
fn assert_leads_to_the_provider(world: &World, answer: &Answer) -> Url {
    assert_eq!(answer.status, 303, "{answer:?}");
    let to = answer.location();
    let expected = world.net.lookalikes.url().join(END_SESSION).unwrap();
    assert_eq!(to[..url::Position::AfterPath], expected[..]);
    let value = |name: &str| value(&to, name);
    let (issuer, audience) = issuer_and_audience(world);
    assert_eq!(value("client_id").unwrap(), audience);
    let back = format!("{}/auth/signed-out", world.net.origin);
    assert_eq!(value("post_logout_redirect_uri").unwrap(), back);
    let hint = claims_of(&value("id_token_hint").unwrap());
    assert_eq!((&hint["iss"], &hint["aud"]), (&json!(issuer), &json!(audience)));
    to
}

fn value(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

/// The way back from the provider: another site sends the browser.
async fn back(browser: &mut Browser, query: &str) -> Answer {
    let request = Request::get(&format!("/auth/signed-out{query}"));
    browser.send(request.from(From::AnotherSite)).await
}

/// A provider that is down, slow, or without a place to sign out at; and ways back that are not the browser's own.
pub(crate) async fn logout_02_a_provider_that_is_down_or_sends_back_another_state(place: Place) {
    let (world, _) = Herald::start_on(asks_for_it(place)).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let mut stolen = browser.clone();
    let answer = browser.submit("/auth/signout", &[("callbackUrl", "/goodbye")]).await;
    let to = assert_leads_to_the_provider(&world, &answer);
    // Here it is over before the provider knows of it.
    assert_eq!((browser.knock().await, stolen.knock().await), (401, 401));
    let state = value(&to, "state").unwrap();

    let nobody = &mut world.browser();
    for query in [
        String::new(),
        "?state=".to_owned(),
        "?state=another".to_owned(),
        format!("?state={state}&state={state}"),
        format!("?state={state}x"),
        "?state=another&callbackUrl=https%3A%2F%2Fevil.test".to_owned(),
    ] {
        for browser in [&mut browser, &mut *nobody] {
            let answer = back(browser, &query).await;
            answer.assert_status(200);
            assert!(answer.body.contains("You are signed out"), "{answer:?}");
            assert_eq!(answer.all("set-cookie").count(), 0, "{answer:?}");
        }
    }
    // Another browser's way back is nobody else's.
    back(nobody, &format!("?state={state}")).await.assert_status(200);
    let answer = back(&mut browser.clone(), &format!("?state={state}")).await;
    assert_eq!(answer.location().as_str(), format!("{}/goodbye", world.net.origin));
    assert_eq!(answer.clears(), ["__Host-authjs.sign-out"]);
    world.wait(Duration::minutes(10));
    back(&mut browser, &format!("?state={state}")).await.assert_status(200);

    it_leads_only_where_it_may(&world).await;
    a_session_of_another_way(&world).await;
    it_is_down(&world).await;
    it_is_slow(place).await;
}

/// Foreign addresses to return to become our own, by way of the provider, too; scripts are told where to go.
async fn it_leads_only_where_it_may(world: &World) {
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let form = [("callbackUrl", "https://evil.test/")];
    let answer = browser.submit("/auth/signout", &form).await;
    let to = assert_leads_to_the_provider(world, &answer);
    let answer = back(&mut browser, &format!("?state={}", value(&to, "state").unwrap())).await;
    assert_eq!(answer.location().as_str(), format!("{}/", world.net.origin));

    let mut browser = world.signed_in(Face::Google, ANA).await;
    let form = browser.form(&[("callbackUrl", "/goodbye")]).await;
    let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    let post = Request::post("/auth/signout", &form).header("x-auth-return-redirect", "1");
    let answer = browser.send(post.by_script()).await;
    answer.assert_status(200);
    let to = Url::parse(answer.json()["url"].as_str().unwrap()).unwrap();
    assert!(to.path().ends_with(END_SESSION), "{to}");
    assert_eq!(browser.knock().await, 401);
    let answer = back(&mut browser, &format!("?state={}", value(&to, "state").unwrap())).await;
    assert_eq!(answer.location().path(), "/goodbye");

    // Whoever is still signed in is not told that they are not.
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let answer = back(&mut browser, "?state=another").await;
    assert_eq!(answer.location().path(), "/auth/signout");
    assert_eq!(browser.knock().await, 200);
}

/// Who came another way, or not at all, leaves without a detour.
async fn a_session_of_another_way(world: &World) {
    let mut facebook = world.signed_in(Face::Facebook, CAMILA).await;
    for browser in [&mut facebook, &mut world.browser()] {
        let answer = browser.submit("/auth/signout", &[("callbackUrl", "/goodbye")]).await;
        assert_eq!(answer.location().as_str(), format!("{}/goodbye", world.net.origin));
        assert_eq!(browser.knock().await, 401);
    }
}

/// The provider's documents cannot be read any more: the session ends all the same.
async fn it_is_down(world: &World) {
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let mut later = world.signed_in(Face::Google, ANA).await;
    world.wait(Duration::hours(25)); // what was read of the provider has become too old
    let down = Tamper::answer(Endpoint::Discovery, |answer| {
        answer.status = StatusCode::SERVICE_UNAVAILABLE;
    });
    world.tamper(Face::Google, down);
    for browser in [&mut browser, &mut later] {
        assert_eq!(browser.knock().await, 200);
        let answer = browser.submit("/auth/signout", &[("callbackUrl", "/goodbye")]).await;
        assert_eq!(answer.location().as_str(), format!("{}/goodbye", world.net.origin));
        assert_eq!(browser.knock().await, 401);
    }
    assert!(!world.log.events("sign_out.not_at_provider").is_empty());
}

/// A client whose answers never come, once it is told to.
#[derive(Debug, Default)]
struct Silent {
    client: std::sync::OnceLock<BundledClient>,
    is_silent: AtomicBool,
}

#[async_trait]
impl HttpClient for Silent {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, Unreachable> {
        if self.is_silent.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        self.client.get_or_init(|| BundledClient::new().unwrap()).send(request).await
    }
}

/// The provider takes the call and says nothing: nobody waits for it.
async fn it_is_slow(place: Place) {
    let silent = Arc::<Silent>::default();
    let client = Arc::clone(&silent);
    let stage = Stage::new(place).config(move |config| {
        at_google(|registration| registration.sign_out_at_provider = true)(config);
        config.http_client = Some(Arc::clone(&client) as _);
    });
    let (world, _) = Herald::start_on(stage).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    world.wait(Duration::hours(25));
    silent.is_silent.store(true, Ordering::SeqCst);
    let form = [("callbackUrl", "/goodbye")];
    let answer = timeout(PATIENCE, browser.submit("/auth/signout", &form)).await;
    let answer = answer.expect("somebody who signs out waits for a provider that says nothing");
    assert_eq!(answer.location().as_str(), format!("{}/goodbye", world.net.origin));
    assert_eq!(browser.knock().await, 401);
}
