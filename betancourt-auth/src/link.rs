//! From an identity out there to a user of ours: the linking rules, as one table.

use crate::config::Setup;
use crate::error::{Error, ErrorKind};
use crate::hook::{Arrival, Decision};
use crate::model::{Account, User, UserId};
use crate::secret;
use crate::store::Candidates;
use crate::witness::{Identity, Intention, Linked, Means, Proof, Tie, Vouched};

/// What came of asking who an identity is.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// A user of ours, old or new.
    Linked(Box<Linked>),
    /// The `sign_in` callback sends the browser elsewhere first.
    Elsewhere(String),
}

/// Finds the user an identity belongs to, asks the application, and decides.
///
/// # Errors
/// The kinds of the group *Refused*, [`ErrorKind::Store`], [`ErrorKind::Randomness`].
pub(crate) async fn link(setup: &Setup, identity: Identity) -> Result<Outcome, Error> {
    let proof = identity.proof();
    let candidates = candidates(setup, proof).await?;
    let ruling = match decide(setup, proof, &candidates).await {
        Ok(Decided::Ruling(ruling)) => ruling,
        Ok(Decided::Elsewhere(elsewhere)) => return Ok(Outcome::Elsewhere(elsewhere)),
        Err(error) => return Err(wanted(proof, &candidates, error)),
    };
    if ruling == Ruling::SignIn {
        note_another_address(proof, &candidates);
    }
    let Candidates { account, by_email, .. } = candidates;
    let (known, owner) = account.unzip();
    let (user, tie) = match (ruling, &proof.intention) {
        (Ruling::SignIn, _) => (owner, Tie::Known),
        (Ruling::SignInNeighbour, _) => (by_email, Tie::Known),
        (Ruling::LinkToSelf, Intention::Link { user, .. }) => (Some((**user).clone()), Tie::Added),
        (Ruling::LinkToNeighbour, _) => (by_email, Tie::Added),
        (Ruling::SignUp | Ruling::LinkToSelf, _) => (None, Tie::New),
    };
    let (user, tie) = match user {
        Some(user) => (user, tie),
        None => (new_user(setup, proof).await?, Tie::New),
    };
    let mut account = new_account(setup, proof, &user);
    account.details.reauth_since = known.and_then(|known: Account| known.details.reauth_since);
    Ok(Outcome::Linked(Box::new(Linked::assertion(identity, account, user, tie))))
}

/// What the application and the rules say together.
enum Decided {
    Ruling(Ruling),
    /// The application sends the browser elsewhere first.
    Elsewhere(String),
}

async fn decide(setup: &Setup, proof: &Proof, candidates: &Candidates) -> Result<Decided, Error> {
    must_be_welcome(returning(proof, candidates), candidates)?;
    if let Some(elsewhere) = ask(setup, proof, candidates).await? {
        return Ok(Decided::Elsewhere(elsewhere));
    }
    let ruling = match &proof.means {
        Means::Provider(vouched) => rule(&Question::of(proof, vouched, candidates))?,
        Means::Mailbox => rule_mailbox(candidates),
        Means::Credentials(_) => rule_credentials(candidates)?,
    };
    if ruling == Ruling::LinkToNeighbour {
        must_be_welcome(candidates.by_email.as_ref(), candidates)?;
    }
    Ok(Decided::Ruling(ruling))
}

/// Whom an identity is known to be already.
fn returning<'c>(proof: &Proof, candidates: &'c Candidates) -> Option<&'c User> {
    match &proof.means {
        Means::Provider(_) | Means::Credentials(_) => {
            candidates.account.as_ref().map(|(_, user)| user)
        }
        Means::Mailbox => candidates.by_email.as_ref(),
    }
}

/// Whoever is shut out is told so once they have proven that it is them, and nobody before.
fn must_be_welcome(user: Option<&User>, candidates: &Candidates) -> Result<(), Error> {
    let is_suspended = user.is_some_and(|user| candidates.suspended.contains(&user.id));
    if is_suspended { Err(Error::suspended()) } else { Ok(()) }
}

