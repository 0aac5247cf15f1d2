//! What goes into a store's intentions and comes out of its questions.

use time::OffsetDateTime;

use super::SessionOrigin;
use crate::event::{DeletionRequest, Reaction};
use crate::model::{Account, AccountKey, AuditEvent, SessionDetails, StoredToken, User, UserId};

/// Who an identity could be, read in one go.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// The account of exactly that key, with its user.
    pub account: Option<(Account, User)>,
    /// The user who has exactly that address.
    pub by_email: Option<User>,
    /// Which of these two are [suspended](Suspension).
    pub suspended: Vec<UserId>,
}

/// A session to be made, together with what it puts an end to.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// What it is known by. Unique: an existing session is never overwritten.
    pub token: StoredToken,
    /// Where it is kept.
    pub keeping: Keeping,
    /// Whose session.
    pub user_id: UserId,
    /// When it ends unless it is used.
    pub expires: OffsetDateTime,
    /// How it came to be.
    pub details: SessionDetails,
    /// Where at a provider it began; `None` without one.
    pub origin: Option<SessionOrigin>,
    /// Sessions of this browser that end with this sign-in, whoever's they are.
    pub replaces: Vec<StoredToken>,
    /// How many sessions the user keeps, this one included. The ones that would end first go first. Sealed sessions are
    /// not counted.
    pub keep: u32,
}

/// Where a session is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// In a row of `sessions`: without it there is no session.
    Stored,
    /// In its cookie. What the store has of it serves to list it, and to remember that it was ended.
    Sealed {
        /// How long it is remembered of the sessions it replaces that they were ended, in the manner of
        /// [`end_sealed`](super::SessionStore::end_sealed).
        remember_until: OffsetDateTime,
    },
    /// In another store, as a [`SplitStore`](super::SplitStore) has it. This one keeps nothing of it and counts none, but
    /// writes all the rest, and refuses a user who is gone.
    Elsewhere {
        /// As with [`Keeping::Sealed`].
        remember_until: OffsetDateTime,
    },
}

impl Keeping {
    /// How long it is remembered of the sessions that a new one replaces that they were ended. `None`: their rows go, and
    /// that is all there was of them.
    #[must_use]
    pub fn remember_until(self) -> Option<OffsetDateTime> {
        match self {
            Self::Stored => None,
            Self::Sealed { remember_until } | Self::Elsewhere { remember_until } => {
                Some(remember_until)
            }
        }
    }
}

/// What becomes of somebody's address when they sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mailbox {
    /// Nothing was learnt of it.
    Unchanged,
    /// At that moment the person proved that it is theirs.
    Proven(OffsetDateTime),
}

/// What came of a sign-in without an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entered {
    /// How many sessions beyond [`NewSession::keep`] had to go.
    pub evicted: u64,
    /// How many accounts and stored sessions went because the address had not been proven before.
    pub unproven: u64,
    /// Whether nobody had proven the address before.
    pub is_first_proof: bool,
}

/// What came of giving somebody a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleChange {
    /// They have it.
    Done,
    /// They are the last one with the role that they would lose, and keep it.
    LastOne,
    /// There is no such user.
    Unknown,
}

/// That somebody is shut out until an administrator lets them in again, as a row of `auth_suspensions`.
///
/// ```
/// use betancourt_auth::UserId;
/// use betancourt_auth::store::Suspension;
/// use time::OffsetDateTime;
///
/// let mut suspension = Suspension::new(OffsetDateTime::UNIX_EPOCH, "wrote to strangers");
/// suspension.by = Some(UserId::new("ana"));
/// assert_eq!(suspension.reason, "wrote to strangers");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Suspension {
    /// Since when.
    pub since: OffsetDateTime,
    /// Who shut them out. `None`: the application itself.
    pub by: Option<UserId>,
    /// Why, in the words of whoever did it.
    pub reason: String,
}

impl Suspension {
    /// A suspension by the application itself.
    pub fn new(since: OffsetDateTime, reason: impl Into<String>) -> Self {
        Self { since, by: None, reason: reason.into() }
    }
}

/// What came of suspending somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suspended {
    /// They are shut out.
    Done {
        /// How many stored sessions ended.
        ended: u64,
    },
    /// They are the last one with a role that somebody must have and who is not suspended, and stay.
    LastOne,
    /// There is no such user.
    Unknown,
}

/// What came of untying an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlinked {
    /// It is untied.
    Done,
    /// It is the last way in, and stays.
    LastWayIn,
    /// The user has no such account.
    Unknown,
}

/// What a provider says of somebody, to be carried out once.
#[derive(Clone, Debug)]
pub struct Withdrawal {
    /// What the provider's message is called. A second one of that name changes nothing.
    pub message: String,
    /// How long the name is remembered.
    pub remember_until: OffsetDateTime,
    /// When it is carried out.
    pub at: OffsetDateTime,
    /// The account that it is about.
    pub key: AccountKey,
    /// Whose account it was a moment ago. `None`: nobody's.
    pub user_id: Option<UserId>,
    /// What is done. Of somebody who is not here nothing but the deletion is written down.
    pub reaction: Reaction,
    /// With [`Reaction::Unlink`]: the providers at one of which the user must have another account, as with
    /// [`unlink`](super::AccountStore::unlink).
    pub another_at: Option<Vec<String>>,
    /// What is written in the same transaction if the account is untied.
    pub on_unlink: Vec<AuditEvent>,
    /// What is written down of a request to delete, whoever it is about.
    pub deletion: Option<DeletionRequest>,
}

/// What came of a [`Withdrawal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawn {
    /// It is carried out.
    Done {
        /// How many stored sessions ended.
        ended: u64,
        /// Whether the account was untied.
        untied: bool,
    },
    /// A message of that name was carried out before; nothing is written.
    Repeated,
    /// The account is not that user's any more; nothing is written.
    Moved,
}

/// A session in the list that its owner sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownSession {
    /// What it is known by.
    pub token: StoredToken,
    /// When it ends unless it is used.
    pub expires: OffsetDateTime,
    /// How it came to be. `None` for a session that Auth.js made.
    pub details: Option<SessionDetails>,
    /// Whether it is sealed in its cookie.
    pub is_sealed: bool,
}

/// How things stand with somebody whose session is sealed in a cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Standing {
    /// The user as they are now.
    pub user: User,
    /// Sealed sessions that began until then have ended.
    pub not_before: Option<OffsetDateTime>,
    /// Whether this one session was ended, or its user is [suspended](Suspension).
    pub ended: bool,
}

impl Standing {
    /// A standing as a store reads it.
    #[must_use]
    pub fn new(user: User, not_before: Option<OffsetDateTime>, ended: bool) -> Self {
        Self { user, not_before, ended }
    }

    /// Whether a session that began at `began_at` is still one.
    ///
    /// ```
    /// use betancourt_auth::store::Standing;
    /// use betancourt_auth::{User, UserId};
    /// use time::{Duration, OffsetDateTime};
    /// let cut = OffsetDateTime::UNIX_EPOCH + Duration::days(1);
    /// let standing = Standing::new(User::new(UserId::new("cm3x9")), Some(cut), false);
    /// assert!(!standing.admits(cut));
    /// assert!(standing.admits(cut + Duration::milliseconds(1)));
    /// ```
    #[must_use]
    pub fn admits(&self, began_at: OffsetDateTime) -> bool {
        !self.ended && self.not_before.is_none_or(|cut| cut < began_at)
    }
}
