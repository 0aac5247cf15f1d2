//! PostgreSQL, 12 or later.

mod fit;
mod kept;
mod lock;
mod migrate;
mod newswire;
mod replica;

use std::borrow::Cow;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use betancourt_auth::news::Newswire;
use betancourt_auth::store;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPoolOptions, PgRow};
use sqlx::query::Query;
use sqlx::{
    Connection, Decode, PgConnection, PgPool, Postgres, Row as _, TypeInfo, ValueRef, query,
};
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};
use tokio::time::timeout;

use self::kept::Kept;
use self::replica::Replica;
use crate::database::{Database, Lock, Pooling, Transaction};
use crate::error::{OpenError, failed, unreachable};
use crate::layout::Layout;
use crate::migrations::Migration;
use crate::pooled::InTransaction;
use crate::sql::Statement;
use crate::value::{Cell, Row, Value};

/// How long a connection may take that is made to learn why there is none.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens the database that the address names.
pub(crate) async fn connect(url: &str, pooling: Pooling) -> Result<PgPool, OpenError> {
    let options = PgConnectOptions::from_str(url).map_err(unreachable)?;
    match pooled(pooling).connect_with(options.clone()).await {
        Err(sqlx::Error::PoolTimedOut) => Err(unreachable(why_not(&options).await)),
        pool => pool.map_err(unreachable),
    }
}

/// The same for one that need not be there yet.
fn connect_later(url: &str, pooling: Pooling) -> Result<PgPool, OpenError> {
    let options = PgConnectOptions::from_str(url).map_err(unreachable)?;
    Ok(pooled(pooling).connect_lazy_with(options))
}

fn pooled(pooling: Pooling) -> PgPoolOptions {
    PgPoolOptions::new().max_connections(pooling.connections).acquire_timeout(pooling.patience)
}

/// Why a pool waited in vain. It does not say itself; a single connection does.
async fn why_not(options: &PgConnectOptions) -> sqlx::Error {
    let connection = timeout(PATIENCE, PgConnection::connect_with(options)).await;
    connection.ok().and_then(Result::err).unwrap_or(sqlx::Error::PoolTimedOut)
}

/// A database of a server, by a pool of connections.
#[derive(Debug)]
pub(crate) struct PostgresDatabase {
    /// What look-ups are asked on, where the pool is ours alone.
    kept: Option<Arc<Kept>>,
    /// Whether something stands before the server that hands each transaction another connection of its own.
    is_behind_pooler: bool,
    /// Whom to ask what may be a moment old.
    replica: Option<Replica>,
    pool: PgPool,
}

/// What an address says of a pooler that hands each transaction another connection, as `PgBouncer` does: statements that
/// were prepared on one are not there on the next.
const NOTHING_PREPARED: &str = "statement-cache-capacity=0";

impl PostgresDatabase {
    pub(crate) fn new(pool: PgPool) -> Self {
        Self { kept: None, is_behind_pooler: false, replica: None, pool }
    }

    /// For a pool that [`connect`] opened.
    pub(crate) fn opened(pool: PgPool, url: &str, pooling: Pooling) -> Self {
        if url.contains(NOTHING_PREPARED) {
            return Self { is_behind_pooler: true, ..Self::new(pool) };
        }
        Self::keeping(pool, pooling)
    }

    /// The same with a replica beside it, which may be behind by so much.
    pub(crate) fn with_replica(
        self,
        url: &str,
        lag: Duration,
        pooling: Pooling,
    ) -> Result<Self, OpenError> {
        let replica = Replica::open(url, lag, &self.pool, pooling)?;
        Ok(Self { replica: Some(replica), ..self })
    }

    /// The same for a pool that [`connect`] opened: half of it is kept for look-ups.
    fn keeping(pool: PgPool, pooling: Pooling) -> Self {
        Self { kept: Kept::of(&pool, pooling.patience), ..Self::new(pool) }
    }
}

