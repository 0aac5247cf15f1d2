//! A database that breaks off where a test says so.

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use betancourt_auth::news::Newswire;
use betancourt_auth::store::Result;
use betancourt_auth::testing::CrashPoints;

use crate::database::{Database, Lock, Transaction};
use crate::error::OpenError;
use crate::layout::Layout;
use crate::migrations::Migration;
use crate::sql::Statement;
use crate::value::{Row, Value};

/// A database with crash points in the way of its statements. To begin a transaction, and to commit it, is one, too.
#[derive(Debug)]
pub(crate) struct Breaking<D> {
    pub(crate) database: D,
    pub(crate) crash: CrashPoints,
}

#[async_trait]
impl<D: Database> Database for Breaking<D> {
    async fn read(&self, statement: &Statement, values: &[Value<'_>]) -> Result<Vec<Row>> {
        self.crash.before_statement().await?;
        self.database.read(statement, values).await
    }

    async fn look_up(&self, statement: &Statement, values: &[Value<'_>]) -> Result<Vec<Row>> {
        self.crash.before_statement().await?;
        self.database.look_up(statement, values).await
    }

    async fn look_up_in_copy(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> Option<(Vec<Row>, Instant)> {
        self.database.look_up_in_copy(statement, values).await // which changes nothing by failing
    }

    async fn write(&self, statement: &Statement, values: &[Value<'_>]) -> Result<u64> {
        self.crash.before_statement().await?;
        let written = self.database.write(statement, values).await?;
        self.crash.after_commit().await?;
        Ok(written)
    }

    async fn write_and_read(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>> {
        self.crash.before_statement().await?;
        let answered = self.database.write_and_read(statement, values).await?;
        self.crash.after_commit().await?;
        Ok(answered)
    }

    async fn begin(&self, locks: &[Lock<'_>]) -> Result<Box<dyn Transaction + '_>> {
        self.crash.before_statement().await?;
        let transaction = self.database.begin(locks).await?;
        Ok(Box::new(BreakingTransaction { transaction, crash: &self.crash }))
    }

    async fn migrate(&self, layout: &Layout) -> std::result::Result<(), OpenError> {
        self.database.migrate(layout).await
    }

    async fn migrations(&self, layout: &Layout) -> std::result::Result<Vec<Migration>, OpenError> {
        self.database.migrations(layout).await
    }

    async fn revert(&self, layout: &Layout, version: i64) -> std::result::Result<(), OpenError> {
        self.database.revert(layout, version).await
    }

    async fn newswire(&self) -> std::result::Result<Option<Arc<dyn Newswire>>, OpenError> {
        self.database.newswire().await
    }

    #[cfg(feature = "_sqlite")]
    fn sqlite_pool(&self) -> Option<&sqlx::SqlitePool> {
        self.database.sqlite_pool()
    }

    #[cfg(feature = "postgres")]
    fn pg_pool(&self) -> Option<&sqlx::PgPool> {
        self.database.pg_pool()
    }

    #[cfg(feature = "mysql")]
    fn mysql_pool(&self) -> Option<&sqlx::MySqlPool> {
        self.database.mysql_pool()
    }
}

struct BreakingTransaction<'d> {
    transaction: Box<dyn Transaction + 'd>,
    crash: &'d CrashPoints,
}

#[async_trait]
impl Transaction for BreakingTransaction<'_> {
    async fn read(&mut self, statement: &Statement, values: &[Value<'_>]) -> Result<Vec<Row>> {
        self.crash.before_statement().await?;
        self.transaction.read(statement, values).await
    }

    async fn write(&mut self, statement: &Statement, values: &[Value<'_>]) -> Result<u64> {
        self.crash.before_statement().await?;
        self.transaction.write(statement, values).await
    }

    async fn commit(self: Box<Self>) -> Result<()> {
        self.crash.before_statement().await?;
        self.transaction.commit().await?;
        self.crash.after_commit().await
    }
}
