//! `client.json`: what the browser clients of Auth.js v5 and NextAuth.js v4 send, sent here as it was recorded; and what
//! they make of our answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use betancourt_auth::provider::{
    Authorize, AuthorizeError, CredentialsProvider, EmailProvider, Submitted,
};
use betancourt_auth::testing::Outbox;
use betancourt_auth::{Config, NoRandomness, OsRandom, Random, Strategy, User, UserId};
use http::StatusCode;
use serde_json::{Map, Value, json};
use time::Duration;
use url::{Url, form_urlencoded};

use crate::support::{Ask, World, json as body_of};

const VECTORS: &str = include_str!("../vectors/authjs/client.json");
const BASE: &str = "http://localhost:3000/api/auth";

/// What no server should do to a client, and what we do instead.
const OTHERWISE: &[(&str, &str)] = &[
    ("signIn-providers-down", "the list of providers is never down"),
    ("signIn-relative-url-answer", "an answer is an absolute address"),
    ("signIn-no-url-in-answer", "an answer has an address"),
    ("getSession-empty-object", "nobody is `null`, which both clients read"),
    (
        "signIn-webauthn-provider",
        "passkeys come later: an unknown provider is told on the error page",
    ),
];

/// An application that knows one name and password, as the clients were recorded typing them.
#[derive(Debug)]
struct OnePassword;

#[async_trait]
impl Authorize for OnePassword {
    async fn authorize(&self, submitted: &Submitted) -> Result<User, AuthorizeError> {
        match (submitted.field("username"), submitted.field("password")) {
            (Some("a"), Some("b")) => Ok(User::new(UserId::new("somebody"))),
            _ => Err(AuthorizeError::rejected()),
        }
    }
}

/// Randomness that runs out on demand: what a server that is down looks like.
#[derive(Debug, Default)]
struct Exhaustible {
    real: OsRandom,
    is_exhausted: AtomicBool,
}

impl Random for Exhaustible {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        if self.is_exhausted.load(Ordering::SeqCst) {
            Err(NoRandomness)
        } else {
            self.real.fill(bytes)
        }
    }
}

/// An application with the providers of the recordings, `github` played by a look-alike.
async fn world() -> (World, Arc<Exhaustible>) {
    let random = Arc::new(Exhaustible::default());
    let shared = Arc::clone(&random);
    let world = World::at(BASE, move |config: &mut Config| {
        config.random = shared;
        config.session.strategy = Strategy::Jwt;
        config.registrations.retain(|known| known.provider.id == "facebook");
        config.registrations[0].provider.id = "github".into();
        config.email = vec![EmailProvider::new(Arc::new(Outbox::default()))];
        config.credentials = vec![CredentialsProvider::new(Arc::new(OnePassword))];
        config.credentials[0].refusal_takes = std::time::Duration::ZERO;
    });
    (world.await, random)
}

fn cases() -> Vec<Value> {
    let mut vectors: Value = serde_json::from_str(VECTORS).unwrap();
    serde_json::from_value(vectors["cases"].take()).unwrap()
}

#[tokio::test]
async fn every_request_of_the_clients_is_answered_as_they_read_it() {
    let cases = cases();
    for case in &cases {
        let (mut world, random) = world().await;
        let id = case["id"].as_str().unwrap();
        prepare(&mut world, &random, id).await;
        let played = Played { id, is_v5: case["generation"] == "v5", case };
        for step in case["trace"].as_array().unwrap() {
            if let Some(recorded) = step.get("fetch") {
                played.fetch(&mut world, recorded).await;
            } else if let Some(address) = step["navigate"].as_str() {
                played.navigate(&mut world, address).await;
            }
        }
    }
    let apart =
        cases.iter().filter(|case| OTHERWISE.iter().any(|(id, _)| case["id"] == *id)).count();
    println!("client.json: used {0} of {0}, {apart} decided otherwise", cases.len());
}

/// Somebody is signed in where the recording had a session, and nothing works where it had none to give.
async fn prepare(world: &mut World, random: &Exhaustible, id: &str) {
    if ["getSession-some", "getSession-500"].contains(&id) || id.starts_with("signOut") {
        world.post("/callback/credentials", &[("username", "a"), ("password", "b")]).await;
        assert!(world.jar.contains_key("authjs.session-token"));
    }
    if id == "getSession-500" {
        world.clock.advance(Duration::hours(25)); // due to be sealed anew
    }
    let is_down = ["getSession-500", "signIn-providers-down"].contains(&id);
    random.is_exhausted.store(is_down, Ordering::SeqCst);
}

/// A recorded case that is being played.
struct Played<'a> {
    id: &'a str,
    is_v5: bool,
    case: &'a Value,
}