/// The refusal, and whom it is about: the owner of the account, else whoever was signed in, else whose address it is. They
/// are to hear of it.
fn wanted(proof: &Proof, candidates: &Candidates, error: Error) -> Error {
    let owner = candidates.account.as_ref().map(|(_, owner)| &owner.id);
    let myself = match &proof.intention {
        Intention::Link { user, .. } => Some(&user.id),
        Intention::SignIn => None,
    };
    let neighbour = candidates.by_email.as_ref().map(|neighbour| &neighbour.id);
    match owner.or(myself).or(neighbour) {
        Some(user) => error.about(user.as_str()),
        None => error,
    }
}

/// Says that the provider has an address for somebody which belongs to another user. Theirs stays what it was: an
/// account is known by its subject (OpenID Connect Core §5.7).
fn note_another_address(proof: &Proof, candidates: &Candidates) {
    let Candidates { account: Some((_, owner)), by_email: Some(other), .. } = candidates else {
        return;
    };
    if owner.id != other.id {
        tracing::warn!(
            reason = "profile.email_conflict", user = %owner.id, provider = %proof.key.provider,
            "the provider names an address that belongs to another user"
        );
    }
}

/// Who it could be. The owner of credentials is named by the application, and has no row among the accounts.
async fn candidates(setup: &Setup, proof: &Proof) -> Result<Candidates, Error> {
    let email = proof.profile.email.as_ref().map(|email| email.address());
    let mut candidates = setup.store.candidates(&proof.key, email).await?;
    if let Means::Credentials(user) = &proof.means {
        let owner = setup.store.user(&user.id).await?;
        if setup.store.suspension(&user.id).await?.is_some() {
            candidates.suspended.push(user.id.clone());
        }
        candidates.account = owner.map(|owner| (new_account(setup, proof, &owner), owner));
    }
    Ok(candidates)
}

/// What the rules look at.
#[derive(Debug)]
struct Question<'a> {
    /// Who began the attempt while signed in, and whether that session was fresh.
    myself: Option<(&'a UserId, bool)>,
    /// Whose account it is.
    owner: Option<&'a UserId>,
    /// Whether somebody has the identity's address, and what that is worth.
    neighbour: Option<Neighbour>,
}

/// What it is worth that an identity has the address of one of our users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Neighbour {
    /// Both sides proved it, and the application lets it tie accounts together.
    Trusted,
    /// The provider proved it, no more.
    Proven,
    /// Anybody could have written it there.
    Claimed,
}

/// What the rules say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ruling {
    SignIn,
    SignInNeighbour,
    SignUp,
    LinkToSelf,
    LinkToNeighbour,
}

impl<'a> Question<'a> {
    fn of(proof: &'a Proof, vouched: &Vouched, candidates: &'a Candidates) -> Self {
        let proven = proof.profile.email.as_ref().is_some_and(|email| email.verified().is_some());
        let worth =
            |user: &User| match (proven, vouched.email_links && user.email_verified.is_some()) {
                (true, true) => Neighbour::Trusted,
                (true, false) => Neighbour::Proven,
                (false, _) => Neighbour::Claimed,
            };
        Self {
            myself: match &proof.intention {
                Intention::SignIn => None,
                Intention::Link { user, fresh } => Some((&user.id, *fresh)),
            },
            owner: candidates.account.as_ref().map(|(_, user)| &user.id),
            neighbour: candidates.by_email.as_ref().map(worth),
        }
    }
}

/// The linking rules. Those of Auth.js, and stricter where its are not safe: an account is added to a signed-in user
/// only in a fresh session, and to the owner of the same address only where both sides proved it.
fn rule(question: &Question<'_>) -> Result<Ruling, ErrorKind> {
    // signed in as      whose account   whose address
    match (question.myself, question.owner, question.neighbour) {
        (None, Some(_), _) => Ok(Ruling::SignIn),
        (None, None, None) => Ok(Ruling::SignUp),
        (None, None, Some(Neighbour::Trusted)) => Ok(Ruling::LinkToNeighbour),
        (None, None, Some(Neighbour::Proven)) => Err(ErrorKind::AccountNotLinked),
        (None, None, Some(Neighbour::Claimed)) => Err(ErrorKind::EmailNotVerified),
        (Some((me, _)), Some(owner), _) if me == owner => Ok(Ruling::SignIn),
        (Some(_), Some(_), _) => Err(ErrorKind::AccountNotLinked),
        (Some((_, true)), None, _) => Ok(Ruling::LinkToSelf),
        (Some((_, false)), None, _) => Err(ErrorKind::ReauthRequired),
    }
}

