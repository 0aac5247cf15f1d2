//! Access tokens that have to be refreshed, at providers that take a refresh token once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use betancourt_auth::http_client::{BundledClient, HttpClient, Unreachable};
use betancourt_auth::provider::Quirk;
use betancourt_auth::store::{AccountStore as _, UserStore as _};
use betancourt_auth::{Account, Config};
use betancourt_auth_dev::{Answer, Endpoint, Face, IdToken, Tamper};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::Value;
use time::Duration;
use tokio::sync::Notify;

use crate::support::{ANA, Browser, Place, Stage, World, at_once, rounds};

const TOKEN: &str = "/access/google";
/// After it an access token of the look-alikes is about to end, and has not ended yet.
const NEARLY_AN_HOUR: Duration = Duration::seconds(3570);

/// Google as an application asks it for tokens that last.
fn offline(config: &mut Config) {
    for registration in
        config.registrations.iter_mut().filter(|known| known.provider.id == "google")
    {
        registration.provider.quirks.push(Quirk::Parameter("access_type".into(), "offline".into()));
    }
}

/// A world in which a refresh token is taken once.
async fn start(stage: Stage) -> World {
    let world = stage.start().await;
    world.tamper(Face::Google, Tamper::rotating_refresh_tokens());
    world
}

async fn account(world: &World) -> Account {
    let user = world.store.user_by_email(ANA).await.unwrap().unwrap();
    world.store.accounts(&user.id).await.unwrap().remove(0)
}

/// The tokens of an account as they stand in the store.
async fn stored_tokens(world: &World) -> [Option<String>; 3] {
    let tokens = account(world).await.tokens;
    [tokens.access_token, tokens.refresh_token, tokens.id_token]
        .map(|token| token.map(|token| token.expose().to_owned()))
}

