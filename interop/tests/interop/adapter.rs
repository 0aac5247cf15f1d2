//! The adapters of Auth.js for PostgreSQL, each with tables of its own.

use betancourt_auth::TokenStorage;
use betancourt_auth_sqlx::{Layout, SqlStore};

/// An adapter of Auth.js.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Adapter {
    Drizzle,
    Pg,
    Prisma,
}

impl Adapter {
    /// What the servers call it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Drizzle => "drizzle",
            Self::Pg => "pg",
            Self::Prisma => "prisma",
        }
    }

    /// The statements that make its tables.
    pub(crate) const fn tables(self) -> &'static str {
        match self {
            Self::Drizzle => include_str!("../../authjs/layouts/drizzle.sql"),
            Self::Pg => {
                include_str!("../../../betancourt-auth-sqlx/tests/sql/layouts/pg_adapter.sql")
            }
            Self::Prisma => include_str!("../../authjs/layouts/prisma.sql"),
        }
    }

    /// A store of ours on its tables, which leaves secrets as Auth.js has them.
    pub(crate) async fn store(self, database: &str) -> SqlStore {
        let layout = match self {
            Self::Drizzle => Layout::drizzle(),
            Self::Pg => Layout::pg_adapter(),
            Self::Prisma => Layout::default(),
        };
        let options = SqlStore::options().layout(layout);
        options.token_storage(TokenStorage::SharedWithAuthJs).connect(database).await.unwrap()
    }
}
