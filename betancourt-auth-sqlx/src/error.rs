//! What can go wrong before a store is ready, and how a database's answer becomes a store's.

use std::error::Error;
use std::fmt::{self, Debug, Display, Formatter};

#[cfg(feature = "_sqlite")]
use betancourt_auth::store::StoreError;

/// A store could not be made ready.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use betancourt_auth_sqlx::{OpenError, SqlStore};
///
/// let error = SqlStore::connect("oracle://db.example/app").await.unwrap_err();
/// assert!(matches!(error, OpenError::UnknownDatabase { scheme } if scheme == "oracle"));
/// # });
/// ```
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// No database that is compiled in has addresses of that scheme.
    #[error(
        "no database is compiled in for addresses that begin with `{scheme}:`: turn on its feature of betancourt-auth-sqlx"
    )]
    UnknownDatabase {
        /// What stands before the first colon of the address.
        scheme: String,
    },
    /// The address cannot be read, or nothing answers there.
    #[error("the database cannot be opened: {0}")]
    Unreachable(#[source] Box<dyn Error + Send + Sync>),
    /// A table of that name was there before and is not what Auth.js makes. Nothing was changed.
    #[error("the table `{table}` cannot be adopted: its column `{column}` {misfit}")]
    Misfit {
        /// The name of the table.
        table: &'static str,
        /// The name of the column.
        column: String,
        /// What is wrong with it.
        misfit: Misfit,
    },
    /// The tables could not be made or brought up to date.
    #[error("the tables cannot be brought up to date: {0}")]
    Migration(#[source] Box<dyn Error + Send + Sync>),
}

/// A program that ends with this error prints its `Debug`: that is the sentence, too.
impl Debug for OpenError {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, formatter)
    }
}

/// What is wrong with a column of a table that was there before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misfit {
    /// The column is not there.
    #[error("is missing")]
    Missing,
    /// The column is made for texts, and moments or numbers belong there, or the other way round.
    #[error("is declared `{declared}`, which does not hold {holds}")]
    Type {
        /// The type in the table's definition.
        declared: String,
        /// What the column has to hold.
        holds: &'static str,
    },
    /// The column is `NOT NULL`, and not every person or provider has a value for it.
    #[error("is NOT NULL, and not everybody has a value for it")]
    NotNull,
    /// The column is one of the application's own, is `NOT NULL` and has no default.
    #[error("is NOT NULL without a default, and a sign-in does not know a value for it")]
    Unknown,
    /// A deleted user would leave rows of this table behind.
    #[error("does not refer to `users` with ON DELETE CASCADE")]
    Reference,
}

/// The answer of a database as that of a store: a key that is taken, or that refers to nobody, is a conflict.
#[cfg(feature = "_sqlite")]
pub(crate) fn failed(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(answer)
            if answer.is_unique_violation() || answer.is_foreign_key_violation() =>
        {
            StoreError::conflict()
        }
        _ => StoreError::unavailable(error),
    }
}

/// Why the tables could not be brought up to date.
#[cfg(feature = "_sqlite")]
pub(crate) fn not_migrated(error: impl Into<Box<dyn Error + Send + Sync>>) -> OpenError {
    OpenError::Migration(error.into())
}
