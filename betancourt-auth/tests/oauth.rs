//! Whole sign-ins through `Auth::handle`, with the look-alikes as providers.
#![cfg(test)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use betancourt_auth::hook::{Callbacks, Sealing, Trigger};
use betancourt_auth::store::MemoryStore;
use betancourt_auth::testing::ManualClock;
use betancourt_auth::{AuditKind, Auth, Config, Encryption, Session, Strategy};
use betancourt_auth_dev::{Callback, Face, LookAlikes, ResponseMode};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use http::{Request, Response};
use serde_json::{Map, Value, json};
use time::{Duration, OffsetDateTime};
use url::{Url, form_urlencoded};

const APP: &str = "http://localhost:3000";

/// An application with the four look-alikes, and one browser that visits it.
struct World {
    auth: Auth,
    lookalikes: LookAlikes,
    cookies: BTreeMap<String, String>,
}

impl World {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let lookalikes = LookAlikes::start("http://localhost:3000/auth").await.unwrap();
        let mut config = Config::new(APP, "a secret of at least 32 characters!!").unwrap();
        config.registrations = lookalikes.registrations();
        change(&mut config);
        let auth = Auth::new(config, MemoryStore::default()).unwrap();
        Self { auth, lookalikes, cookies: BTreeMap::new() }
    }

    async fn send(&mut self, request: http::request::Builder, body: String) -> Response<Bytes> {
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header(HOST, "localhost:3000").header(COOKIE, cookies.join("; "));
        let response = self.auth.handle(request.body(Bytes::from(body)).unwrap()).await;
        for cookie in response.headers().get_all(SET_COOKIE) {
            let (pair, attributes) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        response
    }

    async fn get(&mut self, path: &str) -> Response<Bytes> {
        self.send(Request::get(path), String::new()).await
    }

    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Response<Bytes> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.send(
            Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded"),
            body,
        )
        .await
    }

    async fn csrf(&mut self) -> String {
        json(&self.get("/auth/csrf").await)["csrfToken"].as_str().unwrap().to_owned()
    }

    async fn begin(&mut self, face: Face) -> String {
        let token = self.csrf().await;
        let form = [("csrfToken", token.as_str()), ("callbackUrl", "/dashboard?tab=1")];
        location(&self.post(&format!("/auth/signin/{}", face.id()), &form).await)
    }

    /// Carries the provider's answer back, by the way the provider chose.
    async fn carry(&mut self, face: Face, callback: &Callback) -> Response<Bytes> {
        let path = format!("/auth/callback/{}", face.id());
        let pairs: Vec<_> = callback
            .parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        if callback.response_mode == ResponseMode::FormPost {
            return self.post(&path, &pairs).await;
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        self.get(&format!("{path}?{query}")).await
    }

    async fn sign_in(&mut self, face: Face, person: &str) -> String {
        let authorize = self.begin(face).await;
        let callback = self.lookalikes.approve(&authorize, person).await.unwrap();
        location(&self.carry(face, &callback).await)
    }

    fn first_person(&self, face: Face) -> String {
        self.lookalikes.people(face).next().unwrap().key().to_owned()
    }

    async fn session(&mut self) -> Value {
        json(&self.get("/auth/session").await)
    }
}

fn json(response: &Response<Bytes>) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

fn location(response: &Response<Bytes>) -> String {
    response.headers()[LOCATION].to_str().unwrap().to_owned()
}

fn error_of(location: &str) -> Option<String> {
    let url = Url::parse(location).unwrap();
    url.query_pairs().find(|(name, _)| name == "error").map(|(_, code)| code.into_owned())
}

#[tokio::test]
async fn a_person_signs_in_at_each_face_and_out_again() {
    for face in Face::ALL {
        let mut world = World::new().await;
        let person = world.first_person(face);
        assert_eq!(world.session().await, Value::Null);
        assert_eq!(world.sign_in(face, &person).await, format!("{APP}/dashboard?tab=1"), "{face}");
        let session = world.session().await;
        assert_eq!(session["user"]["email"], person.as_str());
        assert!(session["user"]["name"].is_string(), "{face} tells the name");
        assert!(
            !world.cookies.keys().any(|name| name.contains("handshake")),
            "the attempt is over"
        );

        let token = world.csrf().await;
        let response = world.post("/auth/signout", &[("csrfToken", &token)]).await;
        assert_eq!(
            location(&response),
            format!("{APP}/dashboard?tab=1"),
            "the last place asked for"
        );
        assert_eq!(world.session().await, Value::Null);
        let kinds: Vec<_> = world
            .auth
            .store()
            .audit_log(10)
            .await
            .unwrap()
            .iter()
            .map(|event| event.kind)
            .collect();
        assert_eq!(kinds, [AuditKind::SignedOut, AuditKind::SignedUp]);
    }
}

