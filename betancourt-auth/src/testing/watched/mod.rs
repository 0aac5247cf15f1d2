//! A store under watch: it counts what it is asked, and fails on demand.

mod people;

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use async_trait::async_trait;
use time::OffsetDateTime;

use crate::event::{DeletionRequest, Ending};
use crate::model::{
    Account, AuditEvent, Session, StoredToken, TokenStorage, User, UserId, VerificationToken,
};
use crate::store::{
    AuditEntry, AuditKey, EndedSession, Entered, InboxStore, KnownSession, Mailbox, Meant,
    NewSession, Perishable, Result, SessionOrigin, SessionStore, Standing, Store, StoreError,
    TokenStore, Withdrawal, Withdrawn,
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
    watcher: Option<Arc<dyn Watcher>>,
}

#[derive(Debug, Default)]
struct Watch {
    asked: AtomicU32,
    is_broken: AtomicBool,
}

/// What a store is asked.
///
/// ```
/// use betancourt_auth::testing::Call;
/// assert_eq!(Call::named("ping").name, "ping");
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Call<'c> {
    /// The name of the method.
    pub name: &'static str,
    /// Who comes in by it, where somebody does.
    pub user: Option<&'c UserId>,
    /// The session that is to be made.
    pub session: Option<&'c NewSession>,
    /// The verification tokens that are to be kept.
    pub tokens: &'c [VerificationToken],
}

impl Call<'_> {
    /// A call of that method.
    #[must_use]
    pub fn named(name: &'static str) -> Self {
        Self { name, user: None, session: None, tokens: &[] }
    }
}

/// Somebody who is told of every call, and can hold it up or let it fail.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use std::sync::Arc;
///
/// use async_trait::async_trait;
/// use betancourt_auth::store::{MemoryStore, Result, Store, StoreError};
/// use betancourt_auth::testing::{Call, WatchedStore, Watcher};
///
/// /// Writes are made, and their answers lost.
/// #[derive(Debug)]
/// struct Forgetful;
///
/// #[async_trait]
/// impl Watcher for Forgetful {
///     async fn answered(&self, call: &Call<'_>) -> Result<()> {
///         if call.name == "record" { Err(StoreError::unavailable("lost")) } else { Ok(()) }
///     }
/// }
///
/// let store = WatchedStore::new(MemoryStore::default()).watched_by(Arc::new(Forgetful));
/// assert!(store.ping().await.is_ok());
/// assert!(store.record(&[]).await.is_err());
/// # });
/// ```
#[async_trait]
pub trait Watcher: Debug + Send + Sync {
    /// The store is about to be asked.
    ///
    /// # Errors
    /// What the store is to answer instead.
    async fn asked(&self, call: &Call<'_>) -> Result<()> {
        let _ = call;
        Ok(())
    }

    /// The store was asked, and has an answer.
    ///
    /// # Errors
    /// What the store is to answer instead.
    async fn answered(&self, call: &Call<'_>) -> Result<()> {
        let _ = call;
        Ok(())
    }
}

impl WatchedStore {
    /// Watches a store.
    pub fn new(store: impl Store + 'static) -> Self {
        Self::sharing(Arc::new(store))
    }

    /// Watches a store that others have, too.
    #[must_use]
    pub fn sharing(store: Arc<dyn Store>) -> Self {
        Self { store, watch: Arc::default(), watcher: None }
    }

    /// The same store, of whose calls somebody is told.
    #[must_use]
    pub fn watched_by(self, watcher: Arc<dyn Watcher>) -> Self {
        Self { watcher: Some(watcher), ..self }
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

    /// Asks the store behind, if it is in service.
    async fn watched<'s, T, F>(
        &'s self,
        call: Call<'_>,
        ask: impl FnOnce(&'s dyn Store) -> F + Send,
    ) -> Result<T>
    where
        F: Future<Output = Result<T>> + Send,
        T: Send,
    {
        self.watch.asked.fetch_add(1, Ordering::SeqCst);
        if self.watch.is_broken.load(Ordering::SeqCst) {
            return Err(StoreError::unavailable("the store is out of service"));
        }
        let Some(watcher) = &self.watcher else { return ask(&*self.store).await };
        watcher.asked(&call).await?;
        let answer = ask(&*self.store).await;
        watcher.answered(&call).await?;
        answer
    }
}

#[async_trait]
impl SessionStore for WatchedStore {
    async fn session(&self, token: &StoredToken) -> Result<Option<Session>> {
        self.watched(Call::named("session"), |store| store.session(token)).await
    }

    async fn extend(&self, token: &StoredToken, expires: OffsetDateTime) -> Result<bool> {
        self.watched(Call::named("extend"), |store| store.extend(token, expires)).await
    }

    async fn end_session(&self, token: &StoredToken, audit: &[AuditEvent]) -> Result<bool> {
        self.watched(Call::named("end_session"), |store| store.end_session(token, audit)).await
    }

    async fn end_sessions(
        &self,
        user: &UserId,
        now: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.watched(Call::named("end_sessions"), |store| store.end_sessions(user, now, audit))
            .await
    }

    async fn sessions(&self, user: &UserId, now: OffsetDateTime) -> Result<Vec<KnownSession>> {
        self.watched(Call::named("sessions"), |store| store.sessions(user, now)).await
    }

    async fn end_other_sessions(
        &self,
        user: &UserId,
        kept: &StoredToken,
        remember_until: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.watched(Call::named("end_other_sessions"), |store| {
            store.end_other_sessions(user, kept, remember_until, audit)
        })
        .await
    }

