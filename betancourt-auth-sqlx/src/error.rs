//! What can go wrong before a store is ready, and how a database's answer becomes a store's.

use std::error::Error;
use std::fmt::{self, Debug, Display, Formatter};

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
    /// A replica was given, and it or the database is not PostgreSQL.
    #[error(
        "an address begins with `{scheme}:`, and replicas are there for PostgreSQL only: give both a postgres: address, or no replica"
    )]
    NoReplica {
        /// What stands before the first colon of that address.
        scheme: String,
    },
    /// The address cannot be read, or nothing answers there.
    #[error("the database cannot be opened: {0}")]
    Unreachable(#[source] Box<dyn Error + Send + Sync>),
    /// A table of that name was there before and is not what Auth.js makes. Nothing was changed.
    #[error("the table `{table}` cannot be adopted: its column `{column}` {misfit}")]
    Misfit {
        /// The name of the table.
        table: String,
        /// The name of the column.
        column: String,
        /// What is wrong with it.
        misfit: Misfit,
    },
    /// A table of a layout that somebody else makes is not there.
    #[error(
        "the table `{table}` is missing: tables are made in the default layout alone, without columns of the application's own"
    )]
    MissingTable {
        /// The name of the table.
        table: String,
    },
    /// A script was run before with another text: in another layout, or by another version.
    #[error(
        "the script {version} ({name}) was run in another form before: in another layout, or by another version"
    )]
    ChangedMigration {
        /// The number of the script.
        version: i64,
        /// What it is about.
        name: &'static str,
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
    /// The column has no room for what is kept in it.
    #[error("is declared `{declared}`, which is too narrow for {holds}")]
    Narrow {
        /// The type in the table's definition.
        declared: String,
        /// What the column has to hold, and what to make of it.
        holds: &'static str,
    },
    /// The column is one of the application's own, is `NOT NULL` and has no default.
    #[error("is NOT NULL without a default, and a sign-in does not know a value for it: {remedy}")]
    Unknown {
        /// What can be done about it.
        remedy: &'static str,
    },
    /// The layout has a value of the application's own for a column that we fill ourselves.
    #[error("is filled by us, and the layout has a value of the application's own for it, too")]
    Ours,
    /// A deleted user would leave rows of this table behind.
    #[error("does not refer to users with ON DELETE CASCADE")]
    Reference,
    /// Two people could have the same address, account or session, and the layout says that the database forbids it.
    #[error("has no unique key")]
    NotUnique,
}

/// The answer of a database as that of a store: a key that is taken, or that refers to nobody, is a conflict.
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
pub(crate) fn not_migrated(error: impl Into<Box<dyn Error + Send + Sync>>) -> OpenError {
    OpenError::Migration(error.into())
}

/// Why a database cannot be opened.
pub(crate) fn unreachable(error: sqlx::Error) -> OpenError {
    OpenError::Unreachable(error.into())
}
