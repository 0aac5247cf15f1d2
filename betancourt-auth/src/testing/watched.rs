//! A store under watch: it counts what it is asked, and fails on demand.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use async_trait::async_trait;
use time::OffsetDateTime;

use crate::event::{DeletionRequest, Ending};
use crate::model::{
    Account, AccountKey, AuditEvent, Session, StoredToken, TokenStorage, Tokens, User, UserId,
    VerificationToken,
};
use crate::store::{
    AccountStore, Candidates, EndedSession, Entered, InboxStore, KnownSession, Mailbox, Meant,
    NewSession, Result, RoleChange, SessionOrigin, SessionStore, Standing, Store, StoreError,
    TokenStore, Unlinked, UserStore, Withdrawal, Withdrawn,
};

/// A store that counts what it is asked, and that a test takes out of service and back. Clones are the same store.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use betancourt_auth::store::{MemoryStore, Store};
/// use betancourt_auth::testing::WatchedStore;
///
/// let store = WatchedStore::new(MemoryStore::default());
/// assert!(store.ping().await.is_ok());
/// store.break_down();
/// assert!(store.ping().await.is_err());
/// assert_eq!(store.asked(), 2);
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct WatchedStore {
    store: Arc<dyn Store>,
    watch: Arc<Watch>,
}

#[derive(Debug, Default)]
struct Watch {
    asked: AtomicU32,
    is_broken: AtomicBool,
}

impl WatchedStore {
    /// Watches a store.
    pub fn new(store: impl Store + 'static) -> Self {
        Self { store: Arc::new(store), watch: Arc::default() }
    }

    /// How many questions it was asked until now.
    #[must_use]
    pub fn asked(&self) -> u32 {
        self.watch.asked.load(Ordering::SeqCst)
    }

    /// Takes it out of service.
    pub fn break_down(&self) {
        self.watch.is_broken.store(true, Ordering::SeqCst);
    }

    /// Brings it back.
    pub fn repair(&self) {
        self.watch.is_broken.store(false, Ordering::SeqCst);
    }

    /// The store behind, if it is in service.
    fn ask(&self) -> Result<&dyn Store> {
        self.watch.asked.fetch_add(1, Ordering::SeqCst);
        if self.watch.is_broken.load(Ordering::SeqCst) {
            return Err(StoreError::unavailable("the store is out of service"));
        }
        Ok(&*self.store)
    }
}

#[async_trait]
impl UserStore for WatchedStore {
    async fn user(&self, id: &UserId) -> Result<Option<User>> {
        self.ask()?.user(id).await
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        self.ask()?.user_by_email(email).await
    }

    async fn draw_id(&self) -> Result<Option<UserId>> {
        self.ask()?.draw_id().await
    }

    async fn set_role(
        &self,
        id: &UserId,
        role: &str,
        never_without: Option<&str>,
        audit: &[AuditEvent],
    ) -> Result<RoleChange> {
        self.ask()?.set_role(id, role, never_without, audit).await
    }

    async fn delete_user(&self, id: &UserId, audit: &[AuditEvent]) -> Result<bool> {
        self.ask()?.delete_user(id, audit).await
    }
}

#[async_trait]
impl AccountStore for WatchedStore {
    async fn candidates(&self, key: &AccountKey, email: Option<&str>) -> Result<Candidates> {
        self.ask()?.candidates(key, email).await
    }

    async fn accounts(&self, user: &UserId) -> Result<Vec<Account>> {
        self.ask()?.accounts(user).await
    }

    async fn account(&self, key: &AccountKey) -> Result<Option<Account>> {
        self.ask()?.account(key).await
    }

    async fn unlink(
        &self,
        user: &UserId,
        key: &AccountKey,
        another_at: Option<&[&str]>,
        audit: &[AuditEvent],
    ) -> Result<Unlinked> {
        self.ask()?.unlink(user, key, another_at, audit).await
    }

    async fn replace_tokens(
        &self,
        key: &AccountKey,
        tokens: &Tokens,
        reauth_since: Option<OffsetDateTime>,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        self.ask()?.replace_tokens(key, tokens, reauth_since, audit).await
    }
}

#[async_trait]
impl SessionStore for WatchedStore {
    async fn session(&self, token: &StoredToken) -> Result<Option<Session>> {
        self.ask()?.session(token).await
    }

    async fn extend(&self, token: &StoredToken, expires: OffsetDateTime) -> Result<bool> {
        self.ask()?.extend(token, expires).await
    }

