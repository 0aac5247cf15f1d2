//! SQLite: one file, or memory.
//!
//! A transaction begins with `BEGIN IMMEDIATE`: one that takes the right to write only half-way can meet another writer
//! there, and no time-out helps it then.

mod fit;
mod migrate;
mod readers;

use std::str::FromStr;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use betancourt_auth::store::{self, StoreError};
use sqlx::query::Query;
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{Decode, Row as _, Sqlite, SqlitePool, TypeInfo, ValueRef, query};
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::{sleep, timeout};

use self::readers::Readers;
use crate::database::{Database, Lock, Transaction};
use crate::error::{OpenError, failed, unreachable};
use crate::layout::Layout;
use crate::migrations::Migration;
use crate::sql::Statement;
use crate::value::{Cell, Row, Value, milliseconds};

/// How long a writer waits for its turn and for other processes, and a reader for a connection.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long whoever is sent away at the door waits before they knock again.
const PAUSE: Duration = Duration::from_millis(20);
/// What SQLite answers where somebody else has the file: `SQLITE_BUSY`.
const BUSY: &str = "5";

/// How many connections read at once. SQLite has one writer, whatever their number.
const CONNECTIONS: u32 = 8;

/// Opens the file, or the memory, that the address names.
pub(crate) async fn connect(url: &str) -> Result<SqlitePool, OpenError> {
    let options = SqliteConnectOptions::from_str(url).map_err(unreachable)?;
    let options = options
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(PATIENCE);
    let pool = SqlitePoolOptions::new()
        .max_connections(if is_in_memory(url) { 1 } else { CONNECTIONS })
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false);
    let began = Instant::now();
    loop {
        match pool.clone().connect_with(options.clone()).await {
            // Of several processes that open a new file at once, one makes its journal, and the others are not left to wait.
            Err(error) if is_busy(&error) && began.elapsed() < PATIENCE => sleep(PAUSE).await,
            opened => return opened.map_err(unreachable),
        }
    }
}

fn is_busy(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|answer| answer.code()).is_some_and(|code| code == BUSY)
}

/// What is in memory lives and dies with its connection.
fn is_in_memory(url: &str) -> bool {
    url.contains(":memory:") || url.contains("mode=memory")
}

/// One file, or memory, by its pool of connections.
#[derive(Debug)]
pub(crate) struct SqliteDatabase {
    /// What reads where it is asked, if anything does: closed before the pool is, which tidies the file up.
    readers: Option<Readers>,
    pool: SqlitePool,
    turn: Mutex<()>,
}

impl SqliteDatabase {
    pub(crate) fn new(pool: SqlitePool) -> Self {
        Self { readers: None, pool, turn: Mutex::new(()) }
    }

    /// The same for a pool that [`connect`] opened at `url`, with single rows read in place where the database is a file
    /// that is opened in the usual way.
    pub(crate) fn reading_in_place(pool: SqlitePool, url: &str) -> Self {
        let options = pool.connect_options();
        let file = options.get_filename();
        let asked_for = url.split_once('?').map_or("mode=rwc", |(_, asked_for)| asked_for);
        let is_usual = matches!(asked_for, "mode=rw" | "mode=rwc")
            && !is_in_memory(url)
            && !file.starts_with("file:");
        let readers = is_usual.then(|| Readers::new(file.to_owned()));
        Self { readers, ..Self::new(pool) }
    }

    /// The turn to write. SQLite has one writer; whoever waits in line here gets it in order, and leaves the
    /// connections to those who read.
    async fn turn(&self) -> store::Result<MutexGuard<'_, ()>> {
        timeout(PATIENCE, self.turn.lock()).await.map_err(StoreError::unavailable)
    }
}

