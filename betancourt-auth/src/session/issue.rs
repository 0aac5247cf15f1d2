//! Makes a new session for a linked identity, in one transaction with everything that is new about it.

use http::HeaderValue;

use super::{sealed, stored};
use crate::config::{Setup, Strategy};
use crate::error::Error;
use crate::model::{AuditEvent, AuditKind, SessionDetails, StoredToken};
use crate::store::{Keeping, Mailbox, NewSession, StoreError, StoreErrorKind};
use crate::witness::{Issued, Linked, Means, Tie};

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
pub(crate) async fn issue(setup: &Setup, mut linked: Box<Linked>) -> Result<Issued, Lost> {
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
        setup.standings.forget_user(&linked.user().id);
    }
    if let Mailbox::Proven(at) = mailbox(&linked, &session) {
        linked.address_proven(at);
    }
    session.replaces.iter().for_each(|replaced| setup.standings.forget_session(replaced));
    Ok(Issued::assertion(*linked, session.token, cookies))
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
    event.device.clone_from(&linked.proof().visitor.device);
    let (store, account, audit) = (&setup.store, linked.stored_account(), [event]);
    match (linked.tie(), account) {
        (Tie::New, account) => store.sign_up(linked.user(), account, session, &audit).await,
        (Tie::Added, Some(account)) => store.link(account, session, &audit).await,
        (Tie::Known, Some(account)) => {
            store.sign_in(account, mailbox(linked, session), session, &audit).await
        }
        (Tie::Added | Tie::Known, None) => enter(setup, linked, session, audit).await,
    }
}

/// Lets somebody in who is there, by mail or with credentials.
async fn enter(
    setup: &Setup,
    linked: &Linked,
    session: &NewSession,
    [event]: [AuditEvent; 1],
) -> Result<u64, StoreError> {
    let (user, mailbox) = (linked.user(), mailbox(linked, session));
    let is_first_proof = user.email_verified.is_none() && mailbox != Mailbox::Unchanged;
    let mut audit = vec![event];
    if is_first_proof {
        audit.push(AuditEvent::new(setup.now(), AuditKind::AddressProven).about(&user.id));
    }
    let entered = setup.store.enter(&user.id, mailbox, session, &audit).await?;
    if entered.unproven > 0 {
        tracing::warn!(
            reason = "link.unproven_removed", user = %user.id, removed = entered.unproven,
            "an address was proven for the first time; accounts and sessions from before are gone"
        );
    }
    setup.standings.forget_user(&user.id);
    Ok(entered.evicted)
}

/// What a sign-in tells of the user's address. A provider's word counts where it is about exactly that address.
///
/// The proof is as old as the session that it makes: a moment later, and it would end that one, too.
fn mailbox(linked: &Linked, session: &NewSession) -> Mailbox {
    let (proof, user) = (linked.proof(), linked.user());
    let proven = match &proof.means {
        Means::Mailbox => true,
        Means::Provider(_) => {
            let vouched = proof.profile.email.as_ref().and_then(|email| email.verified());
            user.email_verified.is_none() && vouched.is_some() && vouched == user.email.as_deref()
        }
        Means::Credentials(_) => false,
    };
    if proven { Mailbox::Proven(session.details.created_at) } else { Mailbox::Unchanged }
}

/// A new session, however it is kept.
pub(super) fn new_session(
    setup: &Setup,
    linked: &Linked,
    token: StoredToken,
    keeping: Keeping,
) -> NewSession {
    let now = setup.now();
    let proof = linked.proof();
    let mut details = SessionDetails::new(now, proof.key.provider.clone());
    details.device.clone_from(&proof.visitor.device);
    NewSession {
        token,
        keeping,
        user_id: linked.user().id.clone(),
        expires: now + setup.config.session.max_age,
        details,
        origin: proof.origin(),
        replaces: proof.sessions.clone(),
        keep: setup.config.session.keep,
    }
}