    async fn end_session(&self, token: &StoredToken, audit: &[AuditEvent]) -> Result<bool> {
        self.ask()?.end_session(token, audit).await
    }

    async fn end_sessions(
        &self,
        user: &UserId,
        now: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.ask()?.end_sessions(user, now, audit).await
    }

    async fn sessions(&self, user: &UserId, now: OffsetDateTime) -> Result<Vec<KnownSession>> {
        self.ask()?.sessions(user, now).await
    }

    async fn end_other_sessions(
        &self,
        user: &UserId,
        kept: &StoredToken,
        remember_until: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.ask()?.end_other_sessions(user, kept, remember_until, audit).await
    }

    async fn touch(&self, token: &StoredToken, now: OffsetDateTime) -> Result<bool> {
        self.ask()?.touch(token, now).await
    }

    async fn touch_sealed(
        &self,
        token: &StoredToken,
        now: OffsetDateTime,
        expires: OffsetDateTime,
    ) -> Result<bool> {
        self.ask()?.touch_sealed(token, now, expires).await
    }

    async fn standing(&self, user: &UserId, session: &StoredToken) -> Result<Option<Standing>> {
        self.ask()?.standing(user, session).await
    }

    async fn end_sealed(
        &self,
        session: &StoredToken,
        expires: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        self.ask()?.end_sealed(session, expires, audit).await
    }

    async fn origin(&self, session: &StoredToken) -> Result<Option<SessionOrigin>> {
        self.ask()?.origin(session).await
    }

    async fn end_sessions_from(
        &self,
        meant: &Meant,
        remember_until: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<Vec<EndedSession>> {
        self.ask()?.end_sessions_from(meant, remember_until, audit).await
    }
}

#[async_trait]
impl TokenStore for WatchedStore {
    async fn spend(&self, handshake: &str, expires: OffsetDateTime) -> Result<bool> {
        self.ask()?.spend(handshake, expires).await
    }

    async fn count(&self, key: &str, now: OffsetDateTime, expires: OffsetDateTime) -> Result<u32> {
        self.ask()?.count(key, now, expires).await
    }

    async fn keep_tokens(&self, identifier: &str, tokens: &[VerificationToken]) -> Result<()> {
        self.ask()?.keep_tokens(identifier, tokens).await
    }

    async fn take_token(
        &self,
        identifier: &str,
        hashes: &[&str],
    ) -> Result<Option<VerificationToken>> {
        self.ask()?.take_token(identifier, hashes).await
    }

    async fn sweep(&self, now: OffsetDateTime, limit: u32) -> Result<u64> {
        self.ask()?.sweep(now, limit).await
    }
}

#[async_trait]
impl InboxStore for WatchedStore {
    async fn withdraw(&self, withdrawal: &Withdrawal, audit: &[AuditEvent]) -> Result<Withdrawn> {
        self.ask()?.withdraw(withdrawal, audit).await
    }

    async fn deletion(&self, code: &str) -> Result<Option<DeletionRequest>> {
        self.ask()?.deletion(code).await
    }

    async fn deletions(&self) -> Result<Vec<DeletionRequest>> {
        self.ask()?.deletions().await
    }

    async fn finish_deletion(
        &self,
        code: &str,
        ending: Ending,
        now: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        self.ask()?.finish_deletion(code, ending, now, audit).await
    }
}

#[async_trait]
impl Store for WatchedStore {
    fn token_storage(&self) -> TokenStorage {
        self.store.token_storage()
    }

    async fn sign_up(
        &self,
        user: &User,
        account: Option<&Account>,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.ask()?.sign_up(user, account, session, audit).await
    }

    async fn sign_in(
        &self,
        account: &Account,
        mailbox: Mailbox,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.ask()?.sign_in(account, mailbox, session, audit).await
    }

    async fn enter(
        &self,
        user: &UserId,
        mailbox: Mailbox,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<Entered> {
        self.ask()?.enter(user, mailbox, session, audit).await
    }

    async fn link(
        &self,
        account: &Account,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.ask()?.link(account, session, audit).await
    }

    async fn record(&self, audit: &[AuditEvent]) -> Result<()> {
        self.ask()?.record(audit).await
    }

    async fn audit_log(&self, newest: u32) -> Result<Vec<AuditEvent>> {
        self.ask()?.audit_log(newest).await
    }

    async fn ping(&self) -> Result<()> {
        self.ask()?.ping().await
    }
}