#[async_trait]
impl Database for SqliteDatabase {
    async fn read(&self, statement: &Statement, values: &[Value<'_>]) -> store::Result<Vec<Row>> {
        let found = bound(statement, values).fetch_all(&self.pool).await.map_err(failed)?;
        found.iter().map(cells).collect()
    }

    async fn look_up(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> store::Result<Vec<Row>> {
        match self.readers.as_ref().and_then(|readers| readers.read(statement, values)) {
            Some(found) => Ok(found),
            None => self.read(statement, values).await,
        }
    }

    async fn write(&self, statement: &Statement, values: &[Value<'_>]) -> store::Result<u64> {
        let _turn = self.turn().await?;
        let done = bound(statement, values).execute(&self.pool).await.map_err(failed)?;
        Ok(done.rows_affected())
    }

    async fn write_and_read(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> store::Result<Vec<Row>> {
        let _turn = self.turn().await?;
        self.read(statement, values).await
    }

    /// There is one writer at a time: it needs no further lock.
    async fn begin(&self, _: &[Lock<'_>]) -> store::Result<Box<dyn Transaction + '_>> {
        let turn = self.turn().await?;
        let transaction = self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        Ok(Box::new(SqliteTransaction { transaction, _turn: turn }))
    }

    async fn migrate(&self, layout: &Layout) -> Result<(), OpenError> {
        migrate::migrate(&self.pool, layout).await
    }

    async fn migrations(&self, layout: &Layout) -> Result<Vec<Migration>, OpenError> {
        migrate::status(&self.pool, layout).await
    }

    async fn revert(&self, layout: &Layout, version: i64) -> Result<(), OpenError> {
        migrate::revert(&self.pool, layout, version).await
    }

    fn sqlite_pool(&self) -> Option<&SqlitePool> {
        Some(&self.pool)
    }
}

struct SqliteTransaction<'turn> {
    transaction: sqlx::Transaction<'static, Sqlite>,
    _turn: MutexGuard<'turn, ()>,
}

#[async_trait]
impl Transaction for SqliteTransaction<'_> {
    async fn read(
        &mut self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> store::Result<Vec<Row>> {
        let question = bound(statement, values);
        let found = question.fetch_all(&mut *self.transaction).await.map_err(failed)?;
        found.iter().map(cells).collect()
    }

    async fn write(&mut self, statement: &Statement, values: &[Value<'_>]) -> store::Result<u64> {
        let statement = bound(statement, values);
        let done = statement.execute(&mut *self.transaction).await.map_err(failed)?;
        Ok(done.rows_affected())
    }

    async fn commit(self: Box<Self>) -> store::Result<()> {
        self.transaction.commit().await.map_err(failed)
    }
}

fn bound<'q>(statement: &Statement, values: &'q [Value<'q>]) -> Query<'q, Sqlite, SqliteArguments> {
    values.iter().fold(query(statement.text()), |statement, value| match value {
        Value::Text(text) => statement.bind(*text),
        Value::Number(number) => statement.bind(*number),
        Value::Timestamp(at) | Value::Timestamptz(at) => statement.bind(at.map(milliseconds)),
    })
}

/// The values of a row as they are stored, whatever their columns are declared to be.
fn cells(row: &SqliteRow) -> store::Result<Row> {
    let cell = |column| {
        let value = row.try_get_raw(column)?;
        if value.is_null() {
            return Ok(Cell::Empty);
        }
        let cell = match value.type_info().name() {
            "TEXT" => <String as Decode<Sqlite>>::decode(value).map(Cell::Text),
            _ => <i64 as Decode<Sqlite>>::decode(value).map(Cell::Number),
        };
        cell.map_err(sqlx::Error::Decode)
    };
    let cells: Result<_, sqlx::Error> = (0..row.len()).map(cell).collect();
    cells.map(Row::new).map_err(failed)
}

#[cfg(test)]
mod tests {
    use betancourt_auth::store::Perishable;
    use sqlx::{AssertSqlSafe, query_as};

    use super::*;
    use crate::sql::{Accounts, Dialect, People, Sealed, Sessions, Sql, Sweeps, Tokens};

    #[tokio::test]
    async fn no_request_reads_a_whole_table() {
        let pool = connect("sqlite::memory:").await.unwrap();
        let layout = Layout::default();
        migrate::migrate(&pool, &layout).await.unwrap();
        let sql = Sql::of(&layout, Dialect::Sqlite);
        for statement in of_people(&sql.people)
            .chain(of_accounts(&sql.accounts))
            .chain(of_sessions(&sql.sessions))
            .chain(of_sealed(&sql.sealed))
            .chain(of_tokens(&sql.tokens))
            .chain(of_sweeps(&sql.sweeps))
        {
            let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", statement.as_str()));
            let plan: Vec<(i64, i64, i64, String)> =
                query_as(explain).fetch_all(&pool).await.unwrap();
            let is_of_some = |step: &str| {
                ["CONSTANT ROW", "first_to_end", "over_now"].iter().any(|it| step.contains(it))
            };
            let scans = |step: &str| step.starts_with("SCAN") && !is_of_some(step);
            assert!(!plan.iter().any(|(_, _, _, step)| scans(step)), "{statement:?}\n{plan:?}");
        }
    }

    /// Of our own tables: those of Auth.js have no index on the end of anything.
    fn of_sweeps(sql: &Sweeps) -> impl Iterator<Item = &Statement> {
        let not_ours = [Perishable::Sessions, Perishable::VerificationTokens];
        let ours = Perishable::ALL.into_iter().filter(move |what| !not_ours.contains(what));
        ours.map(|what| &sql.of_kind(what).statement)
    }

    fn of_people(sql: &People) -> impl Iterator<Item = &Statement> {
        let People { user, user_by_email, set_role, delete_user, .. } = sql;
        let People { prove_address, prove_address_again, .. } = sql;
        [user, user_by_email, set_role, prove_address, prove_address_again]
            .into_iter()
            .chain(delete_user)
    }

    fn of_accounts(sql: &Accounts) -> impl Iterator<Item = &Statement> {
        let Accounts { candidates, account, accounts, all_accounts, update_account, .. } = sql;
        let Accounts { replace_tokens, delete_account, delete_accounts, .. } = sql;
        let read = [candidates, account, accounts, all_accounts];
        read.into_iter().chain([update_account, replace_tokens, delete_account, delete_accounts])
    }

    fn of_sessions(sql: &Sessions) -> impl Iterator<Item = &Statement> {
        let Sessions { session, sessions, insert_session, evict, extend, touch, .. } = sql;
        let Sessions { end, end_all, end_others, plain, hash, .. } = sql;
        let read = [session, sessions, insert_session, plain];
        read.into_iter().chain([evict, extend, touch, end, end_all, end_others, hash])
    }

    fn of_sealed(sql: &Sealed) -> impl Iterator<Item = &Statement> {
        let Sealed { standing, sessions, insert, touch, end, end_others, cut, .. } = sql;
        let Sealed { forget, forget_all, forget_others, .. } = sql;
        let read = [standing, sessions, insert, touch, end, end_others, cut];
        read.into_iter().chain([forget, forget_all, forget_others])
    }

    fn of_tokens(sql: &Tokens) -> impl Iterator<Item = &Statement> {
        let Tokens { spend, count, keep, take, .. } = sql;
        [spend, count, keep, take].into_iter()
    }
}
