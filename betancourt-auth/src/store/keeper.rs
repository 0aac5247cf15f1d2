//! Sessions in a place of their own, apart from the people whose they are.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::{Meant, NewSession, Result, SessionOrigin, TokenStore};
use crate::model::{SessionDetails, StoredToken, UserId};

/// Keeps sessions, and what counts once or is counted, but no people. A [`SplitStore`](super::SplitStore) makes a whole
/// store of it and of one that has the people.
///
/// It may forget. Whatever ends a session is written down beside the people first, so that a keeper whose memory falls
/// back by a second signs people out and never in.
#[async_trait]
pub trait SessionKeeper: TokenStore {
    /// The session of that token, expired or not. One read.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`](super::StoreErrorKind::Unavailable), as every method of a store.
    async fn kept(&self, token: &StoredToken) -> Result<Option<KeptSession>>;

    /// Keeps a new session, made under that [`cut`](KeptSession::cut), and ends those that it replaces. Says how many
    /// sessions of the user beyond [`keep`](NewSession::keep) had to go. All of it happens at once.
    ///
    /// # Errors
    /// [`StoreErrorKind::Conflict`](super::StoreErrorKind::Conflict) when the token is taken; nothing is written then.
    /// [`StoreErrorKind::Unavailable`](super::StoreErrorKind::Unavailable).
    async fn keep(&self, session: &NewSession, cut: Option<OffsetDateTime>) -> Result<u64>;

    /// As [`SessionStore::extend`](super::SessionStore::extend).
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`](super::StoreErrorKind::Unavailable).
    async fn extend(&self, token: &StoredToken, expires: OffsetDateTime) -> Result<bool>;

    /// As [`SessionStore::touch`](super::SessionStore::touch).
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`](super::StoreErrorKind::Unavailable).
    async fn touch(&self, token: &StoredToken, now: OffsetDateTime) -> Result<bool>;

    /// Forgets sessions, and says how many of them were there.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`](super::StoreErrorKind::Unavailable).
    async fn forget(&self, tokens: &[StoredToken]) -> Result<u64>;

    /// Forgets the sessions of a user, and says how many: all of them, or with a `cut` those that were made under an
    /// earlier one or under none.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`](super::StoreErrorKind::Unavailable).
    async fn forget_all(&self, user: &UserId, cut: Option<OffsetDateTime>) -> Result<u64>;

    /// The sessions of a user, expired or not, in any order.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`](super::StoreErrorKind::Unavailable).
    async fn kept_of(&self, user: &UserId) -> Result<Vec<KeptSession>>;

    /// The sessions that a provider means, in any order.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`](super::StoreErrorKind::Unavailable).
    async fn kept_from(&self, meant: &Meant) -> Result<Vec<KeptSession>>;

    /// Whether it answers at all.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`](super::StoreErrorKind::Unavailable) when it does not.
    async fn ping(&self) -> Result<()>;
}

/// A session as a keeper has it: whose it is, but not who that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptSession {
    /// What it is known by.
    pub token: StoredToken,
    /// Whose session.
    pub user_id: UserId,
    /// When it ends unless it is used.
    pub expires: OffsetDateTime,
    /// How it came to be.
    pub details: SessionDetails,
    /// Where at a provider it began; `None` without one.
    pub origin: Option<SessionOrigin>,
    /// The [`not_before`](super::Standing::not_before) of its user when it was made. Under a later one it has ended.
    pub cut: Option<OffsetDateTime>,
}

impl KeptSession {
    /// A new session, made under that cut.
    #[must_use]
    pub fn new(session: &NewSession, cut: Option<OffsetDateTime>) -> Self {
        Self {
            token: session.token.clone(),
            user_id: session.user_id.clone(),
            expires: session.expires,
            details: session.details.clone(),
            origin: session.origin.clone(),
            cut,
        }
    }

    /// Whether it was made under that cut or a later one. Cuts are compared with one another and never with a clock:
    /// two instances may have different ones.
    ///
    /// ```
    /// use betancourt_auth::store::{Keeping, KeptSession, NewSession};
    /// use betancourt_auth::{SessionDetails, StoredToken, UserId};
    /// use time::{Duration, OffsetDateTime};
    ///
    /// let now = OffsetDateTime::UNIX_EPOCH;
    /// let session = NewSession {
    ///     token: StoredToken::hashed("a-token-from-a-cookie"),
    ///     keeping: Keeping::Stored,
    ///     user_id: UserId::new("cm3x9"),
    ///     expires: now + Duration::days(30),
    ///     details: SessionDetails::new(now, "google"),
    ///     origin: None,
    ///     replaces: Vec::new(),
    ///     keep: 20,
    /// };
    /// assert!(KeptSession::new(&session, None).is_under(None));
    /// assert!(!KeptSession::new(&session, None).is_under(Some(now)));
    /// assert!(KeptSession::new(&session, Some(now)).is_under(Some(now)));
    /// ```
    #[must_use]
    pub fn is_under(&self, cut: Option<OffsetDateTime>) -> bool {
        self.cut >= cut // none is the earliest of all
    }
}
