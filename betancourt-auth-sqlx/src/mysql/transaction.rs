//! Transactions on MySQL.

use async_trait::async_trait;
use betancourt_auth::store;
use sqlx::pool::PoolConnection;
use sqlx::{Executor, MySql, MySqlPool};
use tokio::runtime::Handle;

use super::{lock, read, write};
use crate::database::{Lock, Transaction};
use crate::error::failed;
use crate::sql::Statement;
use crate::value::{Row, Value};

/// A transaction that nothing remains of unless it is committed.
///
/// One of sqlx forgets a transaction whose first statements fail, and it does not: MySQL takes a statement back that
/// waited too long for a lock, and leaves the transaction open, on a connection that others would then write on.
pub(super) struct MySqlTransaction {
    connection: Option<PoolConnection<MySql>>,
    has_begun: bool,
}

impl MySqlTransaction {
    pub(super) async fn begin(pool: &MySqlPool, locks: &[Lock<'_>]) -> store::Result<Self> {
        let connection = pool.acquire().await.map_err(failed)?;
        let mut transaction = Self { connection: Some(connection), has_begun: false };
        transaction.connection()?.execute(lock::begin(locks)).await.map_err(failed)?;
        transaction.has_begun = true;
        Ok(transaction)
    }

    fn connection(&mut self) -> store::Result<&mut PoolConnection<MySql>> {
        self.connection.as_mut().ok_or_else(|| failed(sqlx::Error::PoolClosed))
    }
}

#[async_trait]
impl Transaction for MySqlTransaction {
    async fn read(
        &mut self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> store::Result<Vec<Row>> {
        read(&mut **self.connection()?, statement, values).await
    }

    async fn write(&mut self, statement: &Statement, values: &[Value<'_>]) -> store::Result<u64> {
        write(&mut **self.connection()?, statement, values).await
    }

    async fn commit(mut self: Box<Self>) -> store::Result<()> {
        self.connection()?.execute("COMMIT").await.map_err(failed)?;
        self.connection = None;
        Ok(())
    }
}

/// What was not committed is taken back before the connection serves others; where that cannot be, it is closed.
impl Drop for MySqlTransaction {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        let Some(runtime) = Handle::try_current().ok().filter(|_| self.has_begun) else {
            connection.close_on_drop();
            return;
        };
        runtime.spawn(async move {
            if connection.execute("ROLLBACK").await.is_err() {
                connection.close_on_drop();
            }
        });
    }
}
