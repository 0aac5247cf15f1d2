//! A random token in a cookie, its hash in the store.

use http::HeaderValue;
use time::OffsetDateTime;

use super::Visit;
use super::issue::{Drawn, new_session};
use crate::config::Setup;
use crate::cookie::{self, Cookies};
use crate::error::{Error, ErrorKind};
use crate::model::{Session, StoredToken};
use crate::presented::SessionKey;
use crate::secret;
use crate::store::Keeping;
use crate::witness::Linked;

/// Finds the session of a token, and moves its end when that is due.
pub(super) async fn visit(
    setup: &Setup,
    cookies: &Cookies,
    token: StoredToken,
) -> Result<Visit, Error> {
    let now = setup.now();
    let Some(session) = setup.store.session(&token).await? else {
        return Ok(Visit::nobody(setup, cookies));
    };
    if session.expires <= now {
        setup.store.end_session(&token, &[]).await?;
        return Ok(Visit::nobody(setup, cookies));
    }
    let began_at = session.details.as_ref().map(|details| details.created_at);
    let key = SessionKey { token, began_at: began_at.unwrap_or(OffsetDateTime::UNIX_EPOCH) };
    extend(setup, cookies, key, session, now).await
}

/// Moves the end of a session that was last moved `update_age` ago, but never beyond its absolute end.
async fn extend(
    setup: &Setup,
    cookies: &Cookies,
    key: SessionKey,
    mut session: Session,
    now: OffsetDateTime,
) -> Result<Visit, Error> {
    let rules = &setup.config.session;
    let is_due = session.expires - rules.max_age + rules.update_age <= now;
    let end = session.details.as_ref().map(|details| details.created_at + rules.absolute_age);
    let expires = end.map_or(now + rules.max_age, |end| end.min(now + rules.max_age));
    if !is_due || expires <= session.expires {
        return Ok(Visit::of(session, key, Vec::new()));
    }
    if !setup.store.extend(&key.token, expires).await? {
        return Ok(Visit::nobody(setup, cookies)); // ended in between
    }
    session.expires = expires;
    let renewed = match cookies.find(setup.cookies.session()) {
        cookie::Found::One(value) => session_cookie(setup, value, expires),
        cookie::Found::Nothing | cookie::Found::Several => None,
    };
    Ok(Visit::of(session, key, renewed.into_iter().collect()))
}

/// Draws the token of a new session.
pub(super) fn draw(setup: &Setup, linked: &Linked) -> Result<Drawn, Error> {
    let token = secret::random_token(&*setup.config.random)
        .map_err(|error| Error::because(ErrorKind::Randomness, error))?;
    let stored = setup.token_storage.stored(&token);
    let session = new_session(setup, linked, stored, Keeping::Stored);
    let cookie = session_cookie(setup, &token, session.expires).ok_or(ErrorKind::Randomness)?;
    Ok(Drawn { session, cookies: vec![cookie] })
}

fn session_cookie(setup: &Setup, token: &str, expires: OffsetDateTime) -> Option<HeaderValue> {
    cookie::header(&cookie::until(setup.cookies.cookie(setup.cookies.session(), token), expires))
}
