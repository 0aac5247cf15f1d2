//! Every query, once, as text: standard SQL wherever it has a form, with the names of a layout in it.
//!
//! The texts are made when a store is opened. Columns are read by their position, so their order here is the order in
//! which `row` takes them. Moments in the tables of Auth.js are what the database has for them; those in our own tables
//! are milliseconds since 1970 everywhere.

mod accounts;
mod deletions;
mod dialect;
mod people;
mod sealed;
mod sessions;
mod statement;
mod tokens;

use crate::layout::{Keys, Layout};

pub(crate) use accounts::Accounts;
pub(crate) use deletions::Deletions;
pub(crate) use dialect::Dialect;
use dialect::Rows;
pub(crate) use people::People;
pub(crate) use sealed::Sealed;
pub(crate) use sessions::Sessions;
pub(crate) use statement::Statement;
#[cfg(feature = "mysql")]
pub(crate) use statement::in_mysql;
pub(crate) use tokens::Tokens;

/// Every query of a store.
#[derive(Debug)]
pub(crate) struct Sql {
    pub(crate) people: People,
    pub(crate) accounts: Accounts,
    pub(crate) sessions: Sessions,
    pub(crate) sealed: Sealed,
    pub(crate) tokens: Tokens,
    pub(crate) deletions: Deletions,
    pub(crate) insert_audit_event: Statement,
    pub(crate) audit_log: Statement,
    pub(crate) ping: Statement,
}

impl Sql {
    pub(crate) fn of(layout: &Layout, dialect: Dialect) -> Self {
        Self {
            people: People::of(layout, dialect),
            accounts: Accounts::of(layout, dialect),
            sessions: Sessions::of(layout, dialect),
            sealed: Sealed::of(layout, dialect),
            tokens: Tokens::of(layout, dialect),
            deletions: Deletions::of(layout, dialect),
            insert_audit_event: dialect.sql(
                r#"
                INSERT INTO "auth_audit" ("at", "kind", "userId", "actor", "provider", "reason", "network")
                VALUES ($1, $2, $3, $4, $5, $6, $7)"#,
            ),
            audit_log: dialect.sql(
                r#"
                SELECT "at", "kind", "userId", "actor", "provider", "reason", "network"
                FROM "auth_audit"
                ORDER BY "at" DESC, "id" DESC
                LIMIT $1"#,
            ),
            ping: dialect.sql("SELECT 1"),
        }
    }

    /// What removes rows that have ended, at most `$2` of each kind.
    pub(crate) fn sweeps(&self) -> impl Iterator<Item = &Sweep> {
        [&self.sessions.sweep].into_iter().chain(&self.sealed.sweeps).chain(&self.tokens.sweeps)
    }

    /// What removes at most `$2` details of each kind whose owners went without them until `$1`.
    pub(crate) fn leftovers(&self) -> impl Iterator<Item = &Statement> {
        self.sessions.leftovers.iter().chain(&self.accounts.leftovers)
    }
}

/// What finds the sessions that a provider means.
#[derive(Debug)]
pub(crate) struct Meaning {
    pub(crate) of_subject: Statement,
    pub(crate) of_session: Statement,
}

impl Meaning {
    fn of(dialect: Dialect, text: impl Fn(&str) -> String) -> Self {
        let [of_subject, of_session] =
            [r#""subject""#, r#""providerSession""#].map(|column| dialect.sql(text(column)));
        Self { of_subject, of_session }
    }
}

/// A statement that removes at most `$2` rows that ended at `$1` or before.
#[derive(Debug)]
pub(crate) struct Sweep {
    pub(crate) statement: Statement,
    /// Whether the moments in that table are as Auth.js has them, or milliseconds.
    pub(crate) is_of_auth_js: bool,
}

impl Sweep {
    /// From a table of Auth.js, by its key.
    fn of_auth_js(dialect: Dialect, table: &str, key: &str) -> Self {
        Self { statement: ended(dialect, Rows { table, key }), is_of_auth_js: true }
    }

    /// From a table of ours, by its key.
    fn ours(dialect: Dialect, table: &str, key: &str) -> Self {
        let (table, key) = (&quoted(table), &quoted(key));
        Self { statement: ended(dialect, Rows { table, key }), is_of_auth_js: false }
    }
}

fn ended(dialect: Dialect, of: Rows<'_>) -> Statement {
    dialect.delete_first(&of, r#""expires" <= $1"#, "", "$2")
}

/// A name in quotes.
pub(crate) fn quoted(name: &str) -> String {
    format!(r#""{}""#, name.replace('"', r#""""#))
}

/// An `INSERT` of `$1`, `$2`, … into these columns. Where the database does not refuse a second row of the same key, or
/// one of a user who is gone, the statement looks for itself, and then writes none.
fn insert(
    layout: &Layout,
    dialect: Dialect,
    table: &str,
    columns: &[&str],
    unless: &str,
) -> String {
    let (names, values) = names_and_values(columns);
    match layout.keys {
        Keys::Unique => format!("INSERT INTO {table} ({names}) VALUES ({values})"),
        Keys::Absent => {
            let nothing = dialect.without_table();
            format!("INSERT INTO {table} ({names}) SELECT {values}{nothing} WHERE {unless}")
        }
    }
}

/// Columns in quotes, and a placeholder for each of them.
fn names_and_values(columns: &[&str]) -> (String, String) {
    let names: Vec<_> = columns.iter().map(|column| quoted(column)).collect();
    let values: Vec<_> = (1..=columns.len()).map(|number| format!("${number}")).collect();
    (names.join(", "), values.join(", "))
}
