//! What is done to people by others: the application itself, or an administrator, who is told of in the audit log.

use std::fmt;
use std::sync::Arc;

use crate::client;
use crate::config::Setup;
use crate::error::{Error, ErrorKind};
use crate::model::{AuditEvent, AuditKind, DEFAULT_ROLE, User, UserId};
use crate::role::Role;
use crate::session::{self, Visit};
use crate::store::{RoleChange, Suspended, Suspension};

/// An administrator, who proved a moment ago who they are, and what they may do to others. From
/// [`Auth::administration`](crate::Auth::administration).
///
/// Everything that is done through it stands in the audit log, in the transaction of what it tells, with the administrator
/// as its [`actor`](AuditEvent::actor). Nothing of it takes the last administrator away.
pub struct Administration<'a> {
    setup: &'a Arc<Setup>,
    administrator: User,
    role: &'static str,
}

impl fmt::Debug for Administration<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Administration")
            .field("administrator", &self.administrator)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

impl<'a> Administration<'a> {
    /// Asks the store whether that is an administrator at this moment.
    ///
    /// # Errors
    /// [`ErrorKind::SignedOut`], [`ErrorKind::AccessDenied`], [`ErrorKind::ReauthRequired`], [`ErrorKind::Store`].
    pub(crate) async fn of<R: Role>(setup: &'a Arc<Setup>, visit: &Visit) -> Result<Self, Error> {
        let user = session::current_user(setup, visit).await?;
        let (administrator, session) = user.zip(visit.session()).ok_or(ErrorKind::SignedOut)?;
        if administrator.role != R::NAME {
            return Err(ErrorKind::AccessDenied.into());
        }
        if !session.is_fresh(setup.now(), setup.config.session.fresh_for) {
            return Err(ErrorKind::ReauthRequired.into());
        }
        Ok(Self { setup, administrator, role: R::NAME })
    }

    /// Who it is.
    #[must_use]
    pub fn administrator(&self) -> &User {
        &self.administrator
    }

    /// Gives somebody a role; their sessions have it at once, where they are sealed within
    /// [`recheck_after`](crate::SessionRules::recheck_after).
    ///
    /// # Errors
    /// [`ErrorKind::UnknownUser`]; [`ErrorKind::LastAdministrator`], where nobody would be one any more;
    /// [`ErrorKind::Store`].
    pub async fn set_role(&self, user: &UserId, role: &str) -> Result<(), Error> {
        let event = self.event(AuditKind::RoleChanged, user);
        known(set_role(self.setup, user, role, Some(self.role), event).await?)
    }

    /// Signs somebody out everywhere and says how many stored sessions that ended, as
    /// [`Auth::sign_out_everywhere`](crate::Auth::sign_out_everywhere) does.
    ///
    /// # Errors
    /// [`ErrorKind::Store`].
    pub async fn sign_out(&self, user: &UserId) -> Result<u64, Error> {
        end_sessions(self.setup, user, self.event(AuditKind::SessionsEnded, user)).await
    }

    /// Shuts somebody out, for a reason that stands in the audit log, and says how many stored sessions that ended. They
    /// are signed out everywhere, as [`sign_out`](Self::sign_out) does, and whichever way they come next, they are refused
    /// with [`Code::AccessDenied`](crate::Code::AccessDenied). Whoever is suspended already is so for the new reason.
    ///
    /// # Errors
    /// [`ErrorKind::Myself`], [`ErrorKind::UnknownUser`], [`ErrorKind::LastAdministrator`], [`ErrorKind::Store`].
    pub async fn suspend(&self, user: &UserId, reason: &str) -> Result<u64, Error> {
        if *user == self.administrator.id {
            return Err(ErrorKind::Myself.into());
        }
        let mut event = self.event(AuditKind::UserSuspended, user);
        event.reason = Some(reason.to_owned());
        let mut suspension = Suspension::new(event.at, reason);
        suspension.by = Some(self.administrator.id.clone());
        let Setup { store, standings, config, .. } = &**self.setup;
        let suspended = store.suspend(user, &suspension, Some(self.role), &[event]).await;
        standings.forget_user(user);
        match suspended? {
            Suspended::Done { ended } => {
                config.events.revoke_sessions(user, ended).await;
                Ok(ended)
            }
            Suspended::LastOne => Err(ErrorKind::LastAdministrator.into()),
            Suspended::Unknown => Err(ErrorKind::UnknownUser.into()),
        }
    }

    /// Lets somebody in again, who signs in anew. `false`: they were not suspended.
    ///
    /// # Errors
    /// [`ErrorKind::Store`].
    pub async fn lift_suspension(&self, user: &UserId) -> Result<bool, Error> {
        let event = self.event(AuditKind::SuspensionLifted, user);
        self.setup.store.lift_suspension(user, &[event]).await.map_err(Error::from)
    }

    /// Deletes somebody with everything that hangs on them.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownUser`], [`ErrorKind::LastAdministrator`], [`ErrorKind::Store`].
    pub async fn delete(&self, user: &UserId) -> Result<(), Error> {
        // One who goes is no administrator any more: of the last two who delete each other, one is told to stay.
        let role = self.setup.store.set_role(user, DEFAULT_ROLE, Some(self.role), &[]).await?;
        known(done(role)?)?;
        let event = self.event(AuditKind::UserDeleted, user);
        known(delete_user(self.setup, user, event).await?)
    }

    fn event(&self, kind: AuditKind, user: &UserId) -> AuditEvent {
        AuditEvent::new(self.setup.now(), kind).about(user).by(&self.administrator.id)
    }
}

/// Gives somebody a role; `false` when there is no such user. A role that must be had stays with who alone has it.
pub(crate) async fn set_role(
    setup: &Setup,
    user: &UserId,
    role: &str,
    never_without: Option<&str>,
    mut event: AuditEvent,
) -> Result<bool, Error> {
    event.reason = Some(role.to_owned());
    let change = setup.store.set_role(user, role, never_without, &[event]).await?;
    let changed = done(change)?;
    setup.standings.forget_user(user);
    if let Some(user) = setup.store.user(user).await?.filter(|_| changed) {
        setup.config.events.update_user(&user).await;
    }
    Ok(changed)
}

/// Ends all sessions of somebody and says how many were stored.
pub(crate) async fn end_sessions(
    setup: &Setup,
    user: &UserId,
    event: AuditEvent,
) -> Result<u64, Error> {
    let ended = setup.store.end_sessions(user, event.at, &[event]).await;
    setup.standings.forget_user(user);
    let ended = ended?;
    setup.config.events.revoke_sessions(user, ended).await;
    Ok(ended)
}

/// Deletes somebody, and hands their tokens back to the providers; `false` when there is no such user.
pub(crate) async fn delete_user(
    setup: &Arc<Setup>,
    user: &UserId,
    event: AuditEvent,
) -> Result<bool, Error> {
    let accounts = setup.store.accounts(user).await?;
    let deleted = setup.store.delete_user(user, &[event]).await;
    setup.standings.forget_user(user);
    let deleted = deleted?;
    if deleted {
        client::hand_back(setup, accounts).await;
    }
    Ok(deleted)
}

fn done(change: RoleChange) -> Result<bool, Error> {
    match change {
        RoleChange::Done => Ok(true),
        RoleChange::LastOne => Err(ErrorKind::LastAdministrator.into()),
        RoleChange::Unknown => Ok(false),
    }
}

fn known(is_known: bool) -> Result<(), Error> {
    if is_known { Ok(()) } else { Err(ErrorKind::UnknownUser.into()) }
}