#[tokio::test]
async fn providers_are_told_in_the_order_of_the_configuration() {
    let mut world = World::with(|config| config.registrations.reverse()).await;
    let told = json(&world.get("/auth/providers").await);
    let ids: Vec<_> = told.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(ids, ["microsoft-entra-id", "apple", "facebook", "google"]);
    let members: Vec<_> = told["google"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["id", "name", "type", "signinUrl", "callbackUrl"]);
}

#[tokio::test]
async fn whoever_returns_is_the_same_user() {
    let mut world = World::new().await;
    let person = world.first_person(Face::Apple);
    world.sign_in(Face::Apple, &person).await;
    let before = world.auth.store().user_by_email(&person).await.unwrap().unwrap();
    world.cookies.clear();
    world.sign_in(Face::Apple, &person).await;
    let after = world.auth.store().user_by_email(&person).await.unwrap().unwrap();
    assert_eq!(before, after, "Apple told the name only the first time, and it stays");
    assert!(before.name.is_some());
}

#[tokio::test]
async fn a_signed_in_person_adds_an_account_while_the_session_is_fresh() {
    let mut world = World::new().await;
    let (google, facebook) = (world.first_person(Face::Google), world.first_person(Face::Facebook));
    world.sign_in(Face::Google, &google).await;
    world.sign_in(Face::Facebook, &facebook).await;
    assert_eq!(world.session().await["user"]["email"], google.as_str());
    let user = world.auth.store().user_by_email(&google).await.unwrap().unwrap();
    let accounts = world.auth.store().accounts(&user.id).await.unwrap();
    let providers: Vec<_> = accounts.iter().map(|account| account.key.provider.as_str()).collect();
    assert_eq!(providers, ["google", "facebook"]);
}

#[tokio::test]
async fn the_same_address_elsewhere_is_not_the_same_person() {
    let mut world = World::new().await;
    let twice = Face::ALL.into_iter().flat_map(|face| {
        let elsewhere = Face::ALL.into_iter().filter(move |other| *other != face);
        elsewhere.map(move |other| (face, other))
    });
    let (first, second, address) = twice
        .filter_map(|(face, other)| {
            let address = world.first_person(face);
            let offered = world.lookalikes.people(other).any(|person| person.key() == address);
            offered.then_some((face, other, address))
        })
        .next()
        .expect("one face offers another's address on purpose");
    world.sign_in(first, &address).await;
    world.cookies.clear();
    let refused = world.sign_in(second, &address).await;
    assert_eq!(
        error_of(&refused).as_deref(),
        Some("EmailNotVerified"),
        "{second} does not vouch for it"
    );
    assert_eq!(world.session().await, Value::Null);
}

#[tokio::test]
async fn linking_by_address_is_a_choice_with_a_name_and_needs_proof_on_both_sides() {
    let mut world = World::with(|config| {
        for registration in &mut config.registrations {
            registration.danger_email_account_linking = true;
        }
    })
    .await;
    let address = world.first_person(Face::Google);
    world.sign_in(Face::Google, &address).await;
    for face in [Face::Facebook, Face::Apple, Face::Microsoft] {
        if !world.lookalikes.people(face).any(|person| person.key() == address) {
            continue;
        }
        world.cookies.clear();
        let proven = face == Face::Apple;
        let outcome = error_of(&world.sign_in(face, &address).await);
        assert_eq!(outcome.is_none(), proven, "{face}: {outcome:?}");
    }
}

#[tokio::test]
async fn every_face_that_goes_wrong_says_so_and_signs_nobody_in() {
    use betancourt_auth_dev::Failure;
    for (failure, code) in [
        (Failure::Cancelled, Some("OAuthCallbackError")),
        (Failure::LateClock, Some("OAuthCallbackError")),
        (Failure::ReusedCode, Some("OAuthCallbackError")),
        (Failure::Outage, Some("ProviderUnavailable")),
        (Failure::RotatedKey, None),
    ] {
        let mut world = World::new().await;
        let authorize = world.begin(Face::Google).await;
        let callback = world.lookalikes.fail(&authorize, failure).await.unwrap();
        let outcome = location(&world.carry(Face::Google, &callback).await);
        assert_eq!(error_of(&outcome).as_deref(), code, "{failure:?}");
        assert_eq!(world.session().await.is_null(), code.is_some(), "{failure:?}");
    }
}

