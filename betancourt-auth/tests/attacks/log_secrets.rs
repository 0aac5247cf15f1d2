//! Nothing secret is told: not to the log, however closely it listens, nor by what a program prints of our values.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use betancourt_auth::hook::{Arrival, Callbacks, Decision, Sealing};
use betancourt_auth::provider::{Authorize, AuthorizeError, CredentialsProvider, Quirk, Submitted};
use betancourt_auth::store::{AccountStore as _, Store as _, UserStore as _};
use betancourt_auth::{Config, User, UserId};
use betancourt_auth_dev::{Endpoint, Face, Tamper};
use http::header::{COOKIE, HeaderMap, HeaderValue};
use serde_json::{Map, Value};
use time::Duration;

use crate::support::{ANA, CAMILA, JULIAN, Place, Request, SANTIAGO, Stage, World};

const PASSWORDS: &str = "/auth/callback/credentials";
/// A genuine password, and one that is none.
const PASSWORD: &str = "canary-the genuine password";
const WRONG: &str = "canary-a guessed password";

/// The application judges, and prints whatever it is shown, as somebody would who looks for a mistake.
#[derive(Clone, Debug, Default)]
struct Talkative(Arc<Mutex<String>>);

impl Talkative {
    fn note(&self, shown: &dyn std::fmt::Debug) {
        self.0.lock().unwrap().push_str(&format!("{shown:?}\n{shown:#?}\n"));
    }
}

#[async_trait]
impl Authorize for Talkative {
    async fn authorize(&self, submitted: &Submitted) -> Result<User, AuthorizeError> {
        self.note(submitted);
        match submitted.field("password") {
            Some(PASSWORD) => Ok(User::new(UserId::new("member-1"))),
            _ => Err(AuthorizeError::rejected()),
        }
    }
}

#[async_trait]
impl Callbacks for Talkative {
    async fn sign_in(&self, arrival: &Arrival<'_>) -> Decision {
        self.note(arrival);
        Decision::Allow
    }

    async fn jwt(
        &self,
        token: Map<String, Value>,
        sealing: &Sealing<'_>,
    ) -> Option<Map<String, Value>> {
        self.note(sealing);
        Some(token)
    }
}

