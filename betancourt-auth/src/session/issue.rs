//! Makes a new session for a linked identity, in one transaction with everything that is new about it.

use http::HeaderValue;

use super::{sealed, stored};
use crate::config::{Setup, Strategy};
use crate::error::Error;
use crate::model::{AuditEvent, AuditKind, SessionDetails};
use crate::store::{NewSession, StoreError, StoreErrorKind};
use crate::witness::{Issued, Linked, Tie};

/// Why there is no session after all.
#[derive(Debug)]
pub(crate) enum Lost {
    /// Another writer was first: the rules must be asked again.
    Race(Box<Linked>),
    /// Nothing can be written.
    Failed(Error),
}

/// A session that has been drawn but not made: what the store is to write, what the browser is to keep.
#[derive(Debug)]
pub(super) struct Drawn {
    pub(super) session: NewSession,
    pub(super) cookies: Vec<HeaderValue>,
}

/// Makes a new session for a linked identity.
///
/// # Errors
/// [`Lost`].
pub(crate) async fn issue(setup: &Setup, linked: Box<Linked>) -> Result<Issued, Lost> {
    let drawn = match setup.config.session.strategy {
        Strategy::Database => stored::draw(setup, &linked),
        Strategy::Jwt => sealed::draw(setup, &linked).await,
    };
    let Drawn { session, cookies } = drawn.map_err(Lost::Failed)?;
    let evicted = match write(setup, &linked, &session).await {
        Ok(evicted) => evicted,
        Err(error) if error.kind() == StoreErrorKind::Conflict => return Err(Lost::Race(linked)),
        Err(error) => return Err(Lost::Failed(error.into())),
    };
    if evicted > 0 {
        tracing::info!(reason = "session.evicted", user = %linked.user().id, evicted, "older sessions had to go");
    }
    session.replaces.iter().for_each(|replaced| setup.standings.forget_session(replaced));
    Ok(Issued::assertion(*linked, cookies))
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

/// What is the same of every new session, however it is kept: nothing has a token yet.
pub(super) fn new_session(setup: &Setup, linked: &Linked) -> NewSession {
    let now = setup.now();
    let proof = linked.proof();
    let mut details = SessionDetails::new(now, proof.key.provider.clone());
    details.device.clone_from(&proof.visitor.device);
    NewSession {
        token: None,
        user_id: linked.user().id.clone(),
        expires: now + setup.config.session.max_age,
        details,
        replaces: proof.sessions.clone(),
        keep: setup.config.session.keep,
    }
}
