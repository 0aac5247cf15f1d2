//! The records of the Auth.js schema, and what we keep beside them.

use std::fmt::{self, Debug, Display, Formatter};

use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime};

use crate::secret::{self, Secret};

/// The role a new person has, as the database default says.
pub const DEFAULT_ROLE: &str = "CLIENT";

/// The `id` of a user.
///
/// ```
/// use betancourt_auth::UserId;
/// assert_eq!(UserId::new("cm3x9").as_str(), "cm3x9");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId(String);

impl UserId {
    /// An id that a store has given.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id as it stands in the store.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for UserId {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A person, as a row of `users`.
///
/// `Debug` shows the id and the role only: an address must never reach a log.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// The primary key.
    pub id: UserId,
    /// The name to show, if the person has one.
    pub name: Option<String>,
    /// The address, in lower case. `None` where no provider gave one.
    pub email: Option<String>,
    /// When the address was proven to be the person's.
    pub email_verified: Option<OffsetDateTime>,
    /// The address of a picture.
    pub image: Option<String>,
    /// What the person may do, for example `CLIENT` or `ADMIN`.
    pub role: String,
}

impl User {
    /// A user with an id, [`DEFAULT_ROLE`] and nothing else.
    ///
    /// ```
    /// use betancourt_auth::{User, UserId};
    /// let user = User::new(UserId::new("cm3x9"));
    /// assert_eq!((user.role.as_str(), user.email), ("CLIENT", None));
    /// ```
    #[must_use]
    pub fn new(id: UserId) -> Self {
        Self {
            id,
            name: None,
            email: None,
            email_verified: None,
            image: None,
            role: DEFAULT_ROLE.to_owned(),
        }
    }

    /// What to call the person: the name, else the address, else the id.
    #[must_use]
    pub fn display_name(&self) -> &str {
        self.name.as_deref().or(self.email.as_deref()).unwrap_or(self.id.as_str())
    }
}

impl Debug for User {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("User")
            .field("id", &self.id)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// Who somebody is at a provider: the provider's id and the subject there. Unique in `accounts`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AccountKey {
    /// The id of the provider, for example `google`.
    pub provider: String,
    /// The provider's own, unchanging id of the person (`sub` in OpenID Connect Core §2), compared byte for byte.
    pub subject: String,
}

impl AccountKey {
    /// The key of a subject at a provider.
    pub fn new(provider: impl Into<String>, subject: impl Into<String>) -> Self {
        Self { provider: provider.into(), subject: subject.into() }
    }
}

impl Debug for AccountKey {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AccountKey")
            .field("provider", &self.provider)
            .finish_non_exhaustive()
    }
}

/// The tie between a user and a subject at a provider, as a row of `accounts`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Account {
    /// The provider and the subject there.
    pub key: AccountKey,
    /// Whose account it is.
    pub user_id: UserId,
    /// The `type` column: `oauth` or `oidc`, as Auth.js writes it.
    pub kind: String,
    /// What the provider's token endpoint gave at the latest sign-in; the three tokens are sealed, unless the store is
    /// [shared with Auth.js](TokenStorage::SharedWithAuthJs).
    pub tokens: Tokens,
    /// What we keep beside the account.
    pub details: AccountDetails,
}

impl Account {
    /// An account without tokens.
    ///
    /// ```
    /// use betancourt_auth::{Account, AccountKey, UserId};
    /// let account = Account::new(AccountKey::new("google", "1042"), UserId::new("cm3x9"), "oidc");
    /// assert!(account.tokens.access_token.is_none());
    /// ```
    pub fn new(key: AccountKey, user_id: UserId, kind: impl Into<String>) -> Self {
        Self {
            key,
            user_id,
            kind: kind.into(),
            tokens: Tokens::default(),
            details: AccountDetails::default(),
        }
    }
}

/// The members of a token response (RFC 6749 §5.1) that `accounts` keeps.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    /// `access_token`, sealed.
    pub access_token: Option<Secret>,
    /// `refresh_token`, sealed.
    pub refresh_token: Option<Secret>,
    /// `id_token`, sealed.
    pub id_token: Option<Secret>,
    /// When the access token ends, in whole seconds since 1970.
    pub expires_at: Option<i64>,
    /// `token_type`, in lower case.
    pub token_type: Option<String>,
    /// `scope`, if the provider said what it granted.
    pub scope: Option<String>,
    /// `session_state` (OpenID Connect Session Management §2).
    pub session_state: Option<String>,
}

/// What stands in `auth_accounts`, beside the row that Auth.js knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountDetails {
    /// When the account was tied to the user. `None` for an account that Auth.js made.
    pub linked_at: Option<OffsetDateTime>,
    /// Further stable claims the provider's documentation asks to keep, for example `tid` and `oid` of Microsoft.
    pub claims: Map<String, Value>,
    /// Since when the provider's tokens cannot be refreshed, so that the person has to sign in with it again.
    pub reauth_since: Option<OffsetDateTime>,
}