/// Every way in, once with success and once without; then a search for everything that is secret about it.
pub(crate) async fn log_01_nothing_secret_is_told(place: Place) {
    let talkative = Talkative::default();
    let shown = talkative.clone();
    let talk = move |config: &mut Config| {
        config.credentials = vec![CredentialsProvider::new(Arc::new(shown.clone()))];
        config.callbacks = Arc::new(shown.clone());
        for registration in &mut config.registrations {
            let offline = Quirk::Parameter("access_type".into(), "offline".into());
            registration.provider.quirks.push(offline);
        }
    };
    let world = Stage::new(place).mail().config(talk).start().await;
    for face in Face::ALL {
        let secrets = world.net.secrets.clone();
        world.tamper(
            face,
            Tamper::json(Endpoint::Token, move |answer| {
                for name in ["access_token", "refresh_token", "id_token"] {
                    secrets.add(answer[name].as_str().unwrap_or_default());
                }
            }),
        );
    }
    come_in_by_every_way(&world).await;
    stumble(&world).await;

    let log = world.log.text();
    assert!(log.contains(r#""level":"TRACE""#), "dependencies are listened to");
    let printed = print(&world).await + &talkative.0.lock().unwrap();
    world.net.learn_secrets();
    for told in [&log, &printed] {
        world.net.secrets.assert_absent(told);
    }
    // The search would find each of them.
    let secrets = world.net.secrets.all();
    assert!(secrets.len() > 40, "{}", secrets.len());
    for secret in secrets.into_iter().chain([PASSWORD.to_owned()]) {
        let found = world.net.secrets.find(&format!("{log}\n{secret}"));
        assert!(found.is_some(), "{secret} would be overlooked");
    }
}

async fn come_in_by_every_way(world: &World) {
    for (face, person) in [(Face::Google, ANA), (Face::Facebook, CAMILA), (Face::Apple, SANTIAGO)] {
        let mut browser = world.signed_in(face, person).await;
        browser.get("/dashboard").await;
        browser.get(&format!("/access/{}", face.id())).await;
        browser.submit("/auth/signout", &[]).await;
    }
    let mut browser = world.browser();
    let letter = world.letter_for(&mut browser, JULIAN).await;
    browser.press(&letter).await.assert_welcome();
    let letter = world.letter_for(&mut browser, JULIAN).await;
    browser.type_code(&letter.code).await.assert_welcome();
    browser
        .submit(PASSWORDS, &[("username", "ana"), ("password", PASSWORD)])
        .await
        .assert_welcome();
}

/// What goes wrong is told at more length than what goes well.
async fn stumble(world: &World) {
    let mut browser = world.browser();
    browser.submit(PASSWORDS, &[("username", "ana"), ("password", WRONG)]).await;
    let letter = world.letter_for(&mut browser, ANA).await;
    browser.type_code("0000 0000").await.assert_wrong_code();
    browser.confirm(ANA, &format!("{}x", letter.token)).await;
    let callback = browser.begin_as(Face::Google, ANA).await;
    browser.follow(&callback).await.assert_welcome();
    browser.follow(&callback).await.assert_refused("OAuthCallbackError");
    let late = browser.begin_as(Face::Google, ANA).await;
    world.wait(Duration::hours(1));
    browser.follow(&late).await.assert_refused("OAuthCallbackError");
    let callback = browser.begin_as(Face::Google, ANA).await;
    world.tamper(
        Face::Google,
        Tamper::json(Endpoint::Token, |answer| answer["id_token"] = "a.b.c".into()),
    );
    browser.follow(&callback).await.assert_refused("OAuthCallbackError");
    let callback = browser.begin_as(Face::Facebook, CAMILA).await;
    world.store.watch.set_broken(true);
    browser.follow(&callback).await.assert_status(503);
    world.store.watch.set_broken(false);
    let callback = browser.begin_as(Face::Facebook, CAMILA).await;
    world.store.watch.panic(true);
    browser.follow(&callback).await.assert_status(503);
    world.store.watch.panic(false);
    browser.get("/auth/error?error=Configuration").await;
}

/// What comes of `{:?}`, for everything that an application holds.
async fn print(world: &World) -> String {
    let mut browser = world.signed_in(Face::Apple, SANTIAGO).await;
    let mut headers = HeaderMap::new();
    let cookies = browser.jar.header(&Request::get("/")).unwrap();
    headers.insert(COOKIE, HeaderValue::from_str(&cookies).unwrap());
    world.wait(Duration::days(2)); // so that the cookie is renewed
    let visit = world.auth.visit(&headers).await.unwrap();
    let mut renewed = HeaderMap::new();
    visit.apply(&mut renewed);
    for cookie in renewed.get_all("set-cookie") {
        let value = cookie.to_str().unwrap().split(['=', ';']).nth(1).unwrap();
        world.net.secrets.add(value);
    }
    assert!(visit.session().is_some() && renewed.contains_key("set-cookie"));
    let token = world.auth.csrf_token(&HeaderMap::new()).unwrap();
    world.net.secrets.add(token.value());
    let user = visit.session().unwrap().user.clone();
    let accounts = world.store.accounts(&user.id).await.unwrap();
    let own = world.auth.accounts(&user).await.unwrap();
    let sessions = world.auth.sessions(&visit).await.unwrap();
    let audit = world.store.audit_log(1000).await.unwrap();
    let people = world.store.users(&betancourt_auth::store::UserFilter::default(), None, 100).await;
    let letter = world.letter_for(&mut browser, ANA).await;
    format!(
        "{:?} {:#?} {visit:?} {token:?} {user:?} {accounts:?} {own:?} {sessions:?} {audit:?} {people:?} {:?}",
        world.auth,
        world.auth.config(),
        letter.mail,
    )
}
