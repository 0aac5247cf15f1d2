//! A client that proves itself with signatures, pushes what it asks for, and has its tokens bound to a key: all of it at
//! once, from the button to the API, at a provider that checks each.
#![cfg(test)]

mod server;

use std::collections::BTreeMap;
use std::sync::Arc;

use betancourt_auth::provider::{Algorithm, PrivateKey, Quirk, Registration, oidc};
use betancourt_auth::store::MemoryStore;
use betancourt_auth::testing::ManualClock;
use betancourt_auth::{AccountKey, Auth, Config, SetupError, UserId};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use http::{Method, Request, Response};
use serde_json::Value;
use time::{Duration, OffsetDateTime};
use url::{Url, form_urlencoded};

use server::{ISSUER, Misdeed, Server, Token, assert_proof};

const CLIENT: &str = "our client";
const NOW: i64 = 1_800_000_000;
const P256_PEM: &str = include_str!("../keys/p256.pem");
const ED25519_PEM: &str = include_str!("../keys/ed25519.pem");

fn registration() -> Registration {
    let provider =
        oidc("strict", "Strict", ISSUER).with_quirk(Quirk::FormPost).with_quirk(Quirk::UserInfo);
    let key = PrivateKey::new(Algorithm::EdDsa, ED25519_PEM).with_id("our key");
    let mut registration = Registration::with_private_key(provider, CLIENT, key);
    registration.dpop_key = Some(PrivateKey::new(Algorithm::Es256, P256_PEM));
    registration
}

/// An application at the provider, and one browser that visits it.
struct World {
    auth: Auth,
    server: Server,
    clock: ManualClock,
    cookies: BTreeMap<String, String>,
}

impl World {
    fn new() -> Self {
        let server = Server::default();
        let clock = ManualClock::at(OffsetDateTime::from_unix_timestamp(NOW).unwrap());
        let mut config =
            Config::new("https://app.test", "a secret of at least 32 characters!!").unwrap();
        config.registrations = vec![registration()];
        config.http_client = Some(Arc::new(server.clone()));
        config.clock = Arc::new(clock.clone());
        let auth = Auth::new(config, MemoryStore::default()).unwrap();
        Self { auth, server, clock, cookies: BTreeMap::new() }
    }

    async fn send(&mut self, request: http::request::Builder, body: String) -> Response<Bytes> {
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header(HOST, "app.test").header(COOKIE, cookies.join("; "));
        let answer = self.auth.handle(request.body(Bytes::from(body)).unwrap()).await;
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Url {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::post(path);
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = self.send(request, body).await;
        let to = answer.headers()[LOCATION].to_str().unwrap();
        Url::parse("https://app.test").unwrap().join(to).unwrap()
    }

    /// Where the button leads.
    async fn begin(&mut self) -> Url {
        let answer = self.send(Request::get("/auth/csrf"), String::new()).await;
        let answer: Value = serde_json::from_slice(answer.body()).unwrap();
        let token = answer["csrfToken"].as_str().unwrap();
        self.post("/auth/signin/strict", &[("csrfToken", token)]).await
    }

    /// Where the provider's answer leads.
    async fn come_back(&mut self) -> Url {
        let state = self.server.pushed("state").unwrap();
        self.post("/auth/callback/strict", &[("code", "code"), ("state", &state)]).await
    }

    async fn user(&self) -> Option<UserId> {
        let account = self.auth.store().account(&AccountKey::new("strict", "7")).await.unwrap();
        account.map(|account| account.user_id)
    }
}

fn error(url: &Url) -> Option<String> {
    url.query_pairs().find(|(name, _)| name == "error").map(|(_, code)| code.into_owned())
}

#[tokio::test]
async fn whatever_a_provider_asks_for_works_together() {
    let mut world = World::new();
    let to = world.begin().await;
    let address = format!("{ISSUER}/authorize?tenant=a&client_id=our+client&request_uri=");
    assert_eq!(to.as_str(), format!("{address}urn%3Aexample%3Aone"), "nothing else travels");
    for (name, expected) in [
        ("response_type", "code"),
        ("response_mode", "form_post"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(world.server.pushed(name).as_deref(), Some(expected));
    }
    assert_eq!(world.server.log(), ["/par 201"]);

    assert_eq!(error(&world.come_back().await), None);
    let user = world.user().await.unwrap();
    let name = world.auth.store().user(&user).await.unwrap().unwrap().name;
    assert_eq!(name.as_deref(), Some("Ana Prada"), "UserInfo was asked");
    assert_eq!(world.server.log(), ["/token 400", "/token 200", "/keys 200", "/me 401", "/me 200"]);

    // The API of the provider, and again with another token when that one has run out.
    let token = world.auth.access_token(&user, "strict").await.unwrap();
    assert_eq!((token.token.expose(), token.needs_proof), ("first", true));
    world.clock.advance(Duration::seconds(600));
    let token = world.auth.access_token(&user, "strict").await.unwrap();
    assert_eq!((token.token.expose(), token.needs_proof), ("second", true));
    assert_eq!(world.server.log(), ["/token 400", "/token 200"]);

    let api = "https://api.test/files?page=2";
    let proof =
        world.auth.dpop_proof(&token, &Method::DELETE, api, Some("of the API")).await.unwrap();
    let proof = Token::read(proof.expose());
    assert_proof(&proof, &Method::DELETE, api);
    assert_eq!(proof.claims["nonce"], "of the API");
    assert!(proof.claims["ath"].is_string());
}

#[tokio::test]
async fn tokens_that_are_bound_to_nothing_let_nobody_in() {
    let mut world = World::new();
    world.server.misbehaves(Misdeed::GivesBearerTokens);
    world.begin().await;
    assert_eq!(error(&world.come_back().await).as_deref(), Some("OAuthCallbackError"));
    assert_eq!(world.user().await, None);
}

#[tokio::test]
async fn a_server_that_wants_another_nonce_each_time_is_asked_twice() {
    let mut world = World::new();
    world.server.misbehaves(Misdeed::WantsAnotherNonceEachTime);
    world.begin().await;
    assert_eq!(error(&world.come_back().await).as_deref(), Some("OAuthCallbackError"));
    assert_eq!(world.server.log(), ["/par 201", "/token 400", "/token 400"]);
    assert_eq!(world.user().await, None);
}

#[tokio::test]
async fn nobody_is_sent_where_the_question_was_refused() {
    let mut world = World::new();
    world.server.misbehaves(Misdeed::RefusesWhatIsPushed);
    let to = world.begin().await;
    assert_eq!(to.domain(), Some("app.test"));
    assert_eq!(error(&to).as_deref(), Some("OAuthCallbackError"));
}

#[test]
fn a_key_that_cannot_be_read_stops_the_start() {
    let refused = |change: fn(&mut Registration)| {
        let mut registration = registration();
        change(&mut registration);
        let mut config =
            Config::new("https://app.test", "a secret of at least 32 characters!!").unwrap();
        config.registrations = vec![registration];
        Auth::new(config, MemoryStore::default()).err()
    };
    assert!(refused(|_| {}).is_none());
    let without = refused(|registration| {
        registration.dpop_key = Some(PrivateKey::new(Algorithm::Es256, "no key"));
    });
    let sentence = without.unwrap().to_string();
    assert!(sentence.starts_with("The private key of `strict` is none for ES256"), "{sentence}");
    let in_clear = refused(|registration| {
        let address = "http://id.test/par".into();
        registration.provider.quirks.push(Quirk::PushedRequestsTo(address));
    });
    assert!(matches!(in_clear, Some(SetupError::InsecureProvider { .. })));
}
