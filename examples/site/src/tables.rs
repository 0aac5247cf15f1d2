//! The tables of the site's own, beside those of sign-in.

use betancourt_auth_sqlx::SqlStore;

use crate::database::{self, NotAnswered};
use crate::{messages, projects};

/// What makes each of them, unless it is there. A table that changes gets one more line here, never another text.
const TABLES: [&str; 2] = [messages::TABLE, projects::TABLE];

/// Makes the tables that are not there yet.
///
/// # Errors
/// [`NotAnswered`].
pub async fn make(store: &SqlStore) -> Result<(), NotAnswered> {
    for table in TABLES {
        // Of two instances that start together, one may find the table half made by the other.
        if database::define(store, table).await.is_err() {
            database::define(store, table).await?;
        }
    }
    Ok(())
}