    async fn touch(&self, token: &StoredToken, now: OffsetDateTime) -> Result<bool> {
        self.watched(Call::named("touch"), |store| store.touch(token, now)).await
    }

    async fn touch_sealed(
        &self,
        token: &StoredToken,
        now: OffsetDateTime,
        expires: OffsetDateTime,
    ) -> Result<bool> {
        self.watched(Call::named("touch_sealed"), |store| store.touch_sealed(token, now, expires))
            .await
    }

    async fn standing(&self, user: &UserId, session: &StoredToken) -> Result<Option<Standing>> {
        self.watched(Call::named("standing"), |store| store.standing(user, session)).await
    }

    async fn end_sealed(
        &self,
        session: &StoredToken,
        expires: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        self.watched(Call::named("end_sealed"), |store| store.end_sealed(session, expires, audit))
            .await
    }

    async fn origin(&self, session: &StoredToken) -> Result<Option<SessionOrigin>> {
        self.watched(Call::named("origin"), |store| store.origin(session)).await
    }

    async fn end_sessions_from(
        &self,
        meant: &Meant,
        remember_until: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<Vec<EndedSession>> {
        self.watched(Call::named("end_sessions_from"), |store| {
            store.end_sessions_from(meant, remember_until, audit)
        })
        .await
    }
}

#[async_trait]
impl TokenStore for WatchedStore {
    async fn spend(&self, handshake: &str, expires: OffsetDateTime) -> Result<bool> {
        self.watched(Call::named("spend"), |store| store.spend(handshake, expires)).await
    }

    async fn count(&self, key: &str, now: OffsetDateTime, expires: OffsetDateTime) -> Result<u32> {
        self.watched(Call::named("count"), |store| store.count(key, now, expires)).await
    }

    async fn keep_tokens(&self, identifier: &str, tokens: &[VerificationToken]) -> Result<()> {
        self.watched(Call { tokens, ..Call::named("keep_tokens") }, |store| {
            store.keep_tokens(identifier, tokens)
        })
        .await
    }

    async fn take_token(
        &self,
        identifier: &str,
        hashes: &[&str],
    ) -> Result<Option<VerificationToken>> {
        self.watched(Call::named("take_token"), |store| store.take_token(identifier, hashes)).await
    }

    async fn sweep(&self, what: Perishable, until: OffsetDateTime, limit: u32) -> Result<u64> {
        self.watched(Call::named("sweep"), |store| store.sweep(what, until, limit)).await
    }
}

#[async_trait]
impl InboxStore for WatchedStore {
    async fn withdraw(&self, withdrawal: &Withdrawal, audit: &[AuditEvent]) -> Result<Withdrawn> {
        self.watched(Call::named("withdraw"), |store| store.withdraw(withdrawal, audit)).await
    }

    async fn deletion(&self, code: &str) -> Result<Option<DeletionRequest>> {
        self.watched(Call::named("deletion"), |store| store.deletion(code)).await
    }

    async fn deletions(
        &self,
        after: Option<&DeletionRequest>,
        limit: u32,
    ) -> Result<Vec<DeletionRequest>> {
        self.watched(Call::named("deletions"), |store| store.deletions(after, limit)).await
    }

    async fn request_deletion(
        &self,
        request: &DeletionRequest,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        self.watched(Call::named("request_deletion"), |store| {
            store.request_deletion(request, audit)
        })
        .await
    }

    async fn deletion_of(&self, user: &UserId) -> Result<Option<DeletionRequest>> {
        self.watched(Call::named("deletion_of"), |store| store.deletion_of(user)).await
    }

    async fn withdraw_deletion(
        &self,
        user: &UserId,
        now: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        self.watched(Call::named("withdraw_deletion"), |store| {
            store.withdraw_deletion(user, now, audit)
        })
        .await
    }

    async fn finish_deletion(
        &self,
        code: &str,
        ending: Ending,
        now: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        self.watched(Call::named("finish_deletion"), |store| {
            store.finish_deletion(code, ending, now, audit)
        })
        .await
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
        self.watched(
            Call { user: Some(&user.id), session: Some(session), ..Call::named("sign_up") },
            |store| store.sign_up(user, account, session, audit),
        )
        .await
    }

    async fn sign_in(
        &self,
        account: &Account,
        mailbox: Mailbox,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.watched(
            Call { user: Some(&account.user_id), session: Some(session), ..Call::named("sign_in") },
            |store| store.sign_in(account, mailbox, session, audit),
        )
        .await
    }

    async fn enter(
        &self,
        user: &UserId,
        mailbox: Mailbox,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<Entered> {
        self.watched(
            Call { user: Some(user), session: Some(session), ..Call::named("enter") },
            |store| store.enter(user, mailbox, session, audit),
        )
        .await
    }

    async fn link(
        &self,
        account: &Account,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.watched(
            Call { user: Some(&account.user_id), session: Some(session), ..Call::named("link") },
            |store| store.link(account, session, audit),
        )
        .await
    }

    async fn record(&self, audit: &[AuditEvent]) -> Result<()> {
        self.watched(Call::named("record"), |store| store.record(audit)).await
    }

    async fn audit_page(&self, before: Option<AuditKey>, limit: u32) -> Result<Vec<AuditEntry>> {
        self.watched(Call::named("audit_page"), |store| store.audit_page(before, limit)).await
    }

    async fn history(
        &self,
        user: &UserId,
        since: OffsetDateTime,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditEntry>> {
        self.watched(Call::named("history"), |store| store.history(user, since, before, limit))
            .await
    }

    async fn ping(&self) -> Result<()> {
        self.watched(Call::named("ping"), |store| store.ping()).await
    }
}
