//! A random token in a cookie, its hash in the store.

use std::sync::Arc;

use http::HeaderValue;
use time::OffsetDateTime;

use super::issue::{Drawn, new_session};
use super::{Occasion, Visit, last_seen};
use crate::config::Setup;
use crate::cookie::{self, Cookies, Found};
use crate::error::{Error, ErrorKind};
use crate::model::{Session, StoredToken};
use crate::presented::{self, SessionKey};
use crate::secret;
use crate::store::{Keeping, Recent};
use crate::witness::Linked;

/// Finds the session of a token, and moves its end when that is due. A page may rest on what the store said within
/// `cache_for`, and on what a copy of the store says, as long as there is nothing to write.
pub(super) async fn visit(
    setup: &Setup,
    cookies: &Cookies,
    token: StoredToken,
    occasion: Occasion<'_>,
) -> Result<Visit, Error> {
    let (now, cache_for) = (setup.now(), setup.config.session.cache_for);
    if cache_for.is_positive() && matches!(occasion, Occasion::Visit) {
        let recalled = setup.standings.recall(&token, now, cache_for);
        let resting = |session: &Arc<Session>| is_resting(setup, cookies, session, now);
        if let Some(session) = recalled.filter(resting) {
            let key = key(token, &session);
            return Ok(Visit::recalled(session, key));
        }
    }
    let recent = match occasion {
        Occasion::Visit => {
            setup.standings.read_recent(&token, now, cache_for, &*setup.store).await?
        }
        Occasion::Action | Occasion::Bearer | Occasion::Update(_) => {
            read(setup, &token, now).await?.map(Recent::now)
        }
    };
    let found = match recent {
        Some(Recent { value: session, as_of: Some(_) }) => {
            if is_resting(setup, cookies, &session, now) {
                let key = key(token, &session);
                return Ok(Visit::recalled(Arc::new(session), key));
            }
            read(setup, &token, now).await? // what is written rests on what is there
        }
        recent => recent.map(|recent| recent.value),
    };
    let Some(session) = found else { return Ok(Visit::nobody(setup, cookies)) };
    if session.expires <= now {
        setup.store.end_session(&token, &[]).await?;
        return Ok(Visit::nobody(setup, cookies));
    }
    extend(setup, cookies, key(token, &session), session, now).await
}

/// The session as it is.
async fn read(
    setup: &Setup,
    token: &StoredToken,
    now: OffsetDateTime,
) -> Result<Option<Session>, Error> {
    Ok(if setup.config.session.cache_for.is_positive() {
        setup.standings.read_stored(token, now, &*setup.store).await?
    } else {
        setup.store.session(token).await?
    })
}

fn key(token: StoredToken, session: &Session) -> SessionKey {
    let began_at = session.details.as_ref().map(|details| details.created_at);
    SessionKey { token, began_at: began_at.unwrap_or(OffsetDateTime::UNIX_EPOCH) }
}

/// Whether a session is alive and nothing about it is to be written, neither here nor in the browser.
fn is_resting(setup: &Setup, cookies: &Cookies, session: &Session, now: OffsetDateTime) -> bool {
    session.expires > now
        && due_end(setup, session, now).is_none()
        && !is_to_be_seen(setup, session, now)
        && !stands_elsewhere(setup, cookies)
}

/// Moves the end of a session where that is due.
async fn extend(
    setup: &Setup,
    cookies: &Cookies,
    key: SessionKey,
    mut session: Session,
    now: OffsetDateTime,
) -> Result<Visit, Error> {
    let Some(expires) = due_end(setup, &session, now) else {
        see(setup, &key, &mut session, now).await?;
        let moved = if stands_elsewhere(setup, cookies) {
            renewed(setup, cookies, session.expires)
        } else {
            Vec::new()
        };
        return Ok(Visit::of(session, key, moved));
    };
    if !setup.store.extend(&key.token, expires).await? {
        return Ok(Visit::nobody(setup, cookies)); // ended in between
    }
    session.expires = expires;
    Ok(Visit::of(session, key, renewed(setup, cookies, expires)))
}

/// The later end of a session that was last moved `update_age` ago, but never beyond its absolute end.
fn due_end(setup: &Setup, session: &Session, now: OffsetDateTime) -> Option<OffsetDateTime> {
    let rules = &setup.config.session;
    let is_due = session.expires - rules.max_age + rules.update_age <= now;
    let end = session.details.as_ref().map(|details| details.created_at + rules.absolute_age);
    let expires = end.map_or(now + rules.max_age, |end| end.min(now + rules.max_age));
    (is_due && expires > session.expires).then_some(expires)
}

/// Writes down that a session was used, where that is not known as exactly as it should be.
async fn see(
    setup: &Setup,
    key: &SessionKey,
    session: &mut Session,
    now: OffsetDateTime,
) -> Result<(), Error> {
    if is_to_be_seen(setup, session, now) {
        setup.store.touch(&key.token, now).await?;
        if let Some(details) = &mut session.details {
            details.seen_at = Some(now);
        }
    }
    Ok(())
}

fn is_to_be_seen(setup: &Setup, session: &Session, now: OffsetDateTime) -> bool {
    let known = setup.config.session.seen_every.zip(session.details.as_ref());
    known.is_some_and(|(every, details)| last_seen(setup, session.expires, details) + every <= now)
}

/// Whether the session stands under the name that NextAuth.js v4 gave it.
fn stands_elsewhere(setup: &Setup, cookies: &Cookies) -> bool {
    cookies.find(setup.cookies.session()) == Found::Nothing
}

/// The presented token under our own name, and nothing under that of v4 any more.
fn renewed(setup: &Setup, cookies: &Cookies, expires: OffsetDateTime) -> Vec<HeaderValue> {
    let Found::One(token) = presented::stored_token(setup, cookies) else { return Vec::new() };
    let mut renewed = setup.cookies.forget(presented::names_of_v4(setup, cookies));
    renewed.extend(session_cookie(setup, token, expires));
    renewed
}

/// Draws the token of a new session.
pub(super) fn draw(setup: &Setup, linked: &Linked) -> Result<Drawn, Error> {
    let token = secret::random_token(&*setup.config.random)
        .map_err(|error| Error::because(ErrorKind::Randomness, error))?;
    let stored = setup.token_storage.stored(&token);
    let session = new_session(setup, linked, stored, Keeping::Stored);
    let cookie = session_cookie(setup, &token, session.expires).ok_or(ErrorKind::Randomness)?;
    let old = setup.config.session.reads_v4.then(|| setup.cookies.session_of_v4());
    let mut cookies = setup.cookies.forget(old);
    cookies.push(cookie);
    Ok(Drawn { session, cookies })
}

fn session_cookie(setup: &Setup, token: &str, expires: OffsetDateTime) -> Option<HeaderValue> {
    cookie::header(&cookie::until(setup.cookies.cookie(setup.cookies.session(), token), expires))
}
