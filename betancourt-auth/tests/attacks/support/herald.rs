//! A Google that tells in which of its sessions people sign in, and says by token and by frame when they sign out there.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use betancourt_auth::provider::{Algorithm, Protocol};
use betancourt_auth_dev::{Endpoint, Face, Tamper};
use serde_json::{Map, Value, json};

use super::{Answer, Claims, Forger, From, Place, Request, Stage, World, at_google, signed_with};

/// What a logout token is about (OpenID Connect Back-Channel Logout §2.4).
pub(crate) const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// Where Google, made so by [`Herald::start`], signs people out.
pub(crate) const END_SESSION: &str = "/google/end-session";

/// Google's word about signing out.
#[derive(Debug)]
pub(crate) struct Herald {
    forger: Forger,
    sid: Arc<Mutex<String>>,
    told: AtomicU32,
}

impl Herald {
    /// A world with such a Google. Its logout tokens are signed with a key beside the one that signs ID tokens.
    pub(crate) async fn start(place: Place) -> (World, Self) {
        Self::start_on(Stage::new(place)).await
    }

    /// The same on a stage. What it changes of the configuration comes first.
    pub(crate) async fn start_on(stage: Stage) -> (World, Self) {
        let world = stage
            .also(at_google(|registration| {
                signed_with(registration, &[Algorithm::Rs256, Algorithm::Es256]);
            }))
            .start()
            .await;
        let herald = Self {
            forger: Forger::on_p256(),
            sid: Arc::new(Mutex::new("google-session-0".to_owned())),
            told: AtomicU32::new(0),
        };
        herald.prepare(&world);
        (world, herald)
    }

    /// Makes Google so, also after it was told to behave.
    pub(crate) fn prepare(&self, world: &World) {
        let sid = Arc::clone(&self.sid);
        let end_session = world.net.lookalikes.url().join(END_SESSION).unwrap().to_string();
        world.tamper(Face::Google, self.forger.published("herald"));
        world.tamper(
            Face::Google,
            Tamper::id_token(move |token| {
                token.claims["sid"] = sid.lock().unwrap().clone().into();
            }),
        );
        world.tamper(
            Face::Google,
            Tamper::json(Endpoint::Discovery, move |document| {
                document["end_session_endpoint"] = end_session.clone().into();
            }),
        );
    }

    /// Whoever signs in from now on does so in that session at Google.
    pub(crate) fn in_session(&self, sid: &str) {
        sid.clone_into(&mut self.sid.lock().unwrap());
    }

    /// A logout token of this moment, with another name each time; about whom, the caller adds.
    pub(crate) fn claims(&self, world: &World) -> Claims {
        let (issuer, audience) = issuer_and_audience(world);
        let (now, number) =
            (world.now().unix_timestamp(), self.told.fetch_add(1, Ordering::SeqCst));
        let claims = json!({
            "iss": issuer, "aud": audience, "iat": now, "exp": now + 120, "jti": format!("jti-{number}"),
            "events": { EVENT: {} },
        });
        let Value::Object(claims) = claims else { unreachable!() };
        claims
    }

    /// The same about a session there.
    pub(crate) fn about(&self, world: &World, sid: &str) -> Claims {
        with(self.claims(world), "sid", sid)
    }

    pub(crate) fn sign(&self, claims: &Claims) -> String {
        self.sign_as(&json!({ "alg": "ES256", "kid": "herald", "typ": "logout+jwt" }), claims)
    }

    pub(crate) fn sign_as(&self, header: &Value, claims: &Claims) -> String {
        self.forger.token(header, claims)
    }
}

/// The claims with one more, or with another value of it.
pub(crate) fn with(mut claims: Claims, name: &str, value: impl Into<Value>) -> Claims {
    claims.insert(name.to_owned(), value.into());
    claims
}

/// The claims without one.
pub(crate) fn without(mut claims: Map<String, Value>, name: &str) -> Claims {
    claims.remove(name).unwrap();
    claims
}

/// Who Google is for us, and who we are there.
pub(crate) fn issuer_and_audience(world: &World) -> (String, String) {
    let mut registrations = world.auth.config().registrations.iter();
    let google = registrations.find(|known| known.provider.id == "google").unwrap();
    let Protocol::OpenIdConnect { issuer, .. } = &google.provider.protocol else { unreachable!() };
    (issuer.to_string(), google.client_id.clone())
}

impl World {
    /// What a provider's server is answered that posts a logout token.
    pub(crate) async fn tell(&self, token: &str) -> Answer {
        self.tell_at(0, &[("logout_token", token)]).await
    }

    /// The same at one of the servers, with any form.
    pub(crate) async fn tell_at(&self, door: usize, form: &[(&str, &str)]) -> Answer {
        let mut server = self.browser();
        server.door = door;
        let post = Request::post("/auth/backchannel-logout/google", form);
        let answer = server.send(post.from(From::AnotherSite)).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{answer:?}");
        assert_eq!(answer.all("set-cookie").count(), 0, "{answer:?}");
        answer
    }

    /// A logout token that is refused, for that reason, and changes nothing.
    pub(crate) async fn assert_untold(&self, token: &str, reason: &str) {
        let (before, told) = (self.snapshot().await, self.log.events(reason).len());
        let answer = self.tell(token).await;
        answer.assert_status(400);
        assert_eq!(answer.json(), json!({ "error": "BadRequest" }));
        let events = self.log.events(reason);
        assert_eq!(events.len(), told + 1, "`{reason}` in the log:\n{}", self.log.text());
        assert_eq!(events[told]["fields"]["provider"], "google");
        self.assert_unchanged(&before).await;
    }
}
