//! Issues, finds, renews and ends sessions, whichever way they are kept.

mod from_provider;
mod issue;
mod over;
mod sealed;
mod stored;
mod visit;

use http::header::{HeaderMap, HeaderValue};
use serde_json::Value;
use time::OffsetDateTime;

use crate::config::{Setup, Strategy};
use crate::cookie::Cookies;
use crate::error::{Error, ErrorKind};
use crate::model::{AuditEvent, AuditKind, SessionDetails, User};
use crate::presented::{self, Presented};
use crate::request::Request;

pub(crate) use from_provider::end_from;
pub(crate) use issue::{Lost, issue};
pub(crate) use over::over;
pub(crate) use sealed::remembered;
pub use visit::Visit;

/// Finds the session of the presented cookie for an action, which rests on nothing but what the store says now, and renews
/// it when that is due.
///
/// # Errors
/// [`ErrorKind::Store`]: a store that is down is never "nobody".
pub(crate) async fn visit(setup: &Setup, cookies: &Cookies) -> Result<Visit, Error> {
    resume(setup, cookies, Presented::read(setup, cookies), Occasion::Action).await
}

/// The same when the browser asks for an update of its session, with what it sent along. A sealed session is sealed
/// anew with what the application makes of that.
///
/// # Errors
/// [`ErrorKind::Store`]; [`ErrorKind::SessionTooLong`].
pub(crate) async fn update(
    setup: &Setup,
    cookies: &Cookies,
    data: Option<&Value>,
) -> Result<Visit, Error> {
    resume(setup, cookies, Presented::read(setup, cookies), Occasion::Update(data)).await
}

/// The same on a route of the application's own. It may rest on what the store said within `cache_for`, or on what a copy
/// of it says, and a script may present a sealed session as a bearer token instead. A cookie counts first, and a token that
/// is none is nobody's.
///
/// # Errors
/// [`ErrorKind::Store`].
pub(crate) async fn visit_anyhow(setup: &Setup, headers: &HeaderMap) -> Result<Visit, Error> {
    let cookies = Cookies::read(headers);
    let (presented, occasion) = match Presented::read(setup, &cookies) {
        Presented::Nothing => (Presented::bearer(setup, headers), Occasion::Bearer),
        presented => (presented, Occasion::Visit),
    };
    resume(setup, &cookies, presented, occasion).await
}

/// Why a session is read.
#[derive(Clone, Copy, Debug)]
enum Occasion<'a> {
    /// Somebody asks for a page.
    Visit,
    /// The same without a cookie: whoever presents a bearer token keeps no renewed one.
    Bearer,
    /// Something is done below the base path.
    Action,
    Update(Option<&'a Value>),
}

async fn resume(
    setup: &Setup,
    cookies: &Cookies,
    presented: Presented,
    occasion: Occasion<'_>,
) -> Result<Visit, Error> {
    match presented {
        Presented::Nothing => Ok(Visit::default()),
        Presented::Malformed => Ok(Visit::nobody(setup, cookies)),
        Presented::Several => {
            tracing::warn!(
                reason = ErrorKind::CookieDuplicate.reason(),
                "two session cookies came at once"
            );
            Ok(Visit::nobody(setup, cookies))
        }
        Presented::Stored(token) => stored::visit(setup, cookies, token, occasion).await,
        Presented::Sealed { session, is_outdated } => {
            sealed::visit(setup, cookies, *session, is_outdated, occasion).await
        }
    }
}

/// The user behind a visit as they are at this moment. What may rest on what the store said a while ago, a sealed session
/// or one from the cache or a copy, is asked for again.
///
/// # Errors
/// [`ErrorKind::Store`].
pub(crate) async fn current_user(setup: &Setup, visit: &Visit) -> Result<Option<User>, Error> {
    let Some((key, session)) = visit.presented() else { return Ok(None) };
    match setup.config.session.strategy {
        Strategy::Database if !visit.is_recalled() => Ok(Some(session.user.clone())),
        Strategy::Database | Strategy::Jwt => presented::alive(setup, &session.user.id, key).await,
    }
}

/// When a session was last used, as far as that was written down: it was written, or it was extended then.
pub(crate) fn last_seen(
    setup: &Setup,
    expires: OffsetDateTime,
    details: &SessionDetails,
) -> OffsetDateTime {
    let extended_at = (expires - setup.config.session.max_age).max(details.created_at);
    details.seen_at.map_or(extended_at, |seen_at| seen_at.max(extended_at))
}

/// Ends the session that was presented, and tells the browser to forget it.
///
/// # Errors
/// [`ErrorKind::Store`].
pub(crate) async fn end(
    setup: &Setup,
    request: &Request,
    visit: &Visit,
) -> Result<Vec<HeaderValue>, Error> {
    if let Some((key, session)) = visit.presented() {
        let mut event = AuditEvent::new(setup.now(), AuditKind::SignedOut).about(&session.user.id);
        event.provider = session.details.as_ref().map(|details| details.method.clone());
        event.network = request.network();
        let ended = match setup.config.session.strategy {
            Strategy::Database => setup.store.end_session(&key.token, &[event]).await,
            Strategy::Jwt => setup.store.end_sealed(&key.token, remembered(setup), &[event]).await,
        };
        setup.standings.forget_session(&key.token);
        ended?;
        setup.config.events.sign_out(session).await;
    }
    Ok(presented::forget(setup, &request.cookies))
}
