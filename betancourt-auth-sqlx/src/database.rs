//! What stands behind the store, whatever the database.

use async_trait::async_trait;
use betancourt_auth::store::Store;

use crate::error::OpenError;

/// What every database behind a [`SqlStore`] can do.
#[async_trait]
pub(crate) trait Database: Store {
    /// Makes the tables, or adopts those that are there.
    async fn migrate(&self) -> Result<(), OpenError>;

    /// The connections, if they are to SQLite.
    #[cfg(feature = "_sqlite")]
    fn sqlite_pool(&self) -> Option<&sqlx::SqlitePool>;
}
