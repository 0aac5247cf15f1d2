//! The one store of this crate: opened by an address, it hands every question on to the database behind it.

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use betancourt_auth::store::{
    AccountStore, Candidates, Entered, KnownSession, Mailbox, NewSession, Result, SessionStore,
    Standing, Store, TokenStore, Unlinked, UserStore,
};
use betancourt_auth::{
    Account, AccountKey, AuditEvent, Session, StoredToken, TokenStorage, Tokens, User, UserId,
    VerificationToken,
};
use time::OffsetDateTime;

use crate::database::Database;
use crate::error::OpenError;
#[cfg(feature = "_sqlite")]
use crate::sqlite::SqliteStore;

/// Keeps people, accounts and sessions in an SQL database. Clones share its connections.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use betancourt_auth::store::Store;
/// use betancourt_auth_sqlx::SqlStore;
///
/// let store = SqlStore::connect("sqlite::memory:").await?;
/// assert!(store.ping().await.is_ok());
/// # Ok::<(), betancourt_auth_sqlx::OpenError>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct SqlStore(Arc<dyn Database>);

impl SqlStore {
    /// Opens the database at `url`, and makes its tables or adopts those that are there.
    ///
    /// - `sqlite://app.db` is a file beside the process, `sqlite:///var/lib/app/app.db` one somewhere else. The file is
    ///   created if it is not there.
    /// - `sqlite::memory:` is forgotten when the last clone of the store is dropped.
    ///
    /// # Errors
    /// Those of [`SqlStore::open`] and [`SqlStore::migrate`].
    pub async fn connect(url: &str) -> std::result::Result<Self, OpenError> {
        let store = Self::open(url).await?;
        store.migrate().await?;
        Ok(store)
    }

    /// Opens the database at `url` and leaves its tables alone, where [`SqlStore::migrate`] is a step of its own.
    ///
    /// # Errors
    /// [`OpenError::UnknownDatabase`] and [`OpenError::Unreachable`].
    #[cfg_attr(
        not(feature = "_sqlite"),
        expect(clippy::unused_async, reason = "without a database there is nothing to wait for")
    )]
    pub async fn open(url: &str) -> std::result::Result<Self, OpenError> {
        match url.split_once(':').map_or("", |(scheme, _)| scheme) {
            #[cfg(feature = "_sqlite")]
            "sqlite" => Ok(Self(Arc::new(SqliteStore::connect(url).await?))),
            unknown => Err(OpenError::UnknownDatabase { scheme: unknown.to_owned() }),
        }
    }

    /// A store on an SQLite pool of the application. Its tables are those of [`SqlStore::migrate`].
    ///
    /// The pool must have foreign keys on, as sqlx has them unless told otherwise, and a `busy_timeout`; the journal
    /// mode WAL lets people be read while somebody is written.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use betancourt_auth_sqlx::SqlStore;
    ///
    /// let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    /// let store = SqlStore::from_sqlite_pool(pool);
    /// store.migrate().await?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    #[cfg(feature = "_sqlite")]
    #[must_use]
    pub fn from_sqlite_pool(pool: sqlx::SqlitePool) -> Self {
        Self(Arc::new(SqliteStore::new(pool)))
    }

    /// The connections of a store on SQLite, for questions of the application's own to the same tables.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use betancourt_auth_sqlx::SqlStore;
    ///
    /// let store = SqlStore::connect("sqlite::memory:").await?;
    /// let pool = store.sqlite_pool().ok_or("not SQLite")?;
    /// let people: i64 = sqlx::query_scalar("SELECT count(*) FROM users").fetch_one(pool).await?;
    /// assert_eq!(people, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    #[cfg(feature = "_sqlite")]
    #[must_use]
    pub fn sqlite_pool(&self) -> Option<&sqlx::SqlitePool> {
        self.0.sqlite_pool()
    }

    /// Makes the tables, or adopts those that Auth.js left behind, and brings both up to date.
    ///
    /// Adopting changes no table of Auth.js. It does replace the session tokens in it by their hashes, so that nobody
    /// is signed out and a stolen table opens no session; an Auth.js application that still runs on the table knows
    /// its sessions no more. Can be repeated and interrupted at any time.
    ///
    /// # Errors
    /// [`OpenError::Misfit`] when a table is not as Auth.js makes it: nothing was changed then.
    /// [`OpenError::Migration`] when the database refuses.
    pub async fn migrate(&self) -> std::result::Result<(), OpenError> {
        self.0.migrate().await
    }
}

#[async_trait]
impl UserStore for SqlStore {
    async fn user(&self, id: &UserId) -> Result<Option<User>> {
        self.0.user(id).await
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        self.0.user_by_email(email).await
    }

    async fn draw_id(&self) -> Result<Option<UserId>> {
        self.0.draw_id().await
    }

