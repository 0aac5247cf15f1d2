//! Where people, accounts and sessions are kept: small traits and what each promises.
//!
//! A store speaks in whole intentions. Each method that writes is one transaction and takes the audit events to
//! write in it; unique keys decide races, and the loser is told so by [`StoreErrorKind::Conflict`].
//! The feature `testing` has a suite that holds a store to these promises:
//! [`store_conformance!`](crate::store_conformance).

mod memory;

use std::fmt::Debug;

use async_trait::async_trait;
use time::OffsetDateTime;

use crate::error::{Error, ErrorKind};
use crate::model::{
    Account, AccountKey, AuditEvent, Session, SessionDetails, StoredToken, User, UserId,
};

pub use memory::MemoryStore;

/// What every method of a store answers.
pub type Result<T> = std::result::Result<T, StoreError>;

/// A store could not do what it was asked.
///
/// ```
/// use betancourt_auth::store::{StoreError, StoreErrorKind};
/// let error = StoreError::conflict();
/// assert_eq!(error.kind(), StoreErrorKind::Conflict);
/// ```
#[derive(Debug, thiserror::Error)]
#[error("the store answered {kind:?}")]
pub struct StoreError {
    kind: StoreErrorKind,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// Why a store could not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreErrorKind {
    /// Another writer was first: a unique key is taken, or a row that was to be changed is gone.
    Conflict,
    /// The store cannot be reached or is broken.
    Unavailable,
}

impl StoreError {
    /// Another writer was first.
    #[must_use]
    pub fn conflict() -> Self {
        Self { kind: StoreErrorKind::Conflict, source: None }
    }

    /// The store cannot do its work, and why.
    pub fn unavailable(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { kind: StoreErrorKind::Unavailable, source: Some(source.into()) }
    }

    /// Which of the two it is.
    #[must_use]
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }
}

/// A store that failed is nobody's fault who asks: they are told to come back.
impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::because(ErrorKind::Store, error)
    }
}

/// Who an identity could be, read in one go.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// The account of exactly that key, with its user.
    pub account: Option<(Account, User)>,
    /// The user who has exactly that address.
    pub by_email: Option<User>,
}

/// A session to be made, together with what it puts an end to.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// What the cookie will be compared with. Unique: an existing session is never overwritten. `None`: the session
    /// is sealed in its cookie, and no row is made for it.
    pub token: Option<StoredToken>,
    /// Whose session.
    pub user_id: UserId,
    /// When it ends unless it is used.
    pub expires: OffsetDateTime,
    /// How it came to be.
    pub details: SessionDetails,
    /// Sessions of this browser that end with this sign-in, whoever's they are: rows go, and where the new session is
    /// sealed, each is remembered as ended until `expires`, in the manner of [`SessionStore::end_sealed`].
    pub replaces: Vec<StoredToken>,
    /// How many sessions the user keeps, this one included. The ones that would end first go first.
    pub keep: u32,
}

/// How things stand with somebody whose session is sealed in a cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Standing {
    /// The user as they are now.
    pub user: User,
    /// Sealed sessions that began until then have ended.
    pub not_before: Option<OffsetDateTime>,
    /// Whether this one session was ended.
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

/// People.
#[async_trait]
pub trait UserStore: Debug + Send + Sync {
    /// The user of that id.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`], as every method of a store.
    async fn user(&self, id: &UserId) -> Result<Option<User>>;

    /// The user of exactly that address.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn user_by_email(&self, email: &str) -> Result<Option<User>>;

    /// Gives a user a role; `false` when there is no such user.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn set_role(&self, id: &UserId, role: &str, audit: &[AuditEvent]) -> Result<bool>;

    /// Deletes a user with everything that hangs on them: accounts, sessions, details. `false` when there is none.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn delete_user(&self, id: &UserId, audit: &[AuditEvent]) -> Result<bool>;
}

/// Ties between people and providers.
#[async_trait]
pub trait AccountStore: Debug + Send + Sync {
    /// Who an identity could be: the account of `key`, and the user whose address is `email`.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn candidates(&self, key: &AccountKey, email: Option<&str>) -> Result<Candidates>;

