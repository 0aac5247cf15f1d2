//! A random token in a cookie, its hash in the store.

use http::HeaderValue;
use http::header::{CACHE_CONTROL, HeaderMap, SET_COOKIE, VARY};
use time::OffsetDateTime;

use crate::config::Setup;
use crate::cookie::{self, Cookies};
use crate::error::{Error, ErrorKind};
use crate::model::{AuditEvent, AuditKind, Session, SessionDetails, StoredToken};
use crate::request::Presented;
use crate::secret;
use crate::store::{NewSession, StoreError, StoreErrorKind};
use crate::witness::{Issued, Linked, Tie};

/// Who is asking, and what their browser must be told.
///
/// An adapter resolves it once a request and calls [`Visit::apply`] on the answer.
#[derive(Debug, Default)]
pub struct Visit {
    session: Option<Session>,
    token: Option<StoredToken>,
    cookies: Vec<HeaderValue>,
}

impl Visit {
    /// The session, if somebody is signed in.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// Puts on an answer what follows from the visit: the renewed or cleared cookie, and for an answer made for
    /// somebody, `Cache-Control: private, no-store` unless the answer has its own.
    pub fn apply(&self, headers: &mut HeaderMap) {
        for cookie in &self.cookies {
            headers.append(SET_COOKIE, cookie.clone());
        }
        headers.append(VARY, HeaderValue::from_static("Cookie"));
        if self.session.is_some() || !self.cookies.is_empty() {
            headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-store"));
        }
    }

    /// The session alone.
    #[must_use]
    pub fn into_session(self) -> Option<Session> {
        self.session
    }

    pub(crate) fn into_cookies(self) -> Vec<HeaderValue> {
        self.cookies
    }

    /// The session together with the token that it was found by.
    pub(crate) fn presented(&self) -> Option<(&StoredToken, &Session)> {
        self.token.as_ref().zip(self.session.as_ref())
    }

    /// Nobody, and the cookie that said otherwise is cleared.
    fn nobody(setup: &Setup) -> Self {
        let cleared = cookie::header(&setup.cookies.clear(setup.cookies.session()));
        Self { cookies: cleared.into_iter().collect(), ..Self::default() }
    }
}

/// Finds the session of the presented cookie, and moves its end when that is due.
///
/// # Errors
/// [`ErrorKind::Store`]: a store that is down is never "nobody".
pub(crate) async fn visit(setup: &Setup, cookies: &Cookies) -> Result<Visit, Error> {
    let token = match Presented::read(cookies, setup.cookies.session()) {
        Presented::Nothing => return Ok(Visit::default()),
        Presented::Malformed => return Ok(Visit::nobody(setup)),
        Presented::Several => {
            tracing::warn!(
                reason = ErrorKind::CookieDuplicate.reason(),
                "two session cookies came at once"
            );
            return Ok(Visit::nobody(setup));
        }
        Presented::Token(token) => token,
    };
    let now = setup.now();
    let Some(session) = setup.store.session(&token).await.map_err(store_failed)? else {
        return Ok(Visit::nobody(setup));
    };
    if session.expires <= now {
        setup.store.end_session(&token, &[]).await.map_err(store_failed)?;
        return Ok(Visit::nobody(setup));
    }
    extend(setup, cookies, token, session, now).await
}

/// Moves the end of a session that was last moved `update_age` ago, but never beyond its absolute end.
async fn extend(
    setup: &Setup,
    cookies: &Cookies,
    token: StoredToken,
    mut session: Session,
    now: OffsetDateTime,
) -> Result<Visit, Error> {
    let rules = &setup.config.session;
    let is_due = session.expires - rules.max_age + rules.update_age <= now;
    let end = session.details.as_ref().map(|details| details.created_at + rules.absolute_age);
    let expires = end.map_or(now + rules.max_age, |end| end.min(now + rules.max_age));
    if !is_due || expires <= session.expires {
        return Ok(Visit { session: Some(session), token: Some(token), cookies: Vec::new() });
    }
    if !setup.store.extend(&token, expires).await.map_err(store_failed)? {
        return Ok(Visit::nobody(setup)); // ended in between
    }
    session.expires = expires;
    let renewed = match cookies.find(setup.cookies.session()) {
        cookie::Found::One(value) => session_cookie(setup, value, expires),
        cookie::Found::Nothing | cookie::Found::Several => None,
    };
    Ok(Visit { session: Some(session), token: Some(token), cookies: renewed.into_iter().collect() })
}

