//! Who is asking, and what their browser must be told.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use http::HeaderValue;
use http::header::{CACHE_CONTROL, HeaderMap, SET_COOKIE, VARY};

use crate::config::Setup;
use crate::cookie::Cookies;
use crate::model::Session;
use crate::presented::{self, SessionKey};

/// Who is asking, and what their browser must be told.
///
/// An adapter resolves it once a request and calls [`Visit::apply`] on the answer.
///
/// `Debug` leaves the cookies out, which open the session.
#[derive(Default)]
pub struct Visit {
    session: Option<Arc<Session>>,
    key: Option<SessionKey>,
    is_recalled: bool,
    cookies: Vec<HeaderValue>,
}

impl Debug for Visit {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Visit")
            .field("session", &self.session)
            .field("is_recalled", &self.is_recalled)
            .finish_non_exhaustive()
    }
}

impl Visit {
    /// The session, if somebody is signed in.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.session.as_deref()
    }

    /// Puts on an answer what follows from the visit: the renewed or cleared cookie, and for an answer made for
    /// somebody, `Cache-Control: private, no-store` unless the answer has its own.
    pub fn apply(&self, headers: &mut HeaderMap) {
        for cookie in &self.cookies {
            headers.append(SET_COOKIE, cookie.clone());
        }
        if !headers.get_all(VARY).iter().any(|vary| vary == "Cookie") {
            headers.append(VARY, HeaderValue::from_static("Cookie"));
        }
        if self.session.is_some() || !self.cookies.is_empty() {
            headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-store"));
        }
    }

    /// The session alone.
    #[must_use]
    pub fn into_session(self) -> Option<Session> {
        self.session.map(Arc::unwrap_or_clone)
    }

    /// The session, if somebody is signed in, for whoever keeps it beyond the visit.
    pub(crate) fn shared_session(&self) -> Option<Arc<Session>> {
        self.session.clone()
    }

    pub(crate) fn into_cookies(self) -> Vec<HeaderValue> {
        self.cookies
    }

    /// The session together with what it was found by.
    pub(crate) fn presented(&self) -> Option<(&SessionKey, &Session)> {
        self.key.as_ref().zip(self.session.as_deref())
    }

    /// Whether the store said so a moment ago, and not now.
    pub(super) fn is_recalled(&self) -> bool {
        self.is_recalled
    }

    /// Somebody, as the store said a moment ago.
    pub(super) fn recalled(session: Arc<Session>, key: SessionKey) -> Self {
        Self { session: Some(session), key: Some(key), is_recalled: true, cookies: Vec::new() }
    }

    /// Somebody, and the cookies that renew the session, if that was due.
    pub(super) fn of(session: Session, key: SessionKey, cookies: Vec<HeaderValue>) -> Self {
        Self { session: Some(Arc::new(session)), key: Some(key), is_recalled: false, cookies }
    }

    /// Nobody, and the cookie that said otherwise is cleared.
    pub(super) fn nobody(setup: &Setup, cookies: &Cookies) -> Self {
        Self { cookies: presented::forget(setup, cookies), ..Self::default() }
    }
}
