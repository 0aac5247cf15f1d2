//! One application with the look-alikes and with members of its own, browsers that visit it, and a clock.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use betancourt_auth::clock::{Clock as _, SystemClock};
use betancourt_auth::provider::{Authorize, AuthorizeError, CredentialsProvider, Field, Submitted};
use betancourt_auth::store::{MemoryStore, Store};
use betancourt_auth::testing::ManualClock;
use betancourt_auth::{Auth, Config, Peer, Strategy, User, UserId};
use betancourt_auth_dev::{Callback, Face, LookAlikes, ResponseMode};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE, USER_AGENT};
use http::{HeaderMap, Request, Response};
use serde_json::Value;
use url::{Url, form_urlencoded};

pub(crate) const APP: &str = "http://localhost:3000";
const HOME: [u8; 4] = [203, 0, 113, 7];

/// Both ways to keep a session.
pub(crate) const STRATEGIES: [Strategy; 2] = [Strategy::Database, Strategy::Jwt];

/// Ana, who is known by her password, and what goes wrong on demand.
#[derive(Debug)]
pub(crate) struct Members;

#[async_trait]
impl Authorize for Members {
    async fn authorize(&self, submitted: &Submitted) -> Result<User, AuthorizeError> {
        assert!(submitted.field("csrfToken").is_none() && submitted.field("callbackUrl").is_none());
        let mut ana = User::new(UserId::new("member-1"));
        (ana.name, ana.email) = (Some("Ana".to_owned()), Some("ana@members.example".to_owned()));
        match (submitted.field("username"), submitted.field("password")) {
            (Some("ana"), Some("correct horse")) => Ok(ana),
            (Some("ana"), Some("expired")) => {
                Err(AuthorizeError::Rejected { code: "password_expired&error=x".into() })
            }
            (Some("outage"), _) => Err(AuthorizeError::Failed("the directory is down".into())),
            _ => Err(AuthorizeError::rejected()),
        }
    }

    async fn admits(&self, user: &User) -> bool {
        user.id.as_str() == "member-1"
    }
}

/// Credentials that [`Members`] judge.
pub(crate) fn members() -> CredentialsProvider {
    CredentialsProvider::new(Arc::new(Members))
        .with_fields([Field::text("username", "Name"), Field::password("password", "Password")])
}

/// An application, and one browser that visits it.
pub(crate) struct World {
    pub(crate) auth: Auth,
    pub(crate) clock: ManualClock,
    pub(crate) browser: Browser,
    pub(crate) lookalikes: LookAlikes,
}

/// What a browser keeps, by name and as it goes over the wire, and what it says of itself.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) jar: BTreeMap<String, String>,
    pub(crate) address: IpAddr,
    pub(crate) agent: &'static str,
}

impl Default for Browser {
    fn default() -> Self {
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
        Self { jar: BTreeMap::new(), address: HOME.into(), agent }
    }
}

impl Browser {
    fn cookies(&self) -> String {
        let pairs = self.jar.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }
}

impl World {
    pub(crate) async fn start(strategy: Strategy) -> Self {
        Self::with(strategy, |_| {}).await
    }

    /// With another configuration.
    pub(crate) async fn with(strategy: Strategy, change: impl FnOnce(&mut Config)) -> Self {
        Self::on(MemoryStore::default(), strategy, change).await
    }

    /// On another store.
    pub(crate) async fn on(
        store: impl Store + 'static,
        strategy: Strategy,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let lookalikes = LookAlikes::start(&format!("{APP}/auth")).await.unwrap();
        // The look-alikes live in real time.
        let clock = ManualClock::at(SystemClock.now());
        let mut config = Config::new(APP, "a secret of at least 32 characters!!").unwrap();
        config.registrations = lookalikes.registrations();
        config.credentials = vec![members()];
        config.clock = Arc::new(clock.clone());
        config.session.strategy = strategy;
        change(&mut config);
        let auth = Auth::new(config, store).unwrap();
        Self { auth, clock, browser: Browser::default(), lookalikes }
    }

