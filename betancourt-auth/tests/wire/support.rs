//! One application with the look-alikes as providers, one browser that visits it, and a clock that stands still.

use std::collections::BTreeMap;
use std::sync::Arc;

use betancourt_auth::clock::{Clock as _, SystemClock};
use betancourt_auth::provider::EmailProvider;
use betancourt_auth::store::MemoryStore;
use betancourt_auth::testing::{ManualClock, Outbox};
use betancourt_auth::{Auth, Config};
use betancourt_auth_dev::{Face, LookAlikes};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, HOST, HeaderName, LOCATION, SET_COOKIE};
use http::{Request, Response};
use serde_json::Value;
use time::{Duration, OffsetDateTime};
use url::{Url, form_urlencoded};

pub(crate) const APP: &str = "http://localhost:3000";
pub(crate) const SECRET: &str = "a-test-secret-of-at-least-32-characters!!";
/// When the vectors were recorded: 2025-06-01T12:00:00Z.
pub(crate) const NOW: i64 = 1_748_779_200;

/// See the module.
pub(crate) struct World {
    pub(crate) auth: Auth,
    pub(crate) clock: ManualClock,
    /// What the browser keeps, by name and as it goes over the wire.
    pub(crate) jar: BTreeMap<String, String>,
    /// Where mail ends up, if it is configured.
    pub(crate) outbox: Outbox,
    pub(crate) lookalikes: LookAlikes,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// With another configuration.
    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::at(&format!("{APP}/auth"), change).await
    }

    /// At the time in which the look-alikes live, for what is signed with a date; and with sign-in by e-mail.
    pub(crate) async fn live(change: impl FnOnce(&mut Config)) -> Self {
        let outbox = Outbox::default();
        let clock = ManualClock::at(SystemClock.now());
        let mut world = Self::with(|config| {
            config.email = vec![EmailProvider::new(Arc::new(outbox.clone()))];
            config.clock = Arc::new(clock.clone());
            change(config);
        })
        .await;
        (world.outbox, world.clock) = (outbox, clock);
        world
    }

    /// Lets time pass, here and at the providers.
    pub(crate) fn wait(&self, time: Duration) {
        self.clock.advance(time);
        self.lookalikes.advance_clock(time.unsigned_abs());
    }

    /// At another address: an origin and the base path.
    pub(crate) async fn at(url: &str, change: impl FnOnce(&mut Config)) -> Self {
        let lookalikes = LookAlikes::start(url).await.unwrap();
        let clock = ManualClock::at(OffsetDateTime::from_unix_timestamp(NOW).unwrap());
        let mut config = Config::new(url, SECRET).unwrap();
        config.environment = betancourt_auth::Environment::Development;
        config.registrations = lookalikes.registrations();
        config.clock = Arc::new(clock.clone());
        change(&mut config);
        let auth = Auth::new(config, MemoryStore::default()).unwrap();
        Self { auth, clock, jar: BTreeMap::new(), outbox: Outbox::default(), lookalikes }
    }

    /// Sends what a browser would, and keeps the cookies that come back.
    pub(crate) async fn send(&mut self, request: Ask) -> Response<Bytes> {
        let mut builder = Request::builder().method(request.method).uri(&request.target);
        let url = &self.auth.config().url;
        let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
        let pairs: Vec<_> =
            self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let names_cookies = request.headers.iter().any(|(name, _)| *name == COOKIE);
        if !pairs.is_empty() && !names_cookies {
            builder = builder.header(COOKIE, pairs.join("; "));
        }
        if !request.headers.iter().any(|(name, _)| *name == HOST) {
            builder = builder.header(HOST, host);
        }
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        let response = self.auth.handle(builder.body(request.body.into()).unwrap()).await;
        for cookie in set_cookies(&response) {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if cookie.contains("; Max-Age=0") {
                self.jar.remove(name);
            } else {
                self.jar.insert(name.to_owned(), value.to_owned());
            }
        }
        response
    }

    pub(crate) async fn get(&mut self, path: &str) -> Response<Bytes> {
        self.send(Ask::get(&self.path(path))).await
    }

    /// Posts a form of one of our pages, with the page's token in it.
    pub(crate) async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Response<Bytes> {
        let token = self.csrf().await;
        let form: Vec<_> = form.iter().copied().chain([("csrfToken", &*token)]).collect();
        self.send(Ask::post(&self.path(path), &form)).await
    }

    /// Posts JSON in the manner of the browser client, with a token in it.
    pub(crate) async fn post_json(&mut self, path: &str, mut body: Value) -> Response<Bytes> {
        body["csrfToken"] = self.csrf().await.into();
        self.send(Ask::json(&self.path(path), &body)).await
    }

    pub(crate) async fn csrf(&mut self) -> String {
        json(&self.get("/csrf").await)["csrfToken"].as_str().unwrap().to_owned()
    }

    /// A token, if a body leaves a place for one.
    pub(crate) async fn csrf_if_needed(&mut self, body: &str) -> String {
        if body.contains("CSRF") { self.csrf().await } else { String::new() }
    }

    /// Signs in at Facebook, and says where that leads.
    pub(crate) async fn sign_in(&mut self) -> String {
        self.sign_in_with(&[]).await
    }

    pub(crate) async fn sign_in_with(&mut self, form: &[(&str, &str)]) -> String {
        let begun = self.post("/signin/facebook", form).await;
        let callback = self.approve(&location(&begun)).await;
        location(&self.get(&callback).await)
    }

    /// Signs in at another face, and says where that leads.
    pub(crate) async fn sign_in_at(&mut self, face: Face) -> String {
        let begun = self.post(&format!("/signin/{}", face.id()), &[]).await;
        let callback = self.approve_at(face, &location(&begun)).await;
        location(&self.get(&callback).await)
    }

    /// Lets Facebook's first person say yes, and says by which path the browser comes back.
    pub(crate) async fn approve(&self, authorize: &str) -> String {
        self.approve_at(Face::Facebook, authorize).await
    }

    /// The same with the first person of another face.
    pub(crate) async fn approve_at(&self, face: Face, authorize: &str) -> String {
        let person = self.lookalikes.people(face).next().unwrap().key().to_owned();
        let callback = self.lookalikes.approve(authorize, &person).await.unwrap();
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(callback.parameters)
            .finish();
        format!("/callback/{}?{query}", face.id())
    }

    /// Asks for a mail to an address, and waits until it is sent.
    pub(crate) async fn ask_for_mail(&mut self, address: &str) {
        self.post("/signin/email", &[("email", address)]).await;
        self.auth.settle().await;
    }

    /// The address of Facebook's first person.
    pub(crate) fn person(&self) -> String {
        self.lookalikes.people(Face::Facebook).next().unwrap().key().to_owned()
    }

    pub(crate) async fn session(&mut self) -> Value {
        json(&self.get("/session").await)
    }

    /// A path below the base path.
    fn path(&self, path: &str) -> String {
        format!("{}{path}", self.auth.config().base_path)
    }
}