#[async_trait]
impl Database for PostgresDatabase {
    /// Behind a pooler a statement alone is a transaction, too: what it is made of goes to the server in two messages, and
    /// the second one must not reach another connection.
    async fn read(&self, statement: &Statement, values: &[Value<'_>]) -> store::Result<Vec<Row>> {
        if self.is_behind_pooler {
            let mut transaction = self.begin(&[]).await?;
            let found = transaction.read(statement, values).await?;
            transaction.commit().await?;
            return Ok(found);
        }
        let found = bound(statement, values).fetch_all(&self.pool).await.map_err(failed)?;
        found.iter().map(cells).collect()
    }

    async fn look_up(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> store::Result<Vec<Row>> {
        let Some(kept) = &self.kept else { return self.read(statement, values).await };
        let found = kept.look_up(&self.pool, statement, values).await.map_err(failed)?;
        found.iter().map(cells).collect()
    }

    async fn look_up_in_copy(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> Option<(Vec<Row>, Instant)> {
        self.replica.as_ref()?.look_up(statement, values).await
    }

    async fn write(&self, statement: &Statement, values: &[Value<'_>]) -> store::Result<u64> {
        if self.is_behind_pooler {
            let mut transaction = self.begin(&[]).await?;
            let written = transaction.write(statement, values).await?;
            transaction.commit().await?;
            return Ok(written);
        }
        let done = bound(statement, values).execute(&self.pool).await.map_err(failed)?;
        Ok(done.rows_affected())
    }

    async fn write_and_read(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> store::Result<Vec<Row>> {
        self.read(statement, values).await
    }

    async fn begin(&self, locks: &[Lock<'_>]) -> store::Result<Box<dyn Transaction + '_>> {
        let transaction = InTransaction::begin(&self.pool, lock::begin(locks)).await?;
        let keeps_statements = !self.is_behind_pooler;
        Ok(Box::new(PostgresTransaction { transaction, keeps_statements }))
    }

    async fn migrate(&self, layout: &Layout) -> Result<(), OpenError> {
        migrate::migrate(self, layout).await
    }

    async fn migrations(&self, layout: &Layout) -> Result<Vec<Migration>, OpenError> {
        migrate::status(self, layout).await
    }

    async fn revert(&self, layout: &Layout, version: i64) -> Result<(), OpenError> {
        migrate::revert(self, layout, version).await
    }

    async fn newswire(&self) -> Result<Option<Arc<dyn Newswire>>, OpenError> {
        Ok(Some(Arc::new(newswire::PgNewswire::open(&self.pool).await?)))
    }

    fn pg_pool(&self) -> Option<&PgPool> {
        Some(&self.pool)
    }
}

struct PostgresTransaction {
    transaction: InTransaction<Postgres>,
    /// Whether statements are prepared for later. sqlx names them otherwise, even where it keeps none.
    keeps_statements: bool,
}

#[async_trait]
impl Transaction for PostgresTransaction {
    async fn read(
        &mut self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> store::Result<Vec<Row>> {
        let question = bound(statement, values).persistent(self.keeps_statements);
        let found = question.fetch_all(self.transaction.connection()?).await.map_err(failed)?;
        found.iter().map(cells).collect()
    }

    async fn write(&mut self, statement: &Statement, values: &[Value<'_>]) -> store::Result<u64> {
        let statement = bound(statement, values).persistent(self.keeps_statements);
        let done = statement.execute(self.transaction.connection()?).await.map_err(failed)?;
        Ok(done.rows_affected())
    }

    async fn commit(self: Box<Self>) -> store::Result<()> {
        self.transaction.commit().await
    }
}

fn bound<'q>(statement: &Statement, values: &'q [Value<'q>]) -> Query<'q, Postgres, PgArguments> {
    values.iter().fold(query(statement.text()), |statement, value| match value {
        Value::Text(text) => statement.bind(text.map(storable)),
        Value::Number(number) => statement.bind(*number),
        Value::Timestamp(at) => statement.bind(at.map(without_zone)),
        Value::Timestamptz(at) => statement.bind(at.map(in_milliseconds)),
    })
}

/// A text without the one character that PostgreSQL has no place for.
fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "\u{fffd}").into() } else { text.into() }
}

fn without_zone(at: OffsetDateTime) -> PrimitiveDateTime {
    let at = in_milliseconds(at.to_offset(UtcOffset::UTC));
    PrimitiveDateTime::new(at.date(), at.time())
}

/// Cut off, where `timestamp(3)` would round into the future.
fn in_milliseconds(at: OffsetDateTime) -> OffsetDateTime {
    at.truncate_to_millisecond()
}

/// The values of a row by the types of their columns.
fn cells(row: &PgRow) -> store::Result<Row> {
    let cell = |column| {
        let value = row.try_get_raw(column)?;
        if value.is_null() {
            return Ok(Cell::Empty);
        }
        let cell = match value.type_info().name() {
            "INT2" => <i16 as Decode<Postgres>>::decode(value).map(|it| Cell::Number(it.into())),
            "INT4" => <i32 as Decode<Postgres>>::decode(value).map(|it| Cell::Number(it.into())),
            "INT8" => <i64 as Decode<Postgres>>::decode(value).map(Cell::Number),
            "TIMESTAMP" => <PrimitiveDateTime as Decode<Postgres>>::decode(value)
                .map(|it| Cell::Moment(it.assume_utc())),
            "TIMESTAMPTZ" => <OffsetDateTime as Decode<Postgres>>::decode(value).map(Cell::Moment),
            _ => <String as Decode<Postgres>>::decode(value).map(Cell::Text),
        };
        cell.map_err(sqlx::Error::Decode)
    };
    let cells: Result<_, sqlx::Error> = (0..row.len()).map(cell).collect();
    cells.map(Row::new).map_err(failed)
}
