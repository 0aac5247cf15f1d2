//! What belongs to whoever is signed in, for the pages on which they look after it: accounts and sessions.

pub(crate) mod accounts;
pub(crate) mod deletion;
pub(crate) mod profile;
pub(crate) mod sessions;

use crate::config::Setup;
use crate::error::{Error, ErrorKind};
use crate::model::{AuditEvent, AuditKind, Session, User};
use crate::presented::SessionKey;
use crate::session::{self, Visit};

pub use accounts::OwnAccount;
pub use profile::ProfilePart;
pub use sessions::OwnSession;

/// Whoever is signed in, as the store has them at this moment, and the session they came with.
#[derive(Debug)]
pub(crate) struct Owner<'a> {
    user: User,
    key: &'a SessionKey,
    session: &'a Session,
    /// Where they asked from, for the audit log.
    network: Option<String>,
}

impl<'a> Owner<'a> {
    /// Asks the store who that is: nothing on these pages rests on what it said a moment ago.
    ///
    /// # Errors
    /// [`ErrorKind::SignedOut`], [`ErrorKind::Store`].
    pub(crate) async fn of(
        setup: &Setup,
        visit: &'a Visit,
        network: Option<String>,
    ) -> Result<Self, Error> {
        let user = session::current_user(setup, visit).await?;
        let Some((user, (key, session))) = user.zip(visit.presented()) else {
            return Err(ErrorKind::SignedOut.into());
        };
        Ok(Self { user, key, session, network })
    }

    pub(crate) fn user(&self) -> &User {
        &self.user
    }

    /// Lets pass who proved a moment ago who they are.
    fn must_be_fresh(&self, setup: &Setup) -> Result<(), Error> {
        let is_fresh = self.session.is_fresh(setup.now(), setup.config.session.fresh_for);
        if is_fresh { Ok(()) } else { Err(ErrorKind::ReauthRequired.into()) }
    }

    fn event(&self, setup: &Setup, kind: AuditKind) -> AuditEvent {
        let mut event = AuditEvent::new(setup.now(), kind).about(&self.user.id);
        event.network.clone_from(&self.network);
        event
    }
}