impl Played<'_> {
    /// Sends a request as it was recorded, but for the token, and asks of the answer what the client asks.
    async fn fetch(&self, world: &mut World, recorded: &Value) {
        let mut sent = self.request(recorded);
        sent.body = sent.body.replace("CSRF", &world.csrf_if_needed(&sent.body).await);
        let answer = world.send(sent.clone()).await;
        let (status, body) = (answer.status(), body_of(&answer));
        match (sent.method, sent.target.rsplit('/').next().unwrap()) {
            ("GET", "providers") => self.assert_lists_providers(&body),
            ("GET", "csrf") => assert_eq!(body["csrfToken"].as_str().unwrap().len(), 64),
            ("GET", "session") => self.assert_shows_session(status, &body),
            _ => self.assert_leads_on(&sent, status, &body),
        }
    }

    fn request(&self, recorded: &Value) -> Ask {
        let text = |name: &str| recorded[name].as_str().unwrap_or_default().to_owned();
        let method = if recorded["method"] == "POST" { "POST" } else { "GET" };
        let mut sent = Ask { method, body: text("body"), ..Ask::get(&text("url")) };
        for (name, value) in recorded["headers"].as_object().unwrap() {
            sent.headers.push((name.parse().unwrap(), value.as_str().unwrap().to_owned()));
        }
        if self.id.ends_with("-error") {
            sent.body = sent.body.replace("password=b", "password=wrong");
        }
        sent
    }

    fn assert_lists_providers(&self, body: &Value) {
        let ids: Vec<_> = body.as_object().unwrap().keys().collect();
        assert_eq!(ids, ["github", "email", "credentials"], "{}", self.id);
        if self.id == "getProviders" {
            for (id, entry) in body.as_object().unwrap() {
                let recorded = self.case["returns"][id].as_object().unwrap();
                assert!(recorded.keys().eq(entry.as_object().unwrap().keys()), "{id}");
                assert_eq!(recorded["type"], entry["type"], "{id}");
            }
        }
    }

    fn assert_shows_session(&self, status: StatusCode, body: &Value) {
        match self.id {
            "getSession-some" => {
                assert!(body["user"].is_object() && body["expires"].is_string());
                assert_eq!(self.case["returns"].as_object().unwrap().len(), 2);
            }
            "getSession-500" => {
                // A body of `null` would make the client of v5 stumble.
                assert_eq!(
                    (status, body),
                    (StatusCode::SERVICE_UNAVAILABLE, &json!({ "error": "Unavailable" }))
                );
                assert_eq!(self.case["returns"], Value::Null);
            }
            _ => assert_eq!((status, body), (StatusCode::OK, &Value::Null), "{}", self.id),
        }
    }

    /// The answer to a post: an absolute address, which leads where the page asked to go, and what the client returns.
    fn assert_leads_on(&self, sent: &Ask, status: StatusCode, body: &Value) {
        let url = Url::parse(body["url"].as_str().unwrap()).unwrap();
        let action = sent.target.split('?').next().unwrap().trim_start_matches("/api/auth");
        let wanted =
            form_urlencoded::parse(sent.body.as_bytes()).find(|(name, _)| name == "callbackUrl");
        let wanted = Url::parse(BASE).unwrap().join(&wanted.unwrap().1).unwrap();
        match action {
            "/signin/github" => {
                assert!(url.path().ends_with("/dialog/oauth"), "{url}");
                let hints = form_urlencoded::parse(
                    sent.target.split_once('?').map_or("", |(_, query)| query).as_bytes(),
                );
                assert!(
                    hints.into_iter().all(|hint| url.query_pairs().any(|pair| pair == hint)),
                    "{url}"
                );
            }
            "/signin/email" => {
                assert_eq!(
                    url.as_str(),
                    format!("{BASE}/verify-request?provider=email&type=email")
                );
            }
            "/signin/passkey" => {
                assert!(url.as_str().starts_with(&format!("{BASE}/error?error=Configuration")))
            }
            "/callback/credentials" if !sent.body.contains("password=b") => {
                assert!(
                    url.as_str().starts_with(&format!("{BASE}/signin?error=CredentialsSignin&")),
                    "{url}"
                );
            }
            "/callback/credentials" | "/signout" => assert_eq!(url, wanted, "{}", self.id),
            _ => panic!("{action}"),
        }
        self.assert_returned(&url, status);
    }

    /// What `signIn` and `signOut` give back with `redirect: false`.
    fn assert_returned(&self, url: &Url, status: StatusCode) {
        let Some(recorded) =
            self.case["returns"].as_object().filter(|_| self.id.contains("redirect-false"))
        else {
            return;
        };
        if self.id.starts_with("signOut") {
            assert_eq!(recorded.keys().collect::<Vec<_>>(), ["url"]);
            return;
        }
        let parameter =
            |name: &str| url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value);
        let error = parameter("error");
        let mut returned = Map::new();
        if !self.is_v5 || error.is_some() {
            returned.insert("error".into(), json!(error));
        }
        if let Some(code) = parameter("code").filter(|_| self.is_v5) {
            returned.insert("code".into(), json!(code));
        }
        returned.insert("status".into(), json!(status.as_u16()));
        returned.insert("ok".into(), json!(status.is_success()));
        returned
            .insert("url".into(), if error.is_some() { Value::Null } else { json!(url.as_str()) });
        let mut expected = recorded.clone();
        if error.is_none() {
            expected["url"] = json!(url.as_str());
        } else if !self.is_v5 {
            // The recording's server was told to say 200. NextAuth.js v4 itself says 401, and so do we.
            (expected["status"], expected["ok"]) = (json!(401), json!(false));
        }
        assert_eq!(returned, expected, "{}", self.id);
    }

    /// Where a client sends the browser by itself: to our pages.
    async fn navigate(&self, world: &mut World, address: &str) {
        if !address.starts_with('/') {
            return; // the address of the recording's own answer; ours has been looked at
        }
        let page = world.send(Ask::get(address)).await;
        let shown = String::from_utf8_lossy(page.body()).into_owned();
        if self.id == "signIn-providers-down" {
            assert!(shown.starts_with("<!doctype html>"), "to `/error`, which needs nothing");
        } else {
            let field = "name=\"callbackUrl\" value=\"http://localhost:3000/page?x=1\"";
            assert!(page.status() == 200 && shown.contains(field), "{}: {shown}", self.id);
        }
    }
}

#[test]
fn what_is_decided_otherwise_is_among_the_recordings() {
    let cases = cases();
    for (id, why) in OTHERWISE {
        assert!(cases.iter().any(|case| case["id"] == *id), "{id}: {why}");
    }
}