/// In which form secrets stand in the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenStorage {
    /// Session tokens as hashes, provider tokens sealed: a copy of the tables opens nothing.
    #[default]
    Hashed,
    /// All of them in clear, as Auth.js has them, so that an Auth.js application can work on the same tables at the
    /// same time. Whoever reads the tables can then be everybody.
    SharedWithAuthJs,
}

impl TokenStorage {
    /// What stands in the store for the session token of a cookie.
    ///
    /// ```
    /// use betancourt_auth::TokenStorage;
    /// assert!(TokenStorage::Hashed.stored("a-token-from-a-cookie").as_str().starts_with("s256:"));
    /// assert_eq!(TokenStorage::SharedWithAuthJs.stored("a-token").as_str(), "a-token");
    /// ```
    #[must_use]
    pub fn stored(self, token: &str) -> StoredToken {
        match self {
            Self::Hashed => StoredToken::hashed(token),
            Self::SharedWithAuthJs => StoredToken::from_stored(token),
        }
    }
}

/// What stands in `sessions.sessionToken`: a hash of the token in the cookie, or with
/// [`TokenStorage::SharedWithAuthJs`] the token itself.
///
/// ```
/// use betancourt_auth::StoredToken;
/// let stored = StoredToken::hashed("a-token-from-a-cookie");
/// assert!(stored.as_str().starts_with("s256:"));
/// assert_ne!(stored, StoredToken::hashed("another"));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct StoredToken(String);

impl StoredToken {
    /// What begins every hashed value.
    pub const PREFIX: &'static str = "s256:";

    /// The stored form of a session token: `s256:` and its SHA-256 as base64url.
    #[must_use]
    pub fn hashed(token: &str) -> Self {
        Self(format!("{}{}", Self::PREFIX, secret::sha256_base64url(token)))
    }

    /// A value read back from a store or from a sealed handshake.
    pub fn from_stored(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value as it stands in the store.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same session by the hash of its token, where the store has the token itself.
    pub(crate) fn to_hashed(&self) -> Self {
        if self.0.starts_with(Self::PREFIX) { self.clone() } else { Self::hashed(&self.0) }
    }
}

impl Debug for StoredToken {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("StoredToken(…)")
    }
}

/// A session that is alive, with its user.
///
/// `Debug` leaves the claims out: an application may put anything there.
#[derive(Clone)]
#[non_exhaustive]
pub struct Session {
    /// Who is signed in, as the store knows the person now: a changed role counts at once.
    pub user: User,
    /// When the session ends unless it is used.
    pub expires: OffsetDateTime,
    /// How it came to be. `None` for a session that Auth.js made.
    pub details: Option<SessionDetails>,
    /// What the [`jwt`](crate::hook::Callbacks::jwt) callback put into a sealed session. Empty for a stored one.
    pub claims: Map<String, Value>,
}

impl Session {
    /// A session as a store reads it.
    #[must_use]
    pub fn new(user: User, expires: OffsetDateTime, details: Option<SessionDetails>) -> Self {
        Self { user, expires, details, claims: Map::new() }
    }

    /// Whether the person proved who they are within the last `window`. A session that Auth.js made is never fresh.
    ///
    /// ```
    /// use betancourt_auth::{Session, SessionDetails, User, UserId};
    /// use time::{Duration, OffsetDateTime};
    /// let now = OffsetDateTime::UNIX_EPOCH + Duration::days(1);
    /// let details = SessionDetails::new(now - Duration::minutes(5), "google");
    /// let session = Session::new(User::new(UserId::new("cm3x9")), now + Duration::days(30), Some(details));
    /// assert!(session.is_fresh(now, Duration::minutes(10)));
    /// assert!(!session.is_fresh(now, Duration::minutes(4)));
    /// ```
    #[must_use]
    pub fn is_fresh(&self, now: OffsetDateTime, window: Duration) -> bool {
        self.details.as_ref().is_some_and(|details| now - details.authenticated_at <= window)
    }
}

impl Debug for Session {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Session")
            .field("user", &self.user)
            .field("expires", &self.expires)
            .field("details", &self.details)
            .finish_non_exhaustive()
    }
}

/// What stands in `auth_sessions`, beside the row that Auth.js knows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionDetails {
    /// When the person signed in to the session of which this is the latest renewal.
    pub created_at: OffsetDateTime,
    /// When the person last proved who they are.
    pub authenticated_at: OffsetDateTime,
    /// How: the id of the provider.
    pub method: String,
    /// The `User-Agent` of the browser that signed in, at most 256 characters.
    pub device: Option<String>,
    /// When the session was last used, as far as that was written down.
    pub seen_at: Option<OffsetDateTime>,
}

impl SessionDetails {
    /// The details of a session that begins at `now`.
    pub fn new(now: OffsetDateTime, method: impl Into<String>) -> Self {
        Self {
            created_at: now,
            authenticated_at: now,
            method: method.into(),
            device: None,
            seen_at: None,
        }
    }
}

/// A token that proves once that somebody reads mail at an address, as a row of `verification_tokens`.
///
/// `Debug` shows when it ends only.
#[derive(Clone, PartialEq, Eq)]
pub struct VerificationToken {
    /// The address.
    pub identifier: String,
    /// The hash of what was sent there, in the form of Auth.js: hexadecimal SHA-256 of the token and the secret.
    pub token: String,
    /// When it ends.
    pub expires: OffsetDateTime,
}