/// Why there is no session after all.
#[derive(Debug)]
pub(crate) enum Lost {
    /// Another writer was first: the rules must be asked again.
    Race(Box<Linked>),
    /// Nothing can be written.
    Failed(Error),
}

/// Makes a new session for a linked identity, in one transaction with everything that is new about it.
///
/// # Errors
/// [`Lost`].
pub(crate) async fn issue(setup: &Setup, linked: Box<Linked>) -> Result<Issued, Lost> {
    let random = &*setup.config.random;
    let no_randomness = |error| Lost::Failed(Error::because(ErrorKind::Randomness, error));
    let token = secret::random_token(random).map_err(no_randomness)?;
    let session = new_session(setup, &linked, StoredToken::hashed(&token));
    let written = write(setup, &linked, &session).await;
    let evicted = match written {
        Ok(evicted) => evicted,
        Err(error) if error.kind() == StoreErrorKind::Conflict => return Err(Lost::Race(linked)),
        Err(error) => return Err(Lost::Failed(store_failed(error))),
    };
    if evicted > 0 {
        tracing::info!(reason = "session.evicted", user = %linked.user().id, evicted, "older sessions had to go");
    }
    let cookie = session_cookie(setup, &token, session.expires)
        .ok_or(Lost::Failed(ErrorKind::Randomness.into()))?;
    Ok(Issued::assertion(*linked, cookie))
}

async fn write(setup: &Setup, linked: &Linked, session: &NewSession) -> Result<u64, StoreError> {
    let kind = match linked.tie() {
        Tie::New => AuditKind::SignedUp,
        Tie::Added => AuditKind::AccountLinked,
        Tie::Known => AuditKind::SignedIn,
    };
    let mut event = AuditEvent::new(setup.now(), kind).about(&linked.user().id);
    event.provider = Some(linked.proof().key.provider.clone());
    event.network.clone_from(&linked.proof().visitor.network);
    let (store, account, audit) = (&setup.store, linked.account(), [event]);
    match linked.tie() {
        Tie::New => store.sign_up(linked.user(), account, session, &audit).await,
        Tie::Added => store.link(account, session, &audit).await,
        Tie::Known => store.sign_in(account, session, &audit).await,
    }
}

fn new_session(setup: &Setup, linked: &Linked, token: StoredToken) -> NewSession {
    let now = setup.now();
    let proof = linked.proof();
    let mut details = SessionDetails::new(now, proof.key.provider.clone());
    details.device.clone_from(&proof.visitor.device);
    NewSession {
        token,
        user_id: linked.user().id.clone(),
        expires: now + setup.config.session.max_age,
        details,
        replaces: proof.sessions.clone(),
        keep: setup.config.session.keep,
    }
}

/// Ends the session that was presented, and tells the browser to forget it.
///
/// # Errors
/// [`ErrorKind::Store`].
pub(crate) async fn end(
    setup: &Setup,
    visit: Visit,
    network: Option<String>,
) -> Result<Option<HeaderValue>, Error> {
    if let Some((token, session)) = visit.presented() {
        let mut event = AuditEvent::new(setup.now(), AuditKind::SignedOut).about(&session.user.id);
        event.network = network;
        setup.store.end_session(token, &[event]).await.map_err(store_failed)?;
        setup.config.events.sign_out(session).await;
    }
    Ok(cookie::header(&setup.cookies.clear(setup.cookies.session())))
}

fn session_cookie(setup: &Setup, token: &str, expires: OffsetDateTime) -> Option<HeaderValue> {
    cookie::header(&cookie::until(setup.cookies.cookie(setup.cookies.session(), token), expires))
}

fn store_failed(source: StoreError) -> Error {
    Error::because(ErrorKind::Store, source)
}
