//! The batons of the relay, in the order in which they are handed on.
//!
//! Each is taken by value by the next step, cannot be cloned, and is made by `assertion` alone. One search for
//! `assertion(` lists every place where trust is created; `tests/downhill.rs` holds the list of files that may.

use http::HeaderValue;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::model::{Account, AccountKey, StoredToken, Tokens, User};
use crate::provider::{Assurance, Profile};
use crate::request::Parameters;
use crate::store::SessionOrigin;

/// What somebody wanted when they began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Intention {
    /// To sign in.
    SignIn,
    /// To tie one more account to the user who is signed in, or to sign in again as oneself.
    Link {
        user: Box<User>,
        /// Whether the session was fresh when they began.
        fresh: bool,
    },
}

/// The attempt this callback ends: its handshake was ours, whole, in time, for this provider, and unspent until now.
#[derive(Debug)]
pub(crate) struct Checked(Attempt);

/// What an attempt carries on.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) nonce: String,
    pub(crate) code_verifier: String,
    pub(crate) return_to: String,
    pub(crate) began_at: OffsetDateTime,
    /// What the provider was asked for beyond who the person is.
    pub(crate) assurance: Assurance,
    pub(crate) intention: Intention,
    /// Sessions of this browser: the one it began in, the one it presents now.
    pub(crate) sessions: Vec<StoredToken>,
    /// What the provider sent back.
    pub(crate) answer: Parameters,
    pub(crate) visitor: Visitor,
}

/// What the browser says of itself, for the session's details and the audit log.
#[derive(Clone, Debug, Default)]
pub(crate) struct Visitor {
    pub(crate) device: Option<String>,
    pub(crate) network: Option<String>,
}

impl Checked {
    pub(crate) fn assertion(attempt: Attempt) -> Self {
        Self(attempt)
    }

    pub(crate) fn attempt(&self) -> &Attempt {
        &self.0
    }

    pub(crate) fn into_attempt(self) -> Attempt {
        self.0
    }
}

/// Somebody, proven to us in one way or another.
#[derive(Debug)]
pub(crate) struct Identity(Proof);

/// Who somebody is, and how we know.
#[derive(Debug)]
pub(crate) struct Proof {
    /// The provider, and who the person is there.
    pub(crate) key: AccountKey,
    pub(crate) means: Means,
    pub(crate) profile: Profile,
    /// The document that the profile was taken from.
    pub(crate) document: Value,
    pub(crate) intention: Intention,
    pub(crate) sessions: Vec<StoredToken>,
    pub(crate) visitor: Visitor,
}

/// How we know who somebody is.
#[derive(Debug)]
pub(crate) enum Means {
    /// A provider vouches for them.
    Provider(Box<Vouched>),
    /// They opened what was sent to their address.
    Mailbox,
    /// The application judged their credentials, and says that they are this user.
    Credentials(Box<User>),
}

/// What a provider that vouches for somebody gives along.
#[derive(Debug)]
pub(crate) struct Vouched {
    /// The `type` of the account: `oidc` or `oauth`.
    pub(crate) kind: &'static str,
    pub(crate) tokens: Tokens,
    pub(crate) kept_claims: Map<String, Value>,
    /// Whether the provider's word about an address may tie accounts together.
    pub(crate) email_links: bool,
    /// Where at the provider they signed in.
    pub(crate) origin: SessionOrigin,
}

impl Proof {
    /// Where at a provider the session that comes of it begins.
    pub(crate) fn origin(&self) -> Option<SessionOrigin> {
        match &self.means {
            Means::Provider(vouched) => Some(vouched.origin.clone()),
            Means::Mailbox | Means::Credentials(_) => None,
        }
    }
}

impl Identity {
    pub(crate) fn assertion(proof: Proof) -> Self {
        Self(proof)
    }

    pub(crate) fn proof(&self) -> &Proof {
        &self.0
    }
}

/// An identity and the user it belongs to, by the linking rules.
#[derive(Debug)]
pub(crate) struct Linked {
    identity: Identity,
    account: Account,
    user: User,
    tie: Tie,
}

/// How an account and a user come together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tie {
    /// Both are new.
    New,
    /// The user was there, the account is new.
    Added,
    /// They were tied before.
    Known,
}

impl Linked {
    pub(crate) fn assertion(identity: Identity, account: Account, user: User, tie: Tie) -> Self {
        Self { identity, account, user, tie }
    }

    pub(crate) fn proof(&self) -> &Proof {
        self.identity.proof()
    }

    pub(crate) fn account(&self) -> &Account {
        &self.account
    }

    pub(crate) fn user(&self) -> &User {
        &self.user
    }

    pub(crate) fn tie(&self) -> Tie {
        self.tie
    }

    /// The user's address was proven at that moment, and the store has it so.
    pub(crate) fn address_proven(&mut self, at: OffsetDateTime) {
        self.user.email_verified = Some(at);
    }

    /// The account, where it stands in the store: only that of a provider does.
    pub(crate) fn stored_account(&self) -> Option<&Account> {
        matches!(self.proof().means, Means::Provider(_)).then_some(&self.account)
    }

    /// Hands the identity back after a lost race, so that the rules can be asked again.
    pub(crate) fn into_identity(self) -> Identity {
        self.identity
    }
}

/// A session that is made, and the cookies that carry it.
#[derive(Debug)]
pub(crate) struct Issued {
    linked: Linked,
    session: StoredToken,
    cookies: Vec<HeaderValue>,
}

impl Issued {
    pub(crate) fn assertion(
        linked: Linked,
        session: StoredToken,
        cookies: Vec<HeaderValue>,
    ) -> Self {
        Self { linked, session, cookies }
    }

    /// What the session is known by.
    pub(crate) fn session(&self) -> &StoredToken {
        &self.session
    }

    pub(crate) fn linked(&self) -> &Linked {
        &self.linked
    }

    pub(crate) fn into_cookies(self) -> Vec<HeaderValue> {
        self.cookies
    }
}
