//! A connection of a pool to a server, for as long as a transaction lasts.

use betancourt_auth::store;
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, Database, Executor, Pool};
use tokio::runtime::Handle;

use crate::error::failed;

/// A connection on which a transaction has begun. It goes back to its pool when the transaction is over; one that is
/// dropped is taken back before the connection serves others, and where that cannot be, the connection is closed.
///
/// A transaction of sqlx whose first statements fail is forgotten, and is still there: PostgreSQL then refuses whatever
/// comes next on that connection, and MySQL keeps what others write on it in a transaction that nobody ends.
pub(crate) struct InTransaction<DB: Database>
where
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
{
    /// `None` once the transaction is over.
    connection: Option<PoolConnection<DB>>,
    has_begun: bool,
}

impl<DB: Database> InTransaction<DB>
where
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
{
    /// Runs statements of which the first ones begin a transaction.
    pub(crate) async fn begin(
        pool: &Pool<DB>,
        begin: AssertSqlSafe<String>,
    ) -> store::Result<Self> {
        let connection = pool.acquire().await.map_err(failed)?;
        let mut begun = Self { connection: Some(connection), has_begun: false };
        if let Err(error) = begun.connection()?.execute(begin).await {
            // Whether it has begun is for the server to say: nothing is taken back where nothing is.
            begun.has_begun = matches!(error, sqlx::Error::Database(_));
            return Err(failed(error));
        }
        begun.has_begun = true;
        Ok(begun)
    }

    pub(crate) async fn commit(mut self) -> store::Result<()> {
        self.connection()?.execute("COMMIT").await.map_err(failed)?;
        self.connection = None;
        Ok(())
    }

    pub(crate) fn connection(&mut self) -> store::Result<&mut DB::Connection> {
        self.connection.as_deref_mut().ok_or_else(|| failed(sqlx::Error::PoolClosed))
    }
}

impl<DB: Database> Drop for InTransaction<DB>
where
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
{
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