/// Whoever reads mail at an address is its owner, whoever else was signed in here before.
fn rule_mailbox(candidates: &Candidates) -> Ruling {
    if candidates.by_email.is_some() { Ruling::SignInNeighbour } else { Ruling::SignUp }
}

/// Credentials are those of the user whom the application names; a new one must not have somebody else's address.
fn rule_credentials(candidates: &Candidates) -> Result<Ruling, ErrorKind> {
    match (&candidates.account, &candidates.by_email) {
        (Some(_), _) => Ok(Ruling::SignIn),
        (None, None) => Ok(Ruling::SignUp),
        (None, Some(_)) => Err(ErrorKind::AccountNotLinked),
    }
}

/// Asks the application's `sign_in`. `Some`: it sends the browser elsewhere.
async fn ask(
    setup: &Setup,
    proof: &Proof,
    candidates: &Candidates,
) -> Result<Option<String>, Error> {
    let user = returning(proof, candidates);
    let mut arrival = Arrival::new(&proof.key, user, &proof.document);
    arrival.verified_email = proof.profile.email.as_ref().and_then(|email| email.verified());
    match setup.config.callbacks.sign_in(&arrival).await {
        Decision::Allow => Ok(None),
        Decision::Deny => Err(ErrorKind::AccessDenied.into()),
        Decision::Redirect(to) => Ok(Some(to)),
    }
}

async fn new_user(setup: &Setup, proof: &Proof) -> Result<User, Error> {
    let drawn = setup.store.draw_id().await?;
    if let Means::Credentials(user) = &proof.means {
        return match drawn {
            None => Ok((**user).clone()),
            // A number that the application made up could be the next one of the store.
            Some(_) => Err(ErrorKind::UserNotNumbered.into()),
        };
    }
    let id = match drawn {
        Some(id) => id,
        None => UserId::new(
            secret::random_id(&*setup.config.random)
                .map_err(|error| Error::because(ErrorKind::Randomness, error))?,
        ),
    };
    let email = proof.profile.email.as_ref();
    let mut user = User::new(id);
    user.name.clone_from(&proof.profile.name);
    user.email = email.map(|email| email.address().to_owned());
    user.email_verified = email.and_then(|email| email.verified()).map(|_| setup.now());
    user.image.clone_from(&proof.profile.image);
    Ok(user)
}

fn new_account(setup: &Setup, proof: &Proof, user: &User) -> Account {
    let (key, id) = (proof.key.clone(), user.id.clone());
    match &proof.means {
        Means::Provider(vouched) => {
            let mut account = Account::new(key, id, vouched.kind);
            account.tokens = vouched.tokens.clone();
            account.details.linked_at = Some(setup.now());
            account.details.claims = vouched.kept_claims.clone();
            account
        }
        Means::Mailbox => Account::new(key, id, "email"),
        Means::Credentials(_) => Account::new(key, id, "credentials"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table() {
        let (me, other) = (UserId::new("me"), UserId::new("other"));
        let rule = |myself, owner, neighbour| rule(&Question { myself, owner, neighbour });
        let (fresh, stale) = (Some((&me, true)), Some((&me, false)));
        let [trusted, proven, claimed] =
            [Neighbour::Trusted, Neighbour::Proven, Neighbour::Claimed].map(Some);

        assert_eq!(rule(None, Some(&other), None), Ok(Ruling::SignIn));
        assert_eq!(rule(None, Some(&other), claimed), Ok(Ruling::SignIn));
        assert_eq!(rule(None, None, None), Ok(Ruling::SignUp));
        assert_eq!(rule(None, None, trusted), Ok(Ruling::LinkToNeighbour));
        assert_eq!(rule(None, None, proven), Err(ErrorKind::AccountNotLinked));
        assert_eq!(rule(None, None, claimed), Err(ErrorKind::EmailNotVerified));
        assert_eq!(rule(stale, Some(&me), None), Ok(Ruling::SignIn));
        assert_eq!(rule(fresh, Some(&other), None), Err(ErrorKind::AccountNotLinked));
        assert_eq!(rule(fresh, None, claimed), Ok(Ruling::LinkToSelf));
        assert_eq!(rule(stale, None, None), Err(ErrorKind::ReauthRequired));
    }
}
