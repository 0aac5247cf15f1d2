//! A store that is watched: it counts what it is asked, fails on demand, waits on demand, and can be photographed.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use betancourt_auth::store::{Result, Store, StoreError};
use betancourt_auth::testing::{Call, WatchedStore, Watcher};
use betancourt_auth::{Account, Session, StoredToken, User, UserId};
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
#[derive(Debug)]
pub(crate) struct Watch {
    /// Every key that a row was ever written under: with them the whole store can be read back.
    users: Mutex<BTreeSet<String>>,
    tokens: Mutex<BTreeSet<String>>,
    /// The hashes of verification tokens that were ever kept.
    hashes: Mutex<Vec<String>>,
    asked: AtomicU32,
    /// How many more questions are answered.
    left: AtomicU32,
    /// Whether the answers of sign-ins are lost.
    loses: AtomicBool,
    /// Whether nothing can be counted.
    miscounts: AtomicBool,
    /// Whether every question makes it panic.
    panics: AtomicBool,
    /// Just after something was counted.
    pub(crate) after_count: Moment,
    /// Just before a session is extended.
    pub(crate) before_extension: Moment,
    /// Just after it was read whether a sealed session has ended.
    pub(crate) after_standing: Moment,
    /// Just before a session is made.
    pub(crate) before_session: Moment,
}

/// A store under watch, with all that its watch knows. It can be asked as any store can.
#[derive(Clone, Debug)]
pub(crate) struct Watched {
    /// The store itself, for whoever looks from outside.
    store: Arc<dyn Store>,
    watched: WatchedStore,
    pub(crate) watch: Arc<Watch>,
}

impl Deref for Watched {
    type Target = WatchedStore;

    fn deref(&self) -> &WatchedStore {
        &self.watched
    }
}

/// What a store that panics says: never to anybody who asked for a page.
pub(crate) const LAST_WORDS: &str = "a-store-that-panics";
/// More questions than anybody asks.
const ENDLESS: u32 = u32::MAX;

impl Default for Watch {
    fn default() -> Self {
        Self {
            users: Mutex::default(),
            tokens: Mutex::default(),
            hashes: Mutex::default(),
            asked: AtomicU32::new(0),
            left: AtomicU32::new(ENDLESS),
            loses: AtomicBool::new(false),
            miscounts: AtomicBool::new(false),
            panics: AtomicBool::new(false),
            after_count: Moment::default(),
            before_extension: Moment::default(),
            after_standing: Moment::default(),
            before_session: Moment::default(),
        }
    }
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
        self.break_after(if broken { 0 } else { ENDLESS });
    }

    /// Takes the store out of service after so many more questions.
    pub(crate) fn break_after(&self, questions: u32) {
        self.left.store(questions, Ordering::SeqCst);
    }

    /// Whether nothing can be counted, while all else works.
    pub(crate) fn miscount(&self, miscounts: bool) {
        self.miscounts.store(miscounts, Ordering::SeqCst);
    }

    /// Whether every question makes the store panic, with a secret in its last words.
    pub(crate) fn panic(&self, panics: bool) {
        self.panics.store(panics, Ordering::SeqCst);
    }

    /// Whether sign-ins are written, and nobody is told.
    pub(crate) fn lose_answers(&self, loses: bool) {
        self.loses.store(loses, Ordering::SeqCst);
    }
}

impl Watched {
    pub(crate) fn new(store: Arc<dyn Store>, watch: Arc<Watch>) -> Self {
        let watched = WatchedStore::sharing(Arc::clone(&store));
        let watched = watched.watched_by(Arc::clone(&watch) as Arc<dyn Watcher>);
        Self { store, watched, watch }
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
impl Watcher for Watch {
    async fn asked(&self, call: &Call<'_>) -> Result<()> {
        assert!(!self.panics.load(Ordering::SeqCst), "SELECT * FROM /var/lib/{LAST_WORDS}");
        if call.name == "count" && self.miscounts.load(Ordering::SeqCst) {
            return Err(StoreError::unavailable("nothing can be counted"));
        }
        if call.name == "extend" {
            self.before_extension.pass().await;
        }
        if let (Some(user), Some(session)) = (call.user, call.session) {
            self.before_session.pass().await;
            self.users.lock().unwrap().insert(user.to_string());
            self.tokens.lock().unwrap().insert(session.token.as_str().to_owned());
        }
        let hashes = call.tokens.iter().map(|token| token.token.clone());
        self.hashes.lock().unwrap().extend(hashes);
        self.asked.fetch_add(1, Ordering::SeqCst);
        let left =
            self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        left.map(drop).map_err(|_| StoreError::unavailable("the store is out of service"))
    }

    async fn answered(&self, call: &Call<'_>) -> Result<()> {
        match call.name {
            "count" => self.after_count.pass().await,
            "standing" => self.after_standing.pass().await,
            _ => {}
        }
        match call.session {
            Some(_) if self.loses.load(Ordering::SeqCst) => {
                Err(StoreError::unavailable("the answer is lost"))
            }
            _ => Ok(()),
        }
    }
}