impl Debug for VerificationToken {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("VerificationToken")
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// Something worth remembering, written in the transaction of what it tells.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditEvent {
    /// When it happened.
    pub at: OffsetDateTime,
    /// What happened.
    pub kind: AuditKind,
    /// To whom.
    pub user_id: Option<UserId>,
    /// Who did it, where somebody did it to somebody else.
    pub actor: Option<UserId>,
    /// Through which provider.
    pub provider: Option<String>,
    /// Why, for a refusal: the reason that the log has, too. For a role: which.
    pub reason: Option<String>,
    /// The network the browser came from, shortened (`203.0.113.0`, `2001:db8::`).
    pub network: Option<String>,
    /// The `User-Agent` of the browser, where somebody signed in or tried to: at most 256 characters.
    pub device: Option<String>,
}

impl AuditEvent {
    /// An event with nothing but a time and a kind.
    #[must_use]
    pub fn new(at: OffsetDateTime, kind: AuditKind) -> Self {
        Self {
            at,
            kind,
            user_id: None,
            actor: None,
            provider: None,
            reason: None,
            network: None,
            device: None,
        }
    }

    /// The same event about a user.
    #[must_use]
    pub fn about(mut self, user_id: &UserId) -> Self {
        self.user_id = Some(user_id.clone());
        self
    }

    /// The same event as something that a user did.
    #[must_use]
    pub fn by(mut self, actor: &UserId) -> Self {
        self.actor = Some(actor.clone());
        self
    }
}

/// The kinds of [`AuditEvent`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuditKind {
    /// An account was tied to a user who was signed in.
    AccountLinked,
    /// An account was untied from a user.
    AccountUnlinked,
    /// Somebody proved an address that nobody had proven before; accounts and sessions from before went.
    AddressProven,
    /// A request to delete what is kept of somebody was finished.
    DeletionFinished,
    /// A user was marked for deletion.
    DeletionRequested,
    /// Somebody who had asked to be deleted changed their mind.
    DeletionWithdrawn,
    /// Somebody took their name or their picture over from a provider: the reason says which.
    ProfileChanged,
    /// A provider told something of somebody: the reason says what.
    ProviderReported,
    /// Somebody's role was changed.
    RoleChanged,
    /// A session was ended from another one.
    SessionRevoked,
    /// All sessions of a user were ended, or all but one.
    SessionsEnded,
    /// Somebody signed in.
    SignedIn,
    /// Somebody signed out.
    SignedOut,
    /// A provider said that somebody signed out there, and sessions that began there ended.
    SignedOutByProvider,
    /// Somebody signed in for the first time.
    SignedUp,
    /// An attempt to sign in was refused.
    SignInRefused,
    /// A user who was shut out was let in again.
    SuspensionLifted,
    /// A provider took its tokens back.
    TokensRevoked,
    /// A user was deleted.
    UserDeleted,
    /// A user was shut out: the reason says why.
    UserSuspended,
}

impl AuditKind {
    /// Every kind.
    pub const ALL: [Self; 20] = [
        Self::AccountLinked,
        Self::AccountUnlinked,
        Self::AddressProven,
        Self::DeletionFinished,
        Self::DeletionRequested,
        Self::DeletionWithdrawn,
        Self::ProfileChanged,
        Self::ProviderReported,
        Self::RoleChanged,
        Self::SessionRevoked,
        Self::SessionsEnded,
        Self::SignedIn,
        Self::SignedOut,
        Self::SignedOutByProvider,
        Self::SignedUp,
        Self::SignInRefused,
        Self::SuspensionLifted,
        Self::TokensRevoked,
        Self::UserDeleted,
        Self::UserSuspended,
    ];

    /// The name that stores keep.
    ///
    /// ```
    /// use betancourt_auth::AuditKind;
    /// assert_eq!(AuditKind::SignedIn.as_str(), "signed_in");
    /// assert_eq!(AuditKind::parse("signed_in"), Some(AuditKind::SignedIn));
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccountLinked => "account_linked",
            Self::AccountUnlinked => "account_unlinked",
            Self::AddressProven => "address_proven",
            Self::DeletionFinished => "deletion_finished",
            Self::DeletionRequested => "deletion_requested",
            Self::DeletionWithdrawn => "deletion_withdrawn",
            Self::ProfileChanged => "profile_changed",
            Self::ProviderReported => "provider_reported",
            Self::RoleChanged => "role_changed",
            Self::SessionRevoked => "session_revoked",
            Self::SessionsEnded => "sessions_ended",
            Self::SignedIn => "signed_in",
            Self::SignedOut => "signed_out",
            Self::SignedOutByProvider => "signed_out_by_provider",
            Self::SignedUp => "signed_up",
            Self::SignInRefused => "sign_in_refused",
            Self::SuspensionLifted => "suspension_lifted",
            Self::TokensRevoked => "tokens_revoked",
            Self::UserDeleted => "user_deleted",
            Self::UserSuspended => "user_suspended",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}
