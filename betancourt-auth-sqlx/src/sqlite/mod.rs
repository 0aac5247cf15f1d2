//! SQLite: one file, or memory.
//!
//! What writes more than one row is an [`Intention`], which begins with `BEGIN IMMEDIATE`: a transaction that takes
//! the right to write only half-way can meet another writer there, and no time-out helps it then.

mod fit;
mod intention;
mod migrate;
mod moment;
mod people;
mod row;
mod session;
mod sign_in;
mod token;

use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use betancourt_auth::store;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use self::intention::Intention;
use crate::error::OpenError;
use crate::store::Database;

/// How long a writer waits for another one, and whoever finds all connections taken for one of them.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many connections read at once. SQLite has one writer, whatever their number.
const CONNECTIONS: u32 = 8;

/// A store on one pool of connections.
#[derive(Debug)]
pub(crate) struct SqliteStore {
    pool: SqlitePool,
}

impl SqliteStore {
    pub(crate) fn new(pool: SqlitePool) -> Self {
        Self { pool }
    }

    /// Opens the file, or the memory, that the address names.
    pub(crate) async fn connect(url: &str) -> Result<Self, OpenError> {
        let options = SqliteConnectOptions::from_str(url).map_err(unreachable)?;
        let options = options
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(PATIENCE);
        // What is in memory lives and dies with its connection.
        let in_memory = url.contains(":memory:") || url.contains("mode=memory");
        let pool = SqlitePoolOptions::new()
            .max_connections(if in_memory { 1 } else { CONNECTIONS })
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false);
        Ok(Self::new(pool.connect_with(options).await.map_err(unreachable)?))
    }

    /// Begins to write.
    async fn begin(&self) -> store::Result<Intention> {
        Intention::begin(&self.pool).await
    }
}

#[async_trait]
impl Database for SqliteStore {
    async fn migrate(&self) -> Result<(), OpenError> {
        migrate::migrate(&self.pool).await
    }
}

fn unreachable(error: sqlx::Error) -> OpenError {
    OpenError::Unreachable(error.into())
}