    /// Sends what the browser would, and keeps the cookies that come back.
    pub(crate) async fn send(
        &mut self,
        request: http::request::Builder,
        body: String,
    ) -> Response<Bytes> {
        let request = request
            .header(HOST, "localhost:3000")
            .header(USER_AGENT, self.browser.agent)
            .header(COOKIE, self.browser.cookies())
            .extension(Peer(self.browser.address));
        let response = self.auth.handle(request.body(Bytes::from(body)).unwrap()).await;
        for cookie in response.headers().get_all(SET_COOKIE) {
            let (pair, attributes) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.browser.jar.remove(name);
            } else {
                self.browser.jar.insert(name.to_owned(), value.to_owned());
            }
        }
        response
    }

    pub(crate) async fn get(&mut self, path: &str) -> Response<Bytes> {
        self.send(Request::get(path), String::new()).await
    }

    /// Posts a form as it is.
    pub(crate) async fn post_form(&mut self, path: &str, form: &[(&str, &str)]) -> Response<Bytes> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, body).await
    }

    /// Posts a form of one of our pages, with the page's token in it.
    pub(crate) async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Response<Bytes> {
        let token = self.csrf().await;
        let form: Vec<_> = form.iter().copied().chain([("csrfToken", &*token)]).collect();
        self.post_form(path, &form).await
    }

    /// Posts JSON in the manner of a script, with a token in it.
    pub(crate) async fn post_json(&mut self, path: &str, mut body: Value) -> Response<Bytes> {
        body["csrfToken"] = self.csrf().await.into();
        let request = Request::post(path).header(CONTENT_TYPE, "application/json");
        self.send(request, body.to_string()).await
    }

    pub(crate) async fn csrf(&mut self) -> String {
        json(&self.get("/auth/csrf").await)["csrfToken"].as_str().unwrap().to_owned()
    }

    /// Signs in with credentials, or not.
    pub(crate) async fn enter(&mut self, name: &str, password: &str) -> Response<Bytes> {
        let form = [("username", name), ("password", password), ("callbackUrl", "/dashboard")];
        self.post("/auth/callback/credentials", &form).await
    }

    /// Begins at a provider, and says where that leads.
    pub(crate) async fn begin(&mut self, face: Face) -> String {
        let form = [("callbackUrl", "/dashboard")];
        location(&self.post(&format!("/auth/signin/{}", face.id()), &form).await)
    }

    /// Carries the provider's answer back, by the way the provider chose.
    pub(crate) async fn carry(&mut self, face: Face, callback: &Callback) -> Response<Bytes> {
        let path = format!("/auth/callback/{}", face.id());
        let pairs: Vec<_> =
            callback.parameters.iter().map(|(name, value)| (&**name, &**value)).collect();
        if callback.response_mode == ResponseMode::FormPost {
            return self.post_form(&path, &pairs).await;
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        self.get(&format!("{path}?{query}")).await
    }

    pub(crate) async fn approve(&self, authorize: &str, person: &str) -> Callback {
        self.lookalikes.approve(authorize, person).await.unwrap()
    }

    /// Signs in at a provider, and says where that leads.
    pub(crate) async fn sign_in(&mut self, face: Face) -> String {
        let person = self.person(face);
        let authorize = self.begin(face).await;
        let callback = self.approve(&authorize, &person).await;
        location(&self.carry(face, &callback).await)
    }

    /// The address of a provider's first person.
    pub(crate) fn person(&self, face: Face) -> String {
        self.lookalikes.people(face).next().unwrap().key().to_owned()
    }

    /// What a handler of the application sees of the browser's request.
    pub(crate) fn headers(&self) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, self.browser.cookies().parse().unwrap())])
    }

    pub(crate) async fn session(&mut self) -> Value {
        json(&self.get("/auth/session").await)
    }
}

pub(crate) fn json(response: &Response<Bytes>) -> Value {
    assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
    serde_json::from_slice(response.body()).unwrap()
}

pub(crate) fn location(response: &Response<Bytes>) -> String {
    response.headers()[LOCATION].to_str().unwrap().to_owned()
}

/// The path that an address leads to, and the parameters in its query but for the reference.
pub(crate) fn page_of(address: &str) -> (String, Vec<(String, String)>) {
    let url = Url::parse(APP).unwrap().join(address).unwrap();
    let query = url.query_pairs().into_owned().filter(|(name, _)| name != "ref").collect();
    (url.path().to_owned(), query)
}

/// Fails unless an answer leads to the sign-in page or the error page with exactly that query.
#[track_caller]
pub(crate) fn assert_refused(response: &Response<Bytes>, page: &str, query: &[(&str, &str)]) {
    let (path, found) = page_of(&location(response));
    let found: Vec<_> = found.iter().map(|(name, value)| (&**name, &**value)).collect();
    assert_eq!((path.as_str(), found.as_slice()), (page, query));
    let sets_a_session = |cookie: &http::HeaderValue| {
        let cookie = cookie.to_str().unwrap();
        cookie.contains("session-token") && !cookie.contains("Max-Age=0")
    };
    assert!(!response.headers().get_all(SET_COOKIE).iter().any(sets_a_session));
}
