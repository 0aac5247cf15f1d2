//! Where people are kept: every attack is played on each.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use betancourt_auth::store::{MemoryStore, Store};
use betancourt_auth_sqlx::SqlStore;

/// A kind of store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The memory of this process. Several servers share one store.
    Memory,
    /// A new SQLite file. Each server opens it with connections of its own, as another process would.
    Sqlite,
}

/// The files of a database, removed in the end.
#[derive(Debug)]
pub(crate) struct Files(PathBuf);

impl Place {
    /// Opens one and the same place for each of so many servers.
    pub(crate) async fn open(self, servers: usize) -> (Vec<Arc<dyn Store>>, Option<Files>) {
        if self == Self::Memory {
            let shared: Arc<dyn Store> = Arc::new(MemoryStore::default());
            return (vec![shared; servers], None);
        }
        let files = Files::new();
        let mut stores: Vec<Arc<dyn Store>> = Vec::new();
        for _ in 0..servers {
            stores.push(Arc::new(SqlStore::connect(&files.url()).await.unwrap()));
        }
        (stores, Some(files))
    }
}

impl Files {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("attacks-{}-{number}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    fn url(&self) -> String {
        format!("sqlite://{}", self.0.join("betancourt.db").display())
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        // What cannot be removed lies in the target folder and hurts nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}
