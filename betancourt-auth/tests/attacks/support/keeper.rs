//! Redis servers that the suite starts: one that everybody shares, each under a prefix of their own, and others that may die.

#[path = "../../../../betancourt-auth-redis/tests/redis/server.rs"]
mod server;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use betancourt_auth::store::SplitStore;
use betancourt_auth_redis::RedisStore;
use betancourt_auth_sqlx::SqlStore;

pub(crate) use server::Server as Redis;

/// Where sessions are kept, what is spent, and what is counted: a Redis, and what begins each key there.
#[derive(Clone, Debug)]
pub(crate) struct Keeper {
    pub(crate) url: String,
    pub(crate) prefix: String,
}

impl Keeper {
    /// A new one at the server that everybody shares. `None`: Redis is missing, and that has been said.
    pub(crate) fn find() -> Option<Self> {
        static SHARED: OnceLock<Option<Redis>> = OnceLock::new();
        let shared = SHARED.get_or_init(|| Redis::start(&[])).as_ref();
        shared.map(|server| Self::at(server.url()))
    }

    /// A new one at that server.
    pub(crate) fn at(url: String) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        Self { url, prefix: format!("attacks-{}", NEXT.fetch_add(1, Ordering::Relaxed)) }
    }

    /// Puts it beside those who have the people.
    pub(crate) async fn beside(&self, people: SqlStore) -> SplitStore<SqlStore, RedisStore> {
        SplitStore::new(people, self.open().await)
    }

    pub(crate) async fn open(&self) -> RedisStore {
        RedisStore::options().prefix(&self.prefix).connect(&self.url).await.unwrap()
    }
}
