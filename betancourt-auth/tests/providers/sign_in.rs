//! One person who signs in at one provider of the catalogue, from the button to the session.

use std::collections::BTreeMap;
use std::sync::Arc;

use betancourt_auth::provider::{Algorithm, CATALOGUE, Protocol, Provider, Quirk, Registration};
use betancourt_auth::store::MemoryStore;
use betancourt_auth::testing::ManualClock;
use betancourt_auth::{AccountKey, Auth, Config, User};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use http::{Request, Response};
use serde_json::Value;
use time::OffsetDateTime;
use url::{Url, form_urlencoded};

use crate::upstream::{Endpoints, Upstream};
use crate::{CLIENT_ID, CLIENT_SECRET, NOW};

const APP: &str = "https://app.example.com";
const SECRET: &str = "a secret of at least 32 characters!!";

/// What came of it.
pub(crate) struct SignedIn {
    auth: Auth,
    id: String,
    /// The provider in `GET /providers`.
    pub(crate) told: Value,
    /// Where the browser was sent.
    pub(crate) authorization: Url,
    /// What the provider was asked, in order.
    pub(crate) asked: Vec<Request<Bytes>>,
}

impl SignedIn {
    /// Signs a recorded person in at the provider of the same id.
    pub(crate) async fn with(there: &Value, person: &Value) -> Self {
        Self::told(there, person, None).await
    }

    /// The same, with documents that say something else than the ID token.
    pub(crate) async fn told(there: &Value, person: &Value, document: Option<&Value>) -> Self {
        let id = there["id"].as_str().unwrap();
        let registration = Registration::new(provider(id), CLIENT_ID, CLIENT_SECRET);
        let by_form = registration.provider.quirks.contains(&Quirk::FormPost);
        let upstream = Upstream::new(&registration.provider, endpoints(there), person.clone());
        if let Some(document) = document {
            upstream.says(document);
        }
        let mut config = Config::new(APP, SECRET).unwrap();
        config.registrations = vec![registration];
        config.http_client = Some(Arc::new(upstream.clone()));
        let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
        config.clock = Arc::new(ManualClock::at(now));
        let mut browser = Browser {
            auth: Auth::new(config, MemoryStore::default()).unwrap(),
            cookies: BTreeMap::new(),
        };

        let told = browser.get("/auth/providers").await;
        let token = browser.get("/auth/csrf").await["csrfToken"].as_str().unwrap().to_owned();
        let begun = browser.post(&format!("/auth/signin/{id}"), &[("csrfToken", &token)]).await;
        let authorization = Url::parse(begun.headers()[LOCATION].to_str().unwrap()).unwrap();
        upstream.visit(&authorization);
        let state = authorization.query_pairs().find(|(name, _)| name == "state");
        let (_, state) = state.unwrap_or_else(|| panic!("{id} begins at {authorization}"));
        let user = person["user"].to_string();
        let answer = [("code", "code"), ("state", &state), ("user", &user)];
        let path = format!("/auth/callback/{id}");
        if by_form {
            browser.post(&path, &answer).await;
        } else {
            let query =
                form_urlencoded::Serializer::new(String::new()).extend_pairs(answer).finish();
            browser.send(Request::get(format!("{path}?{query}")), String::new()).await;
        }
        let (told, id) = (told[id].clone(), id.to_owned());
        Self { auth: browser.auth, id, told, authorization, asked: upstream.asked() }
    }

    /// The user whom the account with that subject belongs to.
    pub(crate) async fn user(&self, subject: &str) -> Option<User> {
        let key = AccountKey::new(self.id.clone(), subject);
        let account = self.auth.store().account(&key).await.unwrap()?;
        self.auth.store().user(&account.user_id).await.unwrap()
    }
}

/// The provider of the catalogue, wherever Auth.js had it when it was recorded. Its ID tokens are signed here.
pub(crate) fn provider(id: &str) -> Provider {
    let entry = CATALOGUE.iter().find(|entry| entry.id == id).expect(id);
    let address = match id {
        "netsuite" => "https://account.restlets.api.netsuite.com/me",
        _ => "https://issuer.example.com",
    };
    let mut provider = entry.provider(entry.needs_address().then_some(address)).unwrap();
    if let Protocol::OpenIdConnect { algorithms, .. } = &mut provider.protocol
        && *algorithms != [Algorithm::Hs256]
    {
        *algorithms = vec![Algorithm::Es256];
    }
    provider
}

/// The endpoints that discovery leads to: as recorded, or as they were made up there.
pub(crate) fn endpoints(there: &Value) -> Endpoints {
    let recorded = |name: &str| {
        let url = there[name]["url"].as_str().filter(|_| there[name]["discovered"] != true);
        url.map_or_else(|| format!("https://discovered.example.com/{name}"), str::to_owned)
    };
    let redirect = there["authorize_redirect"].as_str().unwrap_or_default();
    Endpoints {
        authorization: redirect.split('?').next().unwrap().to_owned(),
        token: recorded("token"),
        user_info: recorded("userinfo"),
    }
}

struct Browser {
    auth: Auth,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    async fn get(&mut self, path: &str) -> Value {
        let answer = self.send(Request::get(path), String::new()).await;
        serde_json::from_slice(answer.body()).unwrap()
    }

    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Response<Bytes> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::post(path);
        self.send(request.header(CONTENT_TYPE, "application/x-www-form-urlencoded"), body).await
    }

    async fn send(&mut self, request: http::request::Builder, body: String) -> Response<Bytes> {
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header(HOST, "app.example.com").header(COOKIE, cookies.join("; "));
        let answer = self.auth.handle(request.body(Bytes::from(body)).unwrap()).await;
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }
}
