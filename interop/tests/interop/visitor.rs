//! Somebody at `Auth::handle` without a browser: cookies in hand, forms filled in.

use std::collections::BTreeMap;

use betancourt_auth::Auth;
use betancourt_auth_dev::{Face, LookAlikes};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderMap, HeaderValue, Request, Response};
use serde_json::Value;
use url::Url;
use url::form_urlencoded::Serializer;

/// One person, and what their browser would keep.
pub(crate) struct Visitor<'a> {
    auth: &'a Auth,
    cookies: BTreeMap<String, String>,
}

impl<'a> Visitor<'a> {
    pub(crate) fn new(auth: &'a Auth) -> Self {
        Self { auth, cookies: BTreeMap::new() }
    }

    /// Signs in as somebody at a look-alike.
    pub(crate) async fn sign_in(&mut self, look_alikes: &LookAlikes, face: Face, person: &str) {
        let begun = self.post(&format!("/signin/{}", face.id()), &[]).await;
        let authorize = begun.headers()[LOCATION].to_str().unwrap();
        let back = look_alikes.approve(authorize, person).await.unwrap();
        let arrived = self.send(Request::get(back.location().as_str()), Bytes::new()).await;
        let home = Url::parse(arrived.headers()[LOCATION].to_str().unwrap()).unwrap();
        assert_eq!(home, self.auth.config().url);
    }

    /// Posts a form to an action, with the token that belongs in it.
    pub(crate) async fn post(&mut self, action: &str, fields: &[(&str, &str)]) -> Response<Bytes> {
        let csrf = self.get("/csrf").await;
        let mut form = Serializer::new(String::new());
        form.append_pair("csrfToken", csrf["csrfToken"].as_str().unwrap()).extend_pairs(fields);
        let request = Request::post(self.address(action).as_str())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, form.finish().into()).await
    }

    /// What an action says in JSON.
    pub(crate) async fn get(&mut self, action: &str) -> Value {
        let answer = self.send(Request::get(self.address(action).as_str()), Bytes::new()).await;
        serde_json::from_slice(answer.body()).unwrap()
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Comes with a cookie that somebody else made.
    pub(crate) fn with_cookie(mut self, name: &str, value: &str) -> Self {
        self.cookies.insert(name.to_owned(), value.to_owned());
        self
    }

    fn address(&self, action: &str) -> Url {
        let config = self.auth.config();
        config.url.join(&format!("{}{action}", config.base_path)).unwrap()
    }

    async fn send(&mut self, request: http::request::Builder, body: Bytes) -> Response<Bytes> {
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let host = self.auth.config().url.authority().to_owned();
        let request = request.header("host", host).header(COOKIE, cookies.join("; "));
        let answer = self.auth.handle(request.body(body).unwrap()).await;
        self.keep(answer.headers());
        answer
    }

    fn keep(&mut self, headers: &HeaderMap) {
        for set in headers.get_all(SET_COOKIE).iter().map(HeaderValue::to_str) {
            let (cookie, attributes) = set.unwrap().split_once("; ").unwrap();
            let (name, value) = cookie.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
