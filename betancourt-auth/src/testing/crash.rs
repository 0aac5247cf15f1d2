//! Points at which a store breaks off in the midst of its work.

use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tokio::sync::Notify;

use crate::store::{Change, Look, Result, StoreError, Tables, WholeStore};

/// The points at which a store can break off: it asks here before each statement, and a test says which of them is the
/// last. Clones are the same points.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use betancourt_auth::testing::{CrashPoint, CrashPoints};
///
/// let crash = CrashPoints::default();
/// crash.fail_at(CrashPoint::BeforeStatement(2));
/// assert!(crash.before_statement().await.is_ok());
/// assert!(crash.before_statement().await.is_err());
/// assert!(crash.before_statement().await.is_err(), "what has broken down stays so");
/// assert!(crash.mend(), "it was reached");
/// assert!(crash.before_statement().await.is_ok());
/// # });
/// ```
#[derive(Clone, Debug, Default)]
pub struct CrashPoints(Arc<Points>);

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrashPoint {
    /// Before the statement of that number, the next one being the first. A commit is a statement, too.
    BeforeStatement(u32),
    /// After the commit of that number, the next one being the first, before anybody hears of it.
    AfterCommit(u32),
}

#[derive(Debug, Default)]
struct Points {
    armed: Mutex<Option<Armed>>,
    reached: Notify,
}

#[derive(Clone, Copy, Debug)]
struct Armed {
    point: CrashPoint,
    holds: bool,
    is_reached: bool,
}

/// What becomes of somebody who passes a point.
enum Fate {
    Passes,
    Fails,
    Stays,
}

impl CrashPoints {
    /// The store fails at that point, and at all that come after it, until it is mended.
    pub fn fail_at(&self, point: CrashPoint) {
        *self.armed() = Some(Armed { point, holds: false, is_reached: false });
    }

    /// Whoever comes to that point stays there for ever, as when the machine stops. Others pass.
    pub fn hold_at(&self, point: CrashPoint) {
        *self.armed() = Some(Armed { point, holds: true, is_reached: false });
    }

    /// The store works again. Says whether it came to the point at all.
    #[must_use]
    pub fn mend(&self) -> bool {
        self.armed().take().is_some_and(|armed| armed.is_reached)
    }

    /// Waits until somebody has come to the point.
    pub async fn reached(&self) {
        self.0.reached.notified().await;
    }

    /// What a store asks before each statement, and before each commit.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`](crate::store::StoreErrorKind::Unavailable), where the store breaks off.
    pub async fn before_statement(&self) -> Result<()> {
        self.pass(CrashPoint::BeforeStatement(1)).await
    }

    /// What a store asks after each commit, and after each statement that is not part of a transaction and writes.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`](crate::store::StoreErrorKind::Unavailable), where its answer is lost.
    pub async fn after_commit(&self) -> Result<()> {
        self.pass(CrashPoint::AfterCommit(1)).await
    }

    async fn pass(&self, here: CrashPoint) -> Result<()> {
        match self.fate(here) {
            Fate::Passes => Ok(()),
            Fate::Fails => Err(StoreError::unavailable("the store breaks off here")),
            Fate::Stays => pending().await,
        }
    }

    /// What becomes of whoever is here now.
    fn fate(&self, here: CrashPoint) -> Fate {
        let mut armed = self.armed();
        let Some(armed) = &mut *armed else { return Fate::Passes };
        if armed.is_reached {
            return if armed.holds { Fate::Passes } else { Fate::Fails };
        }
        armed.is_reached = match (&mut armed.point, here) {
            (CrashPoint::BeforeStatement(left), CrashPoint::BeforeStatement(_))
            | (CrashPoint::AfterCommit(left), CrashPoint::AfterCommit(_)) => {
                *left = left.saturating_sub(1);
                *left == 0
            }
            _ => false,
        };
        if !armed.is_reached {
            return Fate::Passes;
        }
        self.0.reached.notify_one();
        if armed.holds { Fate::Stays } else { Fate::Fails }
    }

    fn armed(&self) -> MutexGuard<'_, Option<Armed>> {
        self.0.armed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A store in one piece that breaks off: before it is asked, or when it has been changed but not kept.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use betancourt_auth::store::{MemoryStore, Store};
/// use betancourt_auth::testing::{BreakingStore, CrashPoint, CrashPoints};
///
/// let crash = CrashPoints::default();
/// let store = BreakingStore::new(MemoryStore::default(), &crash);
/// crash.fail_at(CrashPoint::BeforeStatement(1));
/// assert!(store.ping().await.is_err());
/// # });
/// ```
#[derive(Debug)]
pub struct BreakingStore<S> {
    store: S,
    crash: CrashPoints,
}

impl<S: WholeStore> BreakingStore<S> {
    /// The store, with these points in its way.
    pub fn new(store: S, crash: &CrashPoints) -> Self {
        Self { store, crash: crash.clone() }
    }
}

#[async_trait]
impl<S: WholeStore> WholeStore for BreakingStore<S> {
    async fn look(&self, look: Look<'_>) -> Result<()> {
        self.crash.before_statement().await?;
        self.store.look(look).await
    }

    async fn change(&self, change: Change<'_>) -> Result<()> {
        self.crash.before_statement().await?;
        let mut half_done = |tables: &mut Tables| {
            change(tables)?;
            match self.crash.fate(CrashPoint::BeforeStatement(1)) {
                Fate::Passes => Ok(()),
                Fate::Fails | Fate::Stays => Err(StoreError::unavailable("it breaks off half-way")),
            }
        };
        self.store.change(&mut half_done).await?;
        self.crash.after_commit().await
    }
}
