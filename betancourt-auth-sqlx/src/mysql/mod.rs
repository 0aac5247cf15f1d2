//! MySQL 8 and MariaDB 10.11, or later. What is said to them is what both understand.

mod fit;
mod lock;
mod migrate;
mod transaction;

use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use betancourt_auth::store;
use sqlx::mysql::{MySqlArguments, MySqlConnectOptions, MySqlPoolOptions, MySqlRow};
use sqlx::query::Query;
use sqlx::{
    Connection, Decode, Executor, MySql, MySqlConnection, MySqlExecutor, MySqlPool, Row as _,
    TypeInfo, ValueRef, query,
};
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};
use tokio::time::timeout;

use self::transaction::MySqlTransaction;
use crate::database::{Database, Lock, Pooling, Transaction};
use crate::error::{OpenError, failed, unreachable};
use crate::layout::Layout;
use crate::migrations::Migration;
use crate::pooled::InTransaction;
use crate::sql::Statement;
use crate::value::{Cell, Row, Value};

/// How long a connection may take that is made to learn why there is none.
const PATIENCE: Duration = Duration::from_secs(5);

/// How a connection is set up: a text that is too long is refused instead of cut, and nobody waits long for a lock.
const SETTINGS: &str =
    "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES'), innodb_lock_wait_timeout = 5";

/// Opens the database that the address names.
pub(crate) async fn connect(url: &str, pooling: Pooling) -> Result<MySqlPool, OpenError> {
    let options = MySqlConnectOptions::from_str(url).map_err(unreachable)?;
    let pool = MySqlPoolOptions::new()
        .max_connections(pooling.connections)
        .acquire_timeout(pooling.patience)
        .after_connect(|connection, _| {
            Box::pin(async move { connection.execute(SETTINGS).await.map(|_| ()) })
        });
    match pool.connect_with(options.clone()).await {
        Err(sqlx::Error::PoolTimedOut) => Err(unreachable(why_not(&options).await)),
        pool => pool.map_err(unreachable),
    }
}

/// Why a pool waited in vain. It does not say itself; a single connection does.
async fn why_not(options: &MySqlConnectOptions) -> sqlx::Error {
    let connection = timeout(PATIENCE, MySqlConnection::connect_with(options)).await;
    connection.ok().and_then(Result::err).unwrap_or(sqlx::Error::PoolTimedOut)
}

/// A database of a server, by a pool of connections.
#[derive(Debug)]
pub(crate) struct MySqlDatabase {
    pool: MySqlPool,
}

impl MySqlDatabase {
    pub(crate) fn new(pool: MySqlPool) -> Self {
        Self { pool }
    }
}

#[async_trait]
impl Database for MySqlDatabase {
    async fn read(&self, statement: &Statement, values: &[Value<'_>]) -> store::Result<Vec<Row>> {
        read(&self.pool, statement, values).await
    }

    async fn write(&self, statement: &Statement, values: &[Value<'_>]) -> store::Result<u64> {
        write(&self.pool, statement, values).await
    }

    async fn write_and_read(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> store::Result<Vec<Row>> {
        self.read(statement, values).await
    }

    async fn begin(&self, locks: &[Lock<'_>]) -> store::Result<Box<dyn Transaction + '_>> {
        Ok(Box::new(MySqlTransaction(InTransaction::begin(&self.pool, lock::begin(locks)).await?)))
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

    fn mysql_pool(&self) -> Option<&MySqlPool> {
        Some(&self.pool)
    }
}

/// The rows that a statement answers, or the number that it answers as the id of the row it wrote.
async fn read(
    on: impl MySqlExecutor<'_>,
    statement: &Statement,
    values: &[Value<'_>],
) -> store::Result<Vec<Row>> {
    if !statement.answers_a_number() {
        let found = bound(statement, values).fetch_all(on).await.map_err(failed)?;
        return found.iter().map(cells).collect();
    }
    let done = bound(statement, values).execute(on).await.map_err(failed)?;
    let number = i64::try_from(done.last_insert_id()).unwrap_or(i64::MAX);
    let written = done.rows_affected() > 0;
    Ok(written.then(|| Row::new(vec![Cell::Number(number)])).into_iter().collect())
}

async fn write(
    on: impl MySqlExecutor<'_>,
    statement: &Statement,
    values: &[Value<'_>],
) -> store::Result<u64> {
    let done = bound(statement, values).execute(on).await.map_err(failed)?;
    Ok(done.rows_affected())
}

fn bound<'q>(statement: &Statement, values: &'q [Value<'q>]) -> Query<'q, MySql, MySqlArguments> {
    let question = query(statement.text());
    statement.arranged(values).fold(question, |question, value| match value {
        Value::Text(text) => question.bind(text),
        Value::Number(number) => question.bind(number),
        Value::Timestamp(at) | Value::Timestamptz(at) => question.bind(at.map(in_milliseconds)),
    })
}

/// Cut off, where `datetime(3)` would round into the future.
fn in_milliseconds(at: OffsetDateTime) -> PrimitiveDateTime {
    let at = at.to_offset(UtcOffset::UTC).truncate_to_millisecond();
    PrimitiveDateTime::new(at.date(), at.time())
}

/// The values of a row by the types of their columns.
fn cells(row: &MySqlRow) -> store::Result<Row> {
    let cell = |column| {
        let value = row.try_get_raw(column)?;
        if value.is_null() {
            return Ok(Cell::Empty);
        }
        let declared = value.type_info();
        let cell = match declared.name() {
            "DATETIME" | "TIMESTAMP" => <PrimitiveDateTime as Decode<MySql>>::decode(value)
                .map(|at| Cell::Moment(at.assume_utc())),
            number if number.contains("INT") => {
                <i64 as Decode<MySql>>::decode(value).map(Cell::Number)
            }
            _ => <String as Decode<MySql>>::decode(value).map(Cell::Text),
        };
        cell.map_err(sqlx::Error::Decode)
    };
    let cells: Result<_, sqlx::Error> = (0..row.len()).map(cell).collect();
    cells.map(Row::new).map_err(failed)
}
