//! Where people are kept, and by which framework they are served: every attack is played on each.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use betancourt_auth::Strategy;
use betancourt_auth::store::{MemoryStore, Store};
use betancourt_auth_sqlx::SqlStore;

use super::door::Adapter;
use super::keeper::Keeper;

/// A kind of store, behind axum unless it says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The memory of this process. Several servers share one store.
    Memory,
    /// A new SQLite file. Each server opens it with connections of its own, as another process would.
    Sqlite,
    /// The same, but sessions are sealed in their cookies, and the store is asked about them at each request.
    Sealed,
    /// The memory of this process, behind Rocket.
    Rocket,
    /// The same with sessions that are sealed in their cookies.
    RocketSealed,
    /// A new SQLite file for the people, and Redis for their sessions, for what is spent and for what is counted.
    Redis,
}

/// The files of a database, removed in the end.
#[derive(Debug)]
pub(crate) struct Files(PathBuf);

impl Place {
    /// Whether it is there. If it is not, that has been said.
    pub(crate) fn is_here(self) -> bool {
        self != Self::Redis || Keeper::find().is_some()
    }

    /// Where sessions are.
    pub(crate) fn strategy(self) -> Strategy {
        match self {
            Self::Memory | Self::Sqlite | Self::Rocket | Self::Redis => Strategy::Database,
            Self::Sealed | Self::RocketSealed => Strategy::Jwt,
        }
    }

    /// What the application is made with.
    pub(crate) fn adapter(self) -> Adapter {
        match self {
            Self::Memory | Self::Sqlite | Self::Sealed | Self::Redis => Adapter::Axum,
            Self::Rocket | Self::RocketSealed => Adapter::Rocket,
        }
    }

    /// The place that is behind the other framework, and in memory.
    pub(crate) fn across(self) -> Self {
        match self {
            Self::Memory | Self::Sqlite | Self::Redis => Self::Rocket,
            Self::Sealed => Self::RocketSealed,
            Self::Rocket => Self::Memory,
            Self::RocketSealed => Self::Sealed,
        }
    }

    /// So many of them in the tables: none, where they are sealed in cookies.
    pub(crate) fn rows(self, sessions: usize) -> usize {
        if self.strategy() == Strategy::Jwt { 0 } else { sessions }
    }

    /// Opens one and the same place for each of so many servers. A Redis may be one of the test's own.
    pub(crate) async fn open(
        self,
        servers: usize,
        keeper: Option<Keeper>,
    ) -> (Vec<Arc<dyn Store>>, Option<Files>) {
        if matches!(self, Self::Memory | Self::Rocket | Self::RocketSealed) {
            let shared: Arc<dyn Store> = Arc::new(MemoryStore::default());
            return (vec![shared; servers], None);
        }
        let files = Files::new();
        let is_split = self == Self::Redis;
        let keeper = keeper.or_else(|| is_split.then(|| Keeper::find().unwrap()));
        let mut stores: Vec<Arc<dyn Store>> = Vec::new();
        for _ in 0..servers {
            let people = SqlStore::connect(&files.url()).await.unwrap();
            stores.push(match &keeper {
                Some(keeper) => Arc::new(keeper.beside(people).await),
                None => Arc::new(people),
            });
        }
        (stores, Some(files))
    }
}

impl Files {
    pub(super) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("attacks-{}-{number}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    pub(super) fn url(&self) -> String {
        format!("sqlite://{}", self.0.join("betancourt.db").display())
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        // What cannot be removed lies in the target folder and hurts nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}
