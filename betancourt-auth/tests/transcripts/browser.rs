//! The browser of a scenario: it sends the recorded requests, one after the other.
//!
//! What Auth.js put into it is sent as it was recorded: its CSRF tokens and its sealed sessions are valid here. In place
//! of what cannot be carried over stands ours: session tokens, `state`, and the handshake instead of the three cookies
//! of an attempt.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE};
use url::form_urlencoded::Serializer;

use crate::provider::Begun;
use crate::recording::{CHECKS, Exchange, Request, pairs};
use crate::stand_ins::StandIns;

const CSRF: &str = "authjs.csrf-token";
const FORM: &str = "application/x-www-form-urlencoded";

/// See the module.
#[derive(Default)]
pub(crate) struct Browser {
    pub(crate) pairs: StandIns,
    /// The cookies that we set, by the recorded ones in whose place they stand.
    cookies: BTreeMap<String, String>,
    /// The CSRF cookie that came with the latest sign-in: Auth.js leaves a browser the one it has.
    renewed_csrf: Option<String>,
    /// The latest attempt, and its cookie.
    begun: Option<(Begun, String)>,
}

impl Browser {
    /// Takes one value of a cookie in place of another.
    pub(crate) fn stand_in(&mut self, theirs: &str, ours: &str) {
        self.pairs.pair(theirs, ours);
        self.cookies.insert(theirs.to_owned(), ours.to_owned());
    }

    /// The request that begins the attempt which the recorded one ends. For mail there is an address.
    pub(crate) fn beginning(
        &self,
        recorded: &Request,
        provider: &str,
        address: Option<&str>,
    ) -> http::Request<Bytes> {
        let url = recorded.url.join(&format!("/auth/signin/{provider}")).unwrap();
        let callback_url = recorded.cookie("authjs.callback-url").unwrap();
        let csrf = self.renewed_csrf.as_deref().or(recorded.cookie(CSRF)).unwrap();
        let mut form = Serializer::new(String::new());
        form.append_pair("csrfToken", csrf.split("%7C").next().unwrap());
        form.append_pair("callbackUrl", &pairs(&format!("_={callback_url}")).remove(0).1);
        form.extend_pairs(address.map(|address| ("email", address)));
        let mut cookies = self.cookies(recorded);
        cookies.retain(|cookie| !cookie.starts_with(CSRF));
        cookies.push(format!("{CSRF}={csrf}"));
        http::Request::post(url.as_str())
            .header(COOKIE, cookies.join("; "))
            .header(CONTENT_TYPE, FORM)
            .body(Bytes::from(form.finish()))
            .unwrap()
    }

    /// Keeps the cookie of an attempt that has begun.
    pub(crate) fn begin(&mut self, begun: Begun, set_cookies: &[String]) {
        let handshake = set_cookies.iter().find(|cookie| cookie.contains("authjs.handshake."));
        let handshake = handshake.and_then(|cookie| cookie.split("; ").next()).unwrap();
        self.begun = Some((begun, handshake.to_owned()));
    }

    /// The recorded request with ours in place of what cannot be carried over. `attempt`: it ends one.
    pub(crate) fn request(&self, recorded: &Request, attempt: bool) -> http::Request<Bytes> {
        let attempt = self.begun.as_ref().filter(|_| attempt);
        // A provider hands back the `state` that it was given: where Auth.js gave it none, we did.
        let state = attempt.filter(|_| recorded.cookie("authjs.state").is_none());
        let state = state.map(|(begun, _)| ("state".to_owned(), begun.state.clone()));
        let (in_query, in_body) = if recorded.is_post() { (None, state) } else { (state, None) };

        let mut url = recorded.url.clone();
        let query = self.carried(url.query().unwrap_or_default(), in_query);
        url.set_query(Some(&*query).filter(|query| !query.is_empty()));
        let body = recorded.body.as_deref().unwrap_or_default();
        let body = match recorded.headers.get("content-type").map(String::as_str) {
            Some(FORM) => self.carried(body, in_body),
            _ => body.to_owned(),
        };
        let mut cookies = self.cookies(recorded);
        cookies.extend(attempt.map(|(_, handshake)| handshake.clone()));

        let mut sent = http::Request::builder().method(&*recorded.method).uri(url.as_str());
        for (name, value) in recorded.headers.iter().filter(|(name, _)| *name != "cookie") {
            sent = sent.header(name, value);
        }
        if !cookies.is_empty() {
            sent = sent.header(COOKIE, cookies.join("; "));
        }
        sent.body(Bytes::from(body)).unwrap()
    }

    /// Parameters with ours in place of theirs, and one more.
    fn carried(&self, parameters: &str, further: Option<(String, String)>) -> String {
        let ours = |(name, value): (String, String)| match (&*name, &self.begun) {
            ("state", Some((begun, _))) if value.starts_with("eyJ") => (name, begun.state.clone()),
            _ => (name, self.pairs.ours(&value).to_owned()),
        };
        let carried = pairs(parameters).into_iter().map(ours).chain(further);
        Serializer::new(String::new()).extend_pairs(carried).finish()
    }

    /// The cookies but those of an attempt.
    fn cookies(&self, recorded: &Request) -> Vec<String> {
        let kept = recorded.cookies().into_iter();
        let kept = kept.filter(|(name, _)| !CHECKS.iter().any(|check| name.ends_with(check)));
        let ours = |value| self.cookies.get(value).map_or(value, String::as_str);
        kept.map(|(name, value)| format!("{name}={}", ours(value))).collect()
    }

    /// Keeps the cookies that were set, each in place of the recorded one of its name.
    pub(crate) fn keep(&mut self, exchange: &Exchange, set_cookies: &[String]) {
        let recorded: BTreeMap<_, _> =
            exchange.response.set_cookie.iter().map(|cookie| split(cookie)).collect();
        for (name, ours) in set_cookies.iter().map(|cookie| split(cookie)) {
            if let Some(theirs) = recorded.get(name).filter(|_| !ours.is_empty()) {
                self.cookies.insert((*theirs).to_owned(), ours.to_owned());
            } else if name == CSRF {
                self.renewed_csrf = Some(ours.to_owned());
            }
        }
    }
}

/// The name and the value of a `Set-Cookie` header.
pub(crate) fn split(set_cookie: &str) -> (&str, &str) {
    set_cookie.split("; ").next().and_then(|pair| pair.split_once('=')).unwrap()
}