async fn token(browser: &mut Browser) -> String {
    let answer = browser.get(TOKEN).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

/// Nine pages at three servers need the token that has just run out: one of them refreshes it, and all have the new one.
pub(crate) async fn oauth_20_a_refresh_at_three_servers_at_once(place: Place) {
    let world = start(Stage::new(place).servers(3).config(offline)).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let mut last = token(&mut browser).await;
    for _ in 0..rounds() {
        assert_eq!(token(&mut browser).await, last, "good for a while");
        world.wait(NEARLY_AN_HOUR);
        let before = world.token_requests(Face::Google);
        let pages = (0..9).map(|page| {
            let mut browser = browser.clone();
            browser.door = page % 3;
            async move { token(&mut browser).await }
        });
        let tokens = at_once(pages).await;
        assert!(tokens.iter().all(|token| *token == tokens[0] && *token != last), "one for all");
        assert_eq!(world.token_requests(Face::Google), before + 1);
        assert_eq!(world.net.lookalikes.stolen_refresh_tokens(Face::Google), 0);
        last.clone_from(&tokens[0]);
    }
}

/// Sends what it is given, but for one refresh, which never ends.
#[derive(Debug)]
struct Mortal {
    client: BundledClient,
    armed: AtomicBool,
    dead: Notify,
}

#[async_trait]
impl HttpClient for Mortal {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Unreachable> {
        let is_refresh = request.body().starts_with(b"grant_type=refresh_token");
        if is_refresh && self.armed.swap(false, Ordering::SeqCst) {
            self.dead.notify_one();
            std::future::pending::<()>().await;
        }
        self.client.send(request).await
    }
}

/// A server dies before its refresh has reached the provider: another one waits for the end of its lease, and no longer.
pub(crate) async fn oauth_20_a_server_that_dies_while_it_refreshes(place: Place) {
    let client = BundledClient::new().unwrap();
    let mortal = Arc::new(Mortal { client, armed: AtomicBool::new(false), dead: Notify::new() });
    let http = Arc::clone(&mortal);
    let world = start(Stage::new(place).servers(2).config(move |config| {
        offline(config);
        config.http_client = Some(Arc::clone(&http) as Arc<dyn HttpClient>);
    }))
    .await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let last = token(&mut browser).await;
    world.wait(NEARLY_AN_HOUR);
    mortal.armed.store(true, Ordering::SeqCst);
    let mut victim = browser.clone();
    let dying = tokio::spawn(async move { victim.get(TOKEN).await });
    mortal.dead.notified().await;
    let (before, counted) = (world.token_requests(Face::Google), &world.store.watch.after_count);
    counted.hold();
    let mut heir = browser.clone();
    heir.door = 1;
    let waiting = tokio::spawn(async move { token(&mut heir).await });
    counted.reached().await;
    world.wait(Duration::seconds(29));
    counted.release();
    assert!(!waiting.is_finished() && world.token_requests(Face::Google) == before);
    world.wait(Duration::seconds(2));
    assert_ne!(waiting.await.unwrap(), last);
    assert_eq!(world.token_requests(Face::Google), before + 1);
    dying.abort();
}

/// The provider is down: it is asked once, nobody waits for it, and it is asked again when a lease has ended.
pub(crate) async fn oauth_20_a_provider_that_is_down(place: Place) {
    let world = Stage::new(place).config(offline).start().await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let last = token(&mut browser).await;
    world.wait(NEARLY_AN_HOUR);
    let down = |answer: &mut Answer| answer.status = StatusCode::SERVICE_UNAVAILABLE;
    world.tamper(Face::Google, Tamper::answer(Endpoint::Token, down));
    let before = world.token_requests(Face::Google);
    let pages = (0..9).map(|_| {
        let mut browser = browser.clone();
        async move { browser.get(TOKEN).await.status }
    });
    assert_eq!(at_once(pages).await, [502; 9]);
    assert_eq!(world.token_requests(Face::Google), before + 1);
    assert_eq!(world.log.once("provider.unreachable")["fields"]["provider"], "google");
    let stored = stored_tokens(&world).await;
    assert!(stored.iter().all(Option::is_some), "nothing was lost");

    world.net.lookalikes.behave(Face::Google);
    assert_eq!(browser.get(TOKEN).await.status, 502, "not yet");
    world.wait(Duration::seconds(31));
    assert_ne!(token(&mut browser).await, last);
}

/// What failed, failed with the tokens of then: those of a new sign-in, which are due at once, are refreshed.
pub(crate) async fn oauth_20_new_tokens_soon_after_a_failure(place: Place) {
    let world = Stage::new(place).config(offline).start().await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    world.wait(NEARLY_AN_HOUR);
    let down = |answer: &mut Answer| answer.status = StatusCode::SERVICE_UNAVAILABLE;
    world.tamper(Face::Google, Tamper::answer(Endpoint::Token, down));
    assert_eq!(browser.get(TOKEN).await.status, 502);

    world.net.lookalikes.behave(Face::Google);
    let short = |tokens: &mut Value| tokens["expires_in"] = 30.into();
    world.tamper(Face::Google, Tamper::json(Endpoint::Token, short));
    browser.sign_in(Face::Google, ANA).await;
    world.net.lookalikes.behave(Face::Google);
    let before = world.token_requests(Face::Google);
    token(&mut browser).await;
    assert_eq!(world.token_requests(Face::Google), before + 1);
}

/// The person took the application's access back: what is stored is dropped, and the session stays what it was.
pub(crate) async fn oauth_20_a_refresh_token_that_was_taken_back(place: Place) {
    let world = start(Stage::new(place).config(offline)).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    world.net.lookalikes.revoke_refresh_tokens(Face::Google);
    world.wait(NEARLY_AN_HOUR);
    let refused = browser.get(TOKEN).await;
    assert_eq!((refused.status, &*refused.body), (403, "refresh.revoked"));
    assert_eq!(world.log.once("refresh.revoked")["fields"]["provider"], "google");
    assert_eq!(stored_tokens(&world).await, [None, None, None]);
    assert!(account(&world).await.details.reauth_since.is_some());
    let before = world.token_requests(Face::Google);
    assert_eq!(browser.get(TOKEN).await.body, "tokens.missing");
    assert_eq!(world.token_requests(Face::Google), before, "nobody is asked in vain");
    assert_eq!(browser.get("/dashboard").await.status, 200);

    browser.sign_in(Face::Google, ANA).await;
    assert_eq!(account(&world).await.details.reauth_since, None);
    let first = token(&mut browser).await;
    world.wait(NEARLY_AN_HOUR);
    assert_ne!(token(&mut browser).await, first);
}

/// A refresh brings an ID token of another issuer, person or client: nothing of it is kept.
pub(crate) async fn oauth_21_a_refresh_that_answers_with_somebody_else(place: Place) {
    let world = Stage::new(place).config(offline).start().await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let changes: [fn(&mut IdToken); 3] = [
        |token| token.claims["iss"] = "https://elsewhere.example".into(),
        |token| token.claims["sub"] = "somebody-else".into(),
        |token| token.claims["aud"] = "another-app".into(),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let before = stored_tokens(&world).await;
        world.wait(NEARLY_AN_HOUR);
        world.tamper(Face::Google, Tamper::id_token(change));
        let refused = browser.get(TOKEN).await;
        assert_eq!((refused.status, &*refused.body), (403, "refresh.identity_changed"));
        assert_eq!(world.log.events("refresh.identity_changed").len(), number + 1);
        assert_eq!(stored_tokens(&world).await, before);
        assert!(account(&world).await.details.reauth_since.is_some());
        let asked = world.token_requests(Face::Google);
        world.wait(Duration::minutes(1));
        assert_eq!(browser.get(TOKEN).await.body, "tokens.missing");
        assert_eq!(world.token_requests(Face::Google), asked, "not until they sign in again");

        world.net.lookalikes.behave(Face::Google);
        browser.sign_in(Face::Google, ANA).await;
        assert_eq!(account(&world).await.details.reauth_since, None);
        let first = token(&mut browser).await;
        world.wait(NEARLY_AN_HOUR);
        assert_ne!(token(&mut browser).await, first, "a refresh token that stays serves again");
    }
}