    async fn set_role(&self, id: &UserId, role: &str, audit: &[AuditEvent]) -> Result<bool> {
        self.0.set_role(id, role, audit).await
    }

    async fn delete_user(&self, id: &UserId, audit: &[AuditEvent]) -> Result<bool> {
        self.0.delete_user(id, audit).await
    }
}

#[async_trait]
impl AccountStore for SqlStore {
    async fn candidates(&self, key: &AccountKey, email: Option<&str>) -> Result<Candidates> {
        self.0.candidates(key, email).await
    }

    async fn accounts(&self, user: &UserId) -> Result<Vec<Account>> {
        self.0.accounts(user).await
    }

    async fn account(&self, key: &AccountKey) -> Result<Option<Account>> {
        self.0.account(key).await
    }

    async fn unlink(
        &self,
        user: &UserId,
        key: &AccountKey,
        another_at: Option<&[&str]>,
        audit: &[AuditEvent],
    ) -> Result<Unlinked> {
        self.0.unlink(user, key, another_at, audit).await
    }

    async fn replace_tokens(
        &self,
        key: &AccountKey,
        tokens: &Tokens,
        reauth_since: Option<OffsetDateTime>,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        self.0.replace_tokens(key, tokens, reauth_since, audit).await
    }
}

#[async_trait]
impl SessionStore for SqlStore {
    async fn session(&self, token: &StoredToken) -> Result<Option<Session>> {
        self.0.session(token).await
    }

    async fn extend(&self, token: &StoredToken, expires: OffsetDateTime) -> Result<bool> {
        self.0.extend(token, expires).await
    }

    async fn end_session(&self, token: &StoredToken, audit: &[AuditEvent]) -> Result<bool> {
        self.0.end_session(token, audit).await
    }

    async fn end_sessions(
        &self,
        user: &UserId,
        now: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.0.end_sessions(user, now, audit).await
    }

    async fn sessions(&self, user: &UserId, now: OffsetDateTime) -> Result<Vec<KnownSession>> {
        self.0.sessions(user, now).await
    }

    async fn end_other_sessions(
        &self,
        user: &UserId,
        kept: &StoredToken,
        remember_until: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.0.end_other_sessions(user, kept, remember_until, audit).await
    }

    async fn touch(&self, token: &StoredToken, now: OffsetDateTime) -> Result<bool> {
        self.0.touch(token, now).await
    }

    async fn touch_sealed(
        &self,
        token: &StoredToken,
        now: OffsetDateTime,
        expires: OffsetDateTime,
    ) -> Result<bool> {
        self.0.touch_sealed(token, now, expires).await
    }

    async fn standing(&self, user: &UserId, session: &StoredToken) -> Result<Option<Standing>> {
        self.0.standing(user, session).await
    }

    async fn end_sealed(
        &self,
        session: &StoredToken,
        expires: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        self.0.end_sealed(session, expires, audit).await
    }
}

#[async_trait]
impl TokenStore for SqlStore {
    async fn spend(&self, handshake: &str, expires: OffsetDateTime) -> Result<bool> {
        self.0.spend(handshake, expires).await
    }

    async fn count(&self, key: &str, now: OffsetDateTime, expires: OffsetDateTime) -> Result<u32> {
        self.0.count(key, now, expires).await
    }

    async fn keep_tokens(&self, identifier: &str, tokens: &[VerificationToken]) -> Result<()> {
        self.0.keep_tokens(identifier, tokens).await
    }

    async fn take_token(
        &self,
        identifier: &str,
        hashes: &[&str],
    ) -> Result<Option<VerificationToken>> {
        self.0.take_token(identifier, hashes).await
    }

    async fn sweep(&self, now: OffsetDateTime, limit: u32) -> Result<u64> {
        self.0.sweep(now, limit).await
    }
}

#[async_trait]
impl Store for SqlStore {
    fn token_storage(&self) -> TokenStorage {
        self.0.token_storage()
    }

    async fn sign_up(
        &self,
        user: &User,
        account: Option<&Account>,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.0.sign_up(user, account, session, audit).await
    }

    async fn sign_in(
        &self,
        account: &Account,
        mailbox: Mailbox,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.0.sign_in(account, mailbox, session, audit).await
    }

    async fn enter(
        &self,
        user: &UserId,
        mailbox: Mailbox,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<Entered> {
        self.0.enter(user, mailbox, session, audit).await
    }

    async fn link(
        &self,
        account: &Account,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.0.link(account, session, audit).await
    }

    async fn record(&self, audit: &[AuditEvent]) -> Result<()> {
        self.0.record(audit).await
    }

    async fn audit_log(&self, newest: u32) -> Result<Vec<AuditEvent>> {
        self.0.audit_log(newest).await
    }

    async fn ping(&self) -> Result<()> {
        self.0.ping().await
    }
}
