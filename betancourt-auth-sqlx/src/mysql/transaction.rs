//! Transactions on MySQL.

use async_trait::async_trait;
use betancourt_auth::store;
use sqlx::MySql;

use super::{read, write};
use crate::database::Transaction;
use crate::pooled::InTransaction;
use crate::sql::Statement;
use crate::value::{Row, Value};

/// A transaction that nothing remains of unless it is committed.
pub(super) struct MySqlTransaction(pub(super) InTransaction<MySql>);

#[async_trait]
impl Transaction for MySqlTransaction {
    async fn read(
        &mut self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> store::Result<Vec<Row>> {
        read(self.0.connection()?, statement, values).await
    }

    async fn write(&mut self, statement: &Statement, values: &[Value<'_>]) -> store::Result<u64> {
        write(self.0.connection()?, statement, values).await
    }

    async fn commit(self: Box<Self>) -> store::Result<()> {
        self.0.commit().await
    }
}