/// A request that is being put together.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) method: &'static str,
    pub(crate) target: String,
    pub(crate) headers: Vec<(HeaderName, String)>,
    pub(crate) body: String,
}

impl Ask {
    pub(crate) fn get(target: &str) -> Self {
        Self { method: "GET", target: target.to_owned(), headers: Vec::new(), body: String::new() }
    }

    pub(crate) fn post(target: &str, form: &[(&str, &str)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let post = Self { method: "POST", body, ..Self::get(target) };
        post.header("content-type", "application/x-www-form-urlencoded")
    }

    pub(crate) fn json(target: &str, body: &Value) -> Self {
        let post = Self { method: "POST", body: body.to_string(), ..Self::get(target) };
        post.header("content-type", "application/json")
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((HeaderName::from_static(name), value.into()));
        self
    }

    /// By a script that wants `{"url": …}` instead of a redirect.
    pub(crate) fn by_client(self) -> Self {
        self.header("x-auth-return-redirect", "1")
    }
}

pub(crate) fn json(response: &Response<Bytes>) -> Value {
    assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
    serde_json::from_slice(response.body()).unwrap()
}

pub(crate) fn location(response: &Response<Bytes>) -> String {
    response.headers()[LOCATION].to_str().unwrap().to_owned()
}

pub(crate) fn set_cookies(response: &Response<Bytes>) -> Vec<String> {
    let cookies = response.headers().get_all(SET_COOKIE).iter();
    cookies.map(|cookie| cookie.to_str().unwrap().to_owned()).collect()
}

/// The names of the cookies that an answer sets or clears.
pub(crate) fn set_names(response: &Response<Bytes>) -> Vec<String> {
    let cookies = set_cookies(response).into_iter();
    cookies.map(|cookie| cookie.split_once('=').unwrap().0.to_owned()).collect()
}

/// The path that an address leads to on our origin, and the parameters in its query but for the reference.
pub(crate) fn page_of(address: &str) -> (String, Vec<(String, String)>) {
    let url = Url::parse(APP).unwrap().join(address).unwrap();
    let query = url.query_pairs().into_owned().filter(|(name, _)| name != "ref").collect();
    (url.path().to_owned(), query)
}

/// The code that an address tells.
pub(crate) fn error_of(address: &str) -> Option<String> {
    page_of(address).1.into_iter().find(|(name, _)| name == "error").map(|(_, code)| code)
}