#[tokio::test]
async fn a_key_rotated_a_moment_after_a_sign_in_is_found() {
    use betancourt_auth_dev::Failure;
    for face in [Face::Google, Face::Apple, Face::Microsoft] {
        let mut world = World::new().await;
        let person = world.first_person(face);
        world.sign_in(face, &person).await;
        world.cookies.clear();
        let authorize = world.begin(face).await;
        let callback = world.lookalikes.fail(&authorize, Failure::RotatedKey).await.unwrap();
        assert_eq!(error_of(&location(&world.carry(face, &callback).await)), None, "{face}");
        world.cookies.clear();
        assert_eq!(error_of(&world.sign_in(face, &person).await), None, "{face}");
    }
}

/// Keeps what the `jwt` callback was asked, counts in the token, and can send everybody away.
#[derive(Clone, Debug, Default)]
struct Counting(Arc<Mutex<Counted>>);

#[derive(Debug, Default)]
struct Counted {
    asked: Vec<(Option<Trigger>, bool)>,
    is_closed: bool,
}

#[async_trait]
impl Callbacks for Counting {
    async fn jwt(
        &self,
        mut token: Map<String, Value>,
        sealing: &Sealing<'_>,
    ) -> Option<Map<String, Value>> {
        let mut counted = self.0.lock().unwrap();
        let comes_from_a_provider = sealing.account.is_some() && sealing.profile.is_some();
        counted.asked.push((sealing.trigger, comes_from_a_provider));
        assert_eq!(token["sub"], sealing.user.id.as_str());
        let count = token.get("count").and_then(Value::as_u64).unwrap_or_default();
        token.insert("count".to_owned(), (count + 1).into());
        (!counted.is_closed).then_some(token)
    }

    async fn session(&self, session: &Session, mut shown: Value, _: Option<&Value>) -> Value {
        shown["count"] = session.claims.get("count").cloned().unwrap_or_default();
        shown
    }
}

#[tokio::test]
async fn the_jwt_callback_is_asked_at_sign_in_and_at_renewal() {
    for encryption in [Encryption::A256CbcHs512, Encryption::A256Gcm] {
        let callbacks = Counting::default();
        let clock = ManualClock::at(OffsetDateTime::UNIX_EPOCH + Duration::days(20_000));
        let mut world = World::with(|config| {
            config.session.strategy = Strategy::Jwt;
            config.session.encryption = encryption;
            config.callbacks = Arc::new(callbacks.clone());
            config.clock = Arc::new(clock.clone());
            // The look-alikes' tokens carry their own time.
            config.registrations.retain(|registration| registration.provider.id == "facebook");
        })
        .await;
        let person = world.first_person(Face::Facebook);
        world.sign_in(Face::Facebook, &person).await;
        assert_eq!(world.session().await["count"], 1);
        world.sign_in(Face::Facebook, &person).await;
        assert_eq!(world.session().await["count"], 1, "a new session begins anew");

        clock.advance(Duration::hours(23));
        let cookies = world.cookies.clone();
        assert_eq!(world.session().await["count"], 1);
        assert_eq!(world.cookies, cookies, "nothing is sealed anew before it is due");
        clock.advance(Duration::hours(1));
        let renewed = world.session().await;
        assert_eq!((&renewed["count"], &renewed["user"]["email"]), (&json!(2), &json!(person)));
        assert_ne!(world.cookies, cookies);
        assert_eq!(world.session().await["count"], 2);

        let asked = std::mem::take(&mut callbacks.0.lock().unwrap().asked);
        let expected =
            [(Some(Trigger::SignUp), true), (Some(Trigger::SignIn), true), (None, false)];
        assert_eq!(asked, expected);

        callbacks.0.lock().unwrap().is_closed = true;
        clock.advance(Duration::days(1));
        assert_eq!(world.session().await, Value::Null);
        assert!(!world.cookies.keys().any(|name| name.contains("session-token")));
        world.sign_in(Face::Facebook, &person).await;
        assert_eq!(world.session().await, Value::Null, "who is not wanted is not signed in");
        assert!(world.auth.store().user_by_email(&person).await.unwrap().is_some());
    }
}
