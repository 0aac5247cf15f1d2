//! The sessions of somebody: where they are signed in, and how each of them ends.

use time::OffsetDateTime;

use super::Owner;
use super::accounts::name_of;
use crate::config::{Setup, Strategy};
use crate::device::Device;
use crate::error::{Error, ErrorKind};
use crate::model::{AuditKind, StoredToken};
use crate::secret;
use crate::session;
use crate::store::KnownSession;

/// A session as its owner sees it: neither its token nor what stands in the store for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OwnSession {
    /// What [`Auth::revoke_session`](crate::Auth::revoke_session) calls it.
    pub id: String,
    /// Whether it is the one that asks.
    pub is_current: bool,
    /// The id of the way in that was taken. `None`, like all that follows but its end, for one that Auth.js made.
    pub method: Option<String>,
    /// The name of that way.
    pub method_name: Option<String>,
    /// What the person signed in with.
    pub device: Device,
    /// When they signed in.
    pub created_at: Option<OffsetDateTime>,
    /// When it was last used, as far as that is known: see
    /// [`seen_every`](crate::SessionRules::seen_every).
    pub last_seen_at: Option<OffsetDateTime>,
    /// When it ends unless it is used.
    pub expires: OffsetDateTime,
}

/// The sessions of the owner: the one that asks, then the others, the latest used first.
///
/// # Errors
/// [`ErrorKind::Store`].
pub(crate) async fn list(setup: &Setup, owner: &Owner<'_>) -> Result<Vec<OwnSession>, Error> {
    let known = known(setup, owner).await?;
    let mut sessions: Vec<_> = known.iter().map(|known| show(setup, owner, known)).collect();
    sessions.sort_by_key(|session| {
        std::cmp::Reverse((session.is_current, session.last_seen_at, session.expires))
    });
    Ok(sessions)
}

/// Ends one of them, and says whether it is the one that asked.
///
/// # Errors
/// [`ErrorKind::UnknownSession`], also for one of somebody else; [`ErrorKind::Store`].
pub(crate) async fn revoke(setup: &Setup, owner: &Owner<'_>, id: &str) -> Result<bool, Error> {
    let known = known(setup, owner).await?;
    let found = known.into_iter().find(|known| id_of(&known.token) == id);
    let KnownSession { token, is_sealed, .. } = found.ok_or(ErrorKind::UnknownSession)?;
    let audit = [owner.event(setup, AuditKind::SessionRevoked)];
    if is_sealed {
        setup.store.end_sealed(&token, session::remembered(setup), &audit).await?;
    } else {
        setup.store.end_session(&token, &audit).await?;
    }
    setup.standings.forget_session(&token);
    let is_current = token == owner.key.token;
    if is_current {
        setup.config.events.sign_out(owner.session).await;
    } else {
        setup.config.events.revoke_sessions(&owner.user().id, 1).await;
    }
    Ok(is_current)
}

/// Ends all of them but the one that asks, and says how many.
///
/// # Errors
/// [`ErrorKind::Store`].
pub(crate) async fn revoke_others(setup: &Setup, owner: &Owner<'_>) -> Result<u64, Error> {
    let (user, kept) = (&owner.user().id, &owner.key.token);
    let audit = [owner.event(setup, AuditKind::SessionsEnded)];
    let until = session::remembered(setup);
    let ended = setup.store.end_other_sessions(user, kept, until, &audit).await;
    setup.standings.forget_user(user);
    let ended = ended?;
    setup.config.events.revoke_sessions(user, ended).await;
    Ok(ended)
}

/// What the store knows of them. The one that asks is there, whether or not it is known: Auth.js may have sealed it.
async fn known(setup: &Setup, owner: &Owner<'_>) -> Result<Vec<KnownSession>, Error> {
    let are_sealed = setup.config.session.strategy == Strategy::Jwt;
    let mut known = setup.store.sessions(&owner.user().id, setup.now()).await?;
    known.retain(|session| session.is_sealed == are_sealed);
    if !known.iter().any(|session| session.token == owner.key.token) {
        known.push(KnownSession {
            token: owner.key.token.clone(),
            expires: owner.session.expires,
            details: owner.session.details.clone(),
            is_sealed: are_sealed,
        });
    }
    Ok(known)
}

fn show(setup: &Setup, owner: &Owner<'_>, known: &KnownSession) -> OwnSession {
    let details = known.details.as_ref();
    let method = details.map(|details| details.method.clone());
    let agent = details.and_then(|details| details.device.as_deref());
    OwnSession {
        id: id_of(&known.token),
        is_current: known.token == owner.key.token,
        method_name: method.as_deref().map(|id| name_of(setup, id).to_owned()),
        method,
        device: agent.map(Device::of).unwrap_or_default(),
        created_at: details.map(|details| details.created_at),
        last_seen_at: details.map(|details| session::last_seen(setup, known.expires, details)),
        expires: known.expires,
    }
}

/// What a session is called outside. Nobody gets from it to what stands in the store.
fn id_of(token: &StoredToken) -> String {
    secret::sha256_base64url(&format!("session\n{}", token.as_str()))
}