    /// All accounts of a user, oldest first.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn accounts(&self, user: &UserId) -> Result<Vec<Account>>;
}

/// Sessions.
#[async_trait]
pub trait SessionStore: Debug + Send + Sync {
    /// The session of that token with its user, expired or not. One indexed read.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn session(&self, token: &StoredToken) -> Result<Option<Session>>;

    /// Moves the end of a session to `expires`; `false` when the session is gone. Never makes one, never shortens one.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn extend(&self, token: &StoredToken, expires: OffsetDateTime) -> Result<bool>;

    /// Ends a session; `false`, and no audit event, when it was gone already.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn end_session(&self, token: &StoredToken, audit: &[AuditEvent]) -> Result<bool>;

    /// Ends all sessions of a user and says how many of them had a row. Those that are sealed in cookies end by
    /// `now`, which becomes the [`Standing::not_before`] of a user who is there, and never moves back.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn end_sessions(
        &self,
        user: &UserId,
        now: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<u64>;

    /// How things stand with a user and one of their sealed sessions; `None` where there is no such user.
    /// One indexed read.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn standing(&self, user: &UserId, session: &StoredToken) -> Result<Option<Standing>>;

    /// Ends a sealed session and remembers it until `expires`; `false` when it was ended before.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn end_sealed(
        &self,
        session: &StoredToken,
        expires: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<bool>;
}

/// Things that count once or are counted.
#[async_trait]
pub trait TokenStore: Debug + Send + Sync {
    /// Spends a handshake: `true` for the first caller, `false` for every other one until `expires`.
    /// One insert-only statement.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn spend(&self, handshake: &str, expires: OffsetDateTime) -> Result<bool>;

    /// Counts one more event under `key` and says how many there are now. A count begins anew at its `expires`,
    /// which only the first event sets.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn count(&self, key: &str, now: OffsetDateTime, expires: OffsetDateTime) -> Result<u32>;

    /// Removes at most `limit` rows of each kind that ended before `now`: sessions, what is remembered of sealed ones,
    /// spent handshakes, counts.
    /// Says how many rows went.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn sweep(&self, now: OffsetDateTime, limit: u32) -> Result<u64>;
}

/// All of it, and the intentions that cross the lines.
#[async_trait]
pub trait Store: UserStore + AccountStore + SessionStore + TokenStore {
    /// A new person: user, account and session. Says how many sessions beyond `keep` had to go.
    ///
    /// # Errors
    /// [`StoreErrorKind::Conflict`] when the id, the address, the account or the session token is taken;
    /// nothing is written then. [`StoreErrorKind::Unavailable`].
    async fn sign_up(
        &self,
        user: &User,
        account: &Account,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64>;

    /// A returning person: the account's tokens are brought up to date, and a session is made. Says how many sessions
    /// beyond `keep` had to go. A `None` among the new tokens leaves the stored one.
    ///
    /// # Errors
    /// [`StoreErrorKind::Conflict`] when the account is gone, belongs to somebody else, or the session token is
    /// taken; nothing is written then. [`StoreErrorKind::Unavailable`].
    async fn sign_in(
        &self,
        account: &Account,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64>;

    /// A further account for a user who is there: the account is tied and a session is made. Says how many sessions
    /// beyond `keep` had to go.
    ///
    /// # Errors
    /// [`StoreErrorKind::Conflict`] when the account is tied already, the user is gone, or the session token is
    /// taken; nothing is written then. [`StoreErrorKind::Unavailable`].
    async fn link(
        &self,
        account: &Account,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64>;

    /// Writes audit events of something that changed nothing else.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn record(&self, audit: &[AuditEvent]) -> Result<()>;

    /// The newest audit events, newest first.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn audit_log(&self, newest: u32) -> Result<Vec<AuditEvent>>;

    /// Whether the store answers at all; for a readiness probe.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`] when it does not.
    async fn ping(&self) -> Result<()>;
}
