//! Every query, once, as text: standard SQL wherever it has a form, with the names of a layout in it.
//!
//! The texts are made when a store is opened. Columns are read by their position, so their order here is the order in
//! which `row` takes them. Moments in the tables of Auth.js are what the database has for them; those in our own tables
//! are milliseconds since 1970 everywhere.

mod accounts;
mod people;
mod sealed;
mod sessions;
mod tokens;

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

use crate::layout::{Keys, Layout};

pub(crate) use accounts::Accounts;
pub(crate) use people::People;
pub(crate) use sealed::Sealed;
pub(crate) use sessions::Sessions;
pub(crate) use tokens::Tokens;

/// The databases that have a way of their own of saying something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// Every query of a store.
#[derive(Debug)]
pub(crate) struct Sql {
    pub(crate) people: People,
    pub(crate) accounts: Accounts,
    pub(crate) sessions: Sessions,
    pub(crate) sealed: Sealed,
    pub(crate) tokens: Tokens,
    pub(crate) insert_audit_event: SqlStr,
    pub(crate) audit_log: SqlStr,
    pub(crate) ping: SqlStr,
}

impl Sql {
    pub(crate) fn of(layout: &Layout, dialect: Dialect) -> Self {
        Self {
            people: People::of(layout),
            accounts: Accounts::of(layout),
            sessions: Sessions::of(layout, dialect),
            sealed: Sealed::of(layout),
            tokens: Tokens::of(layout),
            insert_audit_event: sql(r#"
                INSERT INTO "auth_audit" ("at", "kind", "userId", "provider", "reason", "network")
                VALUES ($1, $2, $3, $4, $5, $6)"#),
            audit_log: sql(r#"
                SELECT "at", "kind", "userId", "provider", "reason", "network"
                FROM "auth_audit"
                ORDER BY "at" DESC, "id" DESC
                LIMIT $1"#),
            ping: sql("SELECT 1"),
        }
    }

    /// What removes rows that have ended, at most `$2` of each kind.
    pub(crate) fn sweeps(&self) -> impl Iterator<Item = &Sweep> {
        [&self.sessions.sweep].into_iter().chain(&self.sealed.sweeps).chain(&self.tokens.sweeps)
    }

    /// What removes at most `$2` details of each kind whose owners went without them until `$1`.
    pub(crate) fn leftovers(&self) -> impl Iterator<Item = &SqlStr> {
        self.sessions.leftovers.iter().chain(&self.accounts.leftovers)
    }
}

/// What finds the sessions that a provider means.
#[derive(Debug)]
pub(crate) struct Meaning {
    pub(crate) of_subject: SqlStr,
    pub(crate) of_session: SqlStr,
}

impl Meaning {
    fn of(text: impl Fn(&str) -> String) -> Self {
        let [of_subject, of_session] =
            [r#""subject""#, r#""providerSession""#].map(|column| sql(text(column)));
        Self { of_subject, of_session }
    }
}

/// A statement that removes at most `$2` rows that ended at `$1` or before.
#[derive(Debug)]
pub(crate) struct Sweep {
    pub(crate) statement: SqlStr,
    /// Whether the moments in that table are as Auth.js has them, or milliseconds.
    pub(crate) is_of_auth_js: bool,
}

impl Sweep {
    /// From a table of Auth.js, by its key.
    fn of_auth_js(table: &str, key: &str) -> Self {
        Self { statement: ended(table, key), is_of_auth_js: true }
    }

    /// From a table of ours, by its key.
    fn ours(table: &str, key: &str) -> Self {
        Self { statement: ended(&quoted(table), &quoted(key)), is_of_auth_js: false }
    }
}

fn ended(table: &str, key: &str) -> SqlStr {
    sql(format!(
        r#"
        DELETE FROM {table}
        WHERE {key} IN (SELECT {key} FROM (
            SELECT {key} FROM {table} WHERE "expires" <= $1 LIMIT $2
        ) AS ended)"#
    ))
}

/// A statement. What goes into its text are names, which are quoted, and never a value.
fn sql(text: impl Into<String>) -> SqlStr {
    AssertSqlSafe(std::sync::Arc::<str>::from(text.into())).into_sql_str()
}

/// A name in quotes.
pub(crate) fn quoted(name: &str) -> String {
    format!(r#""{}""#, name.replace('"', r#""""#))
}

/// An `INSERT` of `$1`, `$2`, … into these columns. Where the database does not refuse a second row of the same key, or
/// one of a user who is gone, the statement looks for itself, and then writes none.
fn insert(layout: &Layout, table: &str, columns: &[&str], unless: &str) -> String {
    let names: Vec<_> = columns.iter().map(|column| quoted(column)).collect();
    let values: Vec<_> = (1..=columns.len()).map(|number| format!("${number}")).collect();
    let (names, values) = (names.join(", "), values.join(", "));
    match layout.keys {
        Keys::Unique => format!("INSERT INTO {table} ({names}) VALUES ({values})"),
        Keys::Absent => format!("INSERT INTO {table} ({names}) SELECT {values} WHERE {unless}"),
    }
}
