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
use betancourt_auth::store::{self, StoreError};
use sqlx::query::Query;
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Sqlite, SqlitePool};
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::timeout;

use self::intention::Intention;
use crate::database::Database;
use crate::error::{OpenError, failed};

/// How long a writer waits for its turn and for other processes, and a reader for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many connections read at once. SQLite has one writer, whatever their number.
const CONNECTIONS: u32 = 8;

/// A store on one pool of connections.
#[derive(Debug)]
pub(crate) struct SqliteStore {
    pool: SqlitePool,
    turn: Mutex<()>,
}

impl SqliteStore {
    pub(crate) fn new(pool: SqlitePool) -> Self {
        Self { pool, turn: Mutex::new(()) }
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

    /// Begins to write, as soon as it is its turn.
    async fn begin(&self) -> store::Result<Intention<'_>> {
        Intention::begin(&self.pool, self.turn().await?).await
    }

    /// Runs a statement that is a transaction of its own, and says whether it wrote anything.
    async fn write_one(
        &self,
        statement: Query<'_, Sqlite, SqliteArguments>,
    ) -> store::Result<bool> {
        let _turn = self.turn().await?;
        let done = statement.execute(&self.pool).await.map_err(failed)?;
        Ok(done.rows_affected() > 0)
    }

    /// The turn to write. SQLite has one writer; whoever waits in line here gets it in order, and leaves the
    /// connections to those who read.
    async fn turn(&self) -> store::Result<MutexGuard<'_, ()>> {
        timeout(PATIENCE, self.turn.lock()).await.map_err(StoreError::unavailable)
    }
}

#[async_trait]
impl Database for SqliteStore {
    async fn migrate(&self) -> Result<(), OpenError> {
        migrate::migrate(&self.pool).await
    }

    fn sqlite_pool(&self) -> Option<&SqlitePool> {
        Some(&self.pool)
    }
}

fn unreachable(error: sqlx::Error) -> OpenError {
    OpenError::Unreachable(error.into())
}

#[cfg(test)]
mod tests {
    use sqlx::{AssertSqlSafe, query_as};

    use super::*;
    use crate::sql;

    #[tokio::test]
    async fn no_request_reads_a_whole_table() {
        let store = SqliteStore::connect("sqlite::memory:").await.unwrap();
        store.migrate().await.unwrap();
        for statement in [
            sql::USER,
            sql::USER_BY_EMAIL,
            sql::SET_ROLE,
            sql::DELETE_USER,
            sql::CANDIDATES,
            sql::ACCOUNTS,
            sql::ACCOUNT,
            sql::DELETE_ACCOUNT,
            sql::DELETE_ACCOUNTS,
            sql::UPDATE_ACCOUNT,
            sql::REPLACE_TOKENS,
            sql::SET_REAUTH,
            sql::PROVE_ADDRESS,
            sql::PROVE_ADDRESS_AGAIN,
            sql::SESSION,
            sql::SESSIONS,
            sql::SEALED_SESSIONS,
            sql::TOUCH_SESSION,
            sql::TOUCH_SEALED,
            sql::INSERT_SESSION,
            sql::EVICT_SESSIONS,
            sql::EXTEND_SESSION,
            sql::END_SESSION,
            sql::END_SESSIONS,
            sql::END_OTHER_SESSIONS,
            sql::END_OTHER_SEALED,
            sql::FORGET_SEALED,
            sql::FORGET_ALL_SEALED,
            sql::FORGET_OTHER_SEALED,
            sql::CUT_SESSIONS,
            sql::STANDING,
            sql::END_SEALED,
            sql::PLAIN_SESSIONS,
            sql::DROP_TOKENS,
            sql::TOKENS,
            sql::COUNT,
        ] {
            let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
            let plan: Vec<(i64, i64, i64, String)> =
                query_as(explain).fetch_all(&store.pool).await.unwrap();
            let scans = |step: &str| step.starts_with("SCAN") && !step.contains("first_to_end");
            assert!(!plan.iter().any(|(_, _, _, step)| scans(step)), "{statement}\n{plan:?}");
        }
    }
}
