//! A store that is watched: it counts what it is asked, fails on demand, waits on demand, and can be photographed.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use betancourt_auth::store::{
    AccountStore, Candidates, EndedSession, Entered, InboxStore, KnownSession, Mailbox, Meant,
    NewSession, Result, RoleChange, SessionOrigin, SessionStore, Standing, Store, StoreError,
    TokenStore, Unlinked, UserStore, Withdrawal, Withdrawn,
};
use betancourt_auth::{
    Account, AccountKey, AuditEvent, DeletionRequest, Ending, Session, StoredToken, TokenStorage,
    Tokens, User, UserId, VerificationToken,
};
use time::OffsetDateTime;
use tokio::sync::Notify;
use tokio::time::timeout;

/// Whoever has not come by then never will.
const PATIENCE: Duration = Duration::from_secs(30);

/// A moment inside the server at which a test can hold a request.
#[derive(Debug, Default)]
pub(crate) struct Moment {
    armed: AtomicBool,
    reached: Notify,
    released: Notify,
}

/// All rows of a store, as texts: equal photographs, equal tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Snapshot {
    pub(crate) users: Vec<String>,
    pub(crate) accounts: Vec<String>,
    pub(crate) sessions: Vec<String>,
}

/// What the stores of all servers of one world share.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    /// Every key that a row was ever written under: with them the whole store can be read back.
    users: Mutex<BTreeSet<String>>,
    tokens: Mutex<BTreeSet<String>>,
    /// The hashes of verification tokens that were ever kept.
    hashes: Mutex<Vec<String>>,
    asked: AtomicU32,
    broken: AtomicBool,
    /// Just after something was counted.
    pub(crate) after_count: Moment,
    /// Just before a session is extended.
    pub(crate) before_extension: Moment,
    /// Just after it was read whether a sealed session has ended.
    pub(crate) after_standing: Moment,
    /// Just before a session is made.
    pub(crate) before_session: Moment,
}

/// A store under watch.
#[derive(Clone, Debug)]
pub(crate) struct WatchedStore {
    store: Arc<dyn Store>,
    pub(crate) watch: Arc<Watch>,
}

impl Moment {
    /// The next request that comes here stays until [`release`](Self::release).
    pub(crate) fn hold(&self) {
        self.armed.store(true, Ordering::SeqCst);
    }

    /// Waits until a request is here.
    pub(crate) async fn reached(&self) {
        timeout(PATIENCE, self.reached.notified()).await.expect("no request came to this moment");
    }

    /// Lets it go on.
    pub(crate) fn release(&self) {
        self.released.notify_one();
    }

    async fn pass(&self) {
        if self.armed.swap(false, Ordering::SeqCst) {
            self.reached.notify_one();
            self.released.notified().await;
        }
    }
}

impl Watch {
    /// How many questions the store was asked until now.
    pub(crate) fn asked(&self) -> u32 {
        self.asked.load(Ordering::SeqCst)
    }

    /// Takes the store out of service, or brings it back.
    pub(crate) fn set_broken(&self, broken: bool) {
        self.broken.store(broken, Ordering::SeqCst);
    }

    fn write(&self, user: &UserId, session: &NewSession) {
        self.users.lock().unwrap().insert(user.to_string());
        self.tokens.lock().unwrap().insert(session.token.as_str().to_owned());
    }
}

impl WatchedStore {
    pub(crate) fn new(store: Arc<dyn Store>, watch: Arc<Watch>) -> Self {
        Self { store, watch }
    }

    /// The hashes of all verification tokens that were ever kept.
    pub(crate) fn kept_hashes(&self) -> Vec<String> {
        self.watch.hashes.lock().unwrap().clone()
    }

    /// The values of all session tokens as they stand in the table.
    pub(crate) async fn stored_tokens(&self) -> Vec<String> {
        let known = self.watch.tokens.lock().unwrap().clone();
        let mut alive = Vec::new();
        for token in known {
            let row = self.store.session(&StoredToken::from_stored(token.clone())).await.unwrap();
            alive.extend(row.map(|_| token));
        }
        alive
    }

    /// Reads every row back.
    pub(crate) async fn snapshot(&self) -> Snapshot {
        let mut snapshot = Snapshot::default();
        let users = self.watch.users.lock().unwrap().clone();
        for id in users {
            let id = UserId::new(id);
            snapshot.users.extend(self.store.user(&id).await.unwrap().map(user_row));
            snapshot
                .accounts
                .extend(self.store.accounts(&id).await.unwrap().iter().map(account_row));
        }
        for token in self.stored_tokens().await {
            let row = StoredToken::from_stored(token.clone());
            let session = self.store.session(&row).await.unwrap().unwrap();
            let Session { user, expires, details, .. } = session;
            snapshot.sessions.push(format!("{token} {} {expires} {details:?}", user.id));
        }
        snapshot
    }

    /// The store behind, if it is in service.
    fn ask(&self) -> Result<&dyn Store> {
        self.watch.asked.fetch_add(1, Ordering::SeqCst);
        if self.watch.broken.load(Ordering::SeqCst) {
            return Err(StoreError::unavailable("the store is out of service"));
        }
        Ok(&*self.store)
    }
}

fn user_row(user: User) -> String {
    let User { id, name, email, email_verified, image, role, .. } = user;
    format!("{id} {name:?} {email:?} {email_verified:?} {image:?} {role}")
}

fn account_row(account: &Account) -> String {
    let Account { key, user_id, tokens, details, .. } = account;
    let token = tokens.access_token.as_ref().map(|token| token.expose());
    format!("{} {} {user_id} {token:?} {details:?}", key.provider, key.subject)
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
        self.watch.before_extension.pass().await;
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
        let standing = self.ask()?.standing(user, session).await;
        self.watch.after_standing.pass().await;
        standing
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
        let counted = self.ask()?.count(key, now, expires).await;
        self.watch.after_count.pass().await;
        counted
    }

    async fn keep_tokens(&self, identifier: &str, tokens: &[VerificationToken]) -> Result<()> {
        let hashes = tokens.iter().map(|token| token.token.clone());
        self.watch.hashes.lock().unwrap().extend(hashes);
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
        self.watch.before_session.pass().await;
        self.watch.write(&user.id, session);
        self.ask()?.sign_up(user, account, session, audit).await
    }

    async fn sign_in(
        &self,
        account: &Account,
        mailbox: Mailbox,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.watch.before_session.pass().await;
        self.watch.write(&account.user_id, session);
        self.ask()?.sign_in(account, mailbox, session, audit).await
    }

    async fn enter(
        &self,
        user: &UserId,
        mailbox: Mailbox,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<Entered> {
        self.watch.before_session.pass().await;
        self.watch.write(user, session);
        self.ask()?.enter(user, mailbox, session, audit).await
    }

    async fn link(
        &self,
        account: &Account,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.watch.before_session.pass().await;
        self.watch.write(&account.user_id, session);
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
