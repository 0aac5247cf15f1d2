//! What the promises are told with: an application in which Ana is signed in, and who asks it for something.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration as Wait;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_TYPE, COOKIE, HOST, HeaderMap, REFERRER_POLICY, SET_COOKIE,
    VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{Method, Request, Response};
use serde_json::Value;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use url::form_urlencoded::Serializer;

use super::{Site, Start};
use crate::auth::Auth;
use crate::config::Config;
use crate::model::{Account, AccountKey, SessionDetails, StoredToken, User, UserId};
use crate::provider::{Authorize, AuthorizeError, CredentialsProvider, Submitted};
use crate::request::Peer;
use crate::store::{Keeping, MemoryStore, NewSession, Store as _};
use crate::testing::{ManualClock, WatchedStore};

/// The present of every promise.
const NOW: OffsetDateTime = datetime!(2033-05-18 03:33:20 UTC);
pub(super) const HOME: [u8; 4] = [203, 0, 113, 7];
pub(super) const TOKEN: &str = "a-session-token-of-the-usual-length-0123456";
/// Every page of the application that asks who is there, and what it says to Ana the administrator.
pub(super) const GUARDED: [(&str, &str); 10] = [
    ("/", "Ana Prada"),
    ("/dashboard", "Hello Ana Prada"),
    ("/admin", "At your service, Ana Prada"),
    ("/often", "often"),
    ("/cookies", "cookies"),
    ("/cached", "cached"),
    ("/inner/deep", "deep"),
    ("/members/room", "room"),
    ("/members/minutes", "minutes"),
    ("/office/books", "books"),
];

/// An application that runs, and what is behind it.
pub(super) struct Stage<S> {
    pub(super) site: S,
    pub(super) auth: Auth,
    pub(super) store: WatchedStore,
    pub(super) clock: ManualClock,
}

/// Judges Ana by her password.
#[derive(Debug)]
struct Members;

#[async_trait]
impl Authorize for Members {
    async fn authorize(&self, submitted: &Submitted) -> Result<User, AuthorizeError> {
        match submitted.field("password") {
            Some("correct horse battery staple") => Ok(ana()),
            Some(_) | None => Err(AuthorizeError::rejected()),
        }
    }
}

pub(super) fn ana() -> User {
    let mut user = User::new(UserId::new("ana"));
    user.name = Some("Ana Prada".to_owned());
    user
}

/// An application with the usual configuration.
pub(super) async fn stage<F: Start>(start: F) -> Stage<F::Site> {
    stage_with(start, |_| {}).await
}

/// The same with another one. Ana is there, and one session of hers.
pub(super) async fn stage_with<F: Start>(
    start: F,
    change: impl FnOnce(&mut Config),
) -> Stage<F::Site> {
    let (store, clock) = (WatchedStore::new(MemoryStore::default()), ManualClock::at(NOW));
    let user = ana();
    let account = Account::new(AccountKey::new("google", "1042"), user.id.clone(), "oidc");
    let session = NewSession {
        token: StoredToken::hashed(TOKEN),
        keeping: Keeping::Stored,
        user_id: user.id.clone(),
        expires: NOW + Duration::days(30),
        details: SessionDetails::new(NOW, "google"),
        origin: None,
        replaces: Vec::new(),
        keep: 10,
    };
    store.sign_up(&user, Some(&account), &session, &[]).await.unwrap();
    let secret = "a secret of at least 32 characters!!";
    let mut config = Config::new("http://localhost:3000", secret).unwrap();
    config.clock = Arc::new(clock.clone());
    let mut credentials = CredentialsProvider::new(Arc::new(Members));
    credentials.refusal_takes = Wait::ZERO;
    config.credentials.push(credentials);
    change(&mut config);
    let auth = Auth::new(config, store.clone()).unwrap();
    let site = start(auth.clone()).await;
    Stage { site, auth, store, clock }
}

impl<S> Stage<S> {
    /// Ana becomes an administrator, or something else.
    pub(super) async fn make(&self, role: &str) {
        assert!(self.auth.set_role(&ana().id, role).await.unwrap());
    }
}

/// What somebody asks for.
#[derive(Clone)]
pub(super) struct Ask {
    method: Method,
    target: String,
    headers: Vec<(&'static str, String)>,
    peer: IpAddr,
    body: String,
}

/// A page, as a browser asks for it in which nobody is signed in.
pub(super) fn ask(target: &str) -> Ask {
    Ask {
        method: Method::GET,
        target: target.to_owned(),
        headers: vec![("accept", "text/html".to_owned())],
        peer: HOME.into(),
        body: String::new(),
    }
}

impl Ask {
    pub(super) fn by(self, method: Method) -> Self {
        Self { method, ..self }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// In the browser in which Ana is signed in.
    pub(super) fn by_ana(self) -> Self {
        self.with(COOKIE.as_str(), format!("authjs.session-token={TOKEN}"))
    }

    pub(super) fn by_script(mut self) -> Self {
        self.headers.retain(|(name, _)| *name != ACCEPT.as_str());
        self.with("accept", "application/json").with("sec-fetch-mode", "cors")
    }

    pub(super) fn from(self, peer: [u8; 4]) -> Self {
        Self { peer: peer.into(), ..self }
    }

    pub(super) fn post(self, body: String) -> Self {
        let form = Self { body, ..self.by(Method::POST) };
        form.with(CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded")
    }

    pub(super) async fn of(self, site: &impl Site) -> Response<Bytes> {
        let mut request = Request::builder().method(self.method).uri(self.target);
        if !self.headers.iter().any(|(name, _)| *name == HOST.as_str()) {
            request = request.header(HOST, "localhost:3000");
        }
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        let request = request.extension(Peer(self.peer)).body(Bytes::from(self.body));
        site.send(request.unwrap()).await
    }
}

/// A browser with a jar, which signs in and out with forms.
#[derive(Default)]
pub(super) struct Browser {
    jar: BTreeMap<String, String>,
}

impl Browser {
    pub(super) async fn send(&mut self, ask: Ask, site: &impl Site) -> Response<Bytes> {
        let pairs: Vec<_> =
            self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = ask.with(COOKIE.as_str(), pairs.join("; ")).of(site).await;
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let (pair, attributes) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.jar.remove(name);
            } else {
                self.jar.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    pub(super) async fn get(&mut self, target: &str, site: &impl Site) -> Response<Bytes> {
        self.send(ask(target), site).await
    }

    /// Sends a form with a genuine token.
    pub(super) async fn submit(
        &mut self,
        target: &str,
        fields: &[(&str, &str)],
        site: &impl Site,
    ) -> Response<Bytes> {
        let csrf = self.send(ask("/auth/csrf").by_script(), site).await;
        let token = serde_json::from_slice::<Value>(csrf.body()).unwrap();
        let mut form = Serializer::new(String::new());
        form.append_pair("csrfToken", token["csrfToken"].as_str().unwrap()).extend_pairs(fields);
        let post = ask(target).post(form.finish()).with("origin", "http://localhost:3000");
        self.send(post, site).await
    }

    pub(super) async fn sign_in(&mut self, site: &impl Site) -> Response<Bytes> {
        let form = [("password", "correct horse battery staple"), ("callbackUrl", "/dashboard")];
        self.submit("/auth/callback/credentials", &form, site).await
    }

    pub(super) fn has(&self, cookie: &str) -> bool {
        self.jar.contains_key(cookie)
    }
}

/// All values of a header.
pub(super) fn all(headers: &HeaderMap, name: impl http::header::AsHeaderName) -> Vec<&str> {
    headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
}

/// An answer of ours: nobody keeps it, nobody guesses its type, nobody learns where it was from.
#[track_caller]
pub(super) fn assert_is_hardened(answer: &Response<Bytes>) {
    let headers = answer.headers();
    assert_eq!(all(headers, X_CONTENT_TYPE_OPTIONS), ["nosniff"], "{answer:?}");
    assert!(["no-referrer", "same-origin"].contains(&headers[REFERRER_POLICY].to_str().unwrap()));
    assert_eq!(all(headers, VARY), ["Cookie"], "{answer:?}");
    let kept = all(headers, CACHE_CONTROL);
    assert!(kept.len() == 1 && kept[0].contains("no-store"), "{answer:?}");
}
