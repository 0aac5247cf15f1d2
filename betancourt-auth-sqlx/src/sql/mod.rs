//! Every query, once, as text: standard SQL wherever it has a form, with the names of a layout in it.
//!
//! The texts are made when a store is opened. Columns are read by their position, so their order here is the order in
//! which `row` takes them. Moments in the tables of Auth.js are what the database has for them; those in our own tables
//! are milliseconds since 1970 everywhere.

mod accounts;
mod deletions;
mod dialect;
mod numbers;
mod people;
mod sealed;
mod sessions;
mod statement;
mod sweeps;
mod tokens;

use crate::layout::{Ids, Keys, Layout};
use crate::own::OwnColumn;

pub(crate) use accounts::Accounts;
pub(crate) use deletions::Deletions;
pub(crate) use dialect::Dialect;
pub(crate) use people::People;
pub(crate) use sealed::Sealed;
pub(crate) use sessions::Sessions;
pub(crate) use statement::Statement;
#[cfg(feature = "mysql")]
pub(crate) use statement::in_mysql;
pub(crate) use sweeps::Sweeps;
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
    pub(crate) sweeps: Sweeps,
    pub(crate) insert_audit_event: Statement,
    /// `$1`: how many; and behind which: `$2`, `$3`: its moment and its number.
    pub(crate) audit_page: Pages,
    /// `$1`: the user, `$2`: the number that all are smaller than, `$3`: since when, `$4`: how many at most.
    pub(crate) history: Statement,
    /// `$1`: the user. What happened to them stays, but not where.
    pub(crate) forget_visits: Statement,
    pub(crate) ping: Statement,
    /// `$1`: a table. Its columns whose texts have an end: after how many characters, and how many bytes.
    pub(crate) widths: Option<Statement>,
}

impl Sql {
    pub(crate) fn of(layout: &Layout, dialect: Dialect) -> Self {
        let theirs = dialect.is(r#""userId""#, "$1");
        Self {
            people: People::of(layout, dialect),
            accounts: Accounts::of(layout, dialect),
            sessions: Sessions::of(layout, dialect),
            sealed: Sealed::of(layout, dialect),
            tokens: Tokens::of(layout, dialect),
            deletions: Deletions::of(layout, dialect),
            sweeps: Sweeps::of(layout, dialect),
            insert_audit_event: dialect.sql(
                r#"
                INSERT INTO "auth_audit" ("at", "kind", "userId", "actor", "provider", "reason", "network", "device")
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"#,
            ),
            audit_page: Pages::of(dialect, |behind| {
                let before = r#"("at" < $2 OR ("at" = $2 AND "id" < $3))"#;
                format!(
                    r#"
                    SELECT "at", "id", "kind", "userId", "actor", "provider", "reason", "network", "device"
                    FROM "auth_audit"
                    {}
                    ORDER BY "at" DESC, "id" DESC
                    LIMIT $1"#,
                    if behind { format!("WHERE {before}") } else { String::new() }
                )
            }),
            history: dialect.sql(format!(
                r#"
                SELECT "at", "id", "kind", "userId", "actor", "provider", "reason", "network", "device"
                FROM "auth_audit"
                WHERE {theirs} AND "id" < $2 AND "at" >= $3
                ORDER BY "id" DESC
                LIMIT $4"#
            )),
            forget_visits: dialect.sql(format!(
                r#"UPDATE "auth_audit" SET "network" = NULL, "device" = NULL WHERE {theirs}"#
            )),
            ping: dialect.sql("SELECT 1"),
            widths: widths(dialect),
        }
    }

    /// What removes at most `$2` details of each kind whose owners went without them until `$1`.
    pub(crate) fn leftovers(&self) -> impl Iterator<Item = &Statement> {
        self.sessions.leftovers.iter().chain(&self.accounts.leftovers)
    }
}

/// SQLite has room in every text.
fn widths(dialect: Dialect) -> Option<Statement> {
    match dialect {
        Dialect::Sqlite => None,
        Dialect::Postgres => Some(dialect.sql(
            "
            SELECT attname::text, (atttypmod - 4)::bigint, NULL::bigint FROM pg_attribute
            WHERE attrelid = to_regclass(quote_ident($1)) AND attnum > 0 AND atttypmod > 4
                AND atttypid IN ('character varying'::regtype, 'character'::regtype)",
        )),
        Dialect::Mysql => Some(dialect.sql(
            "
            SELECT CAST(column_name AS CHAR), CAST(character_maximum_length AS SIGNED),
                CAST(character_octet_length AS SIGNED)
            FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name = $1
                AND character_maximum_length IS NOT NULL",
        )),
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

/// A list that is read page by page: a database that is told where a page begins finds it by the key.
#[derive(Debug)]
pub(crate) struct Pages {
    pub(crate) first: Statement,
    pub(crate) next: Statement,
}

impl Pages {
    /// The text of a page, which is the first one or behind something.
    fn of(dialect: Dialect, text: impl Fn(bool) -> String) -> Self {
        let [first, next] = [false, true].map(|behind| dialect.sql(text(behind)));
        Self { first, next }
    }
}

/// A name in quotes.
pub(crate) fn quoted(name: &str) -> String {
    format!(r#""{}""#, name.replace('"', r#""""#))
}

/// A new row of a table of Auth.js: the columns that we know, and behind them those of the application's own.
struct NewRow<'l> {
    /// The table, in quotes.
    table: &'l str,
    known: Vec<&'l str>,
    own: Vec<&'l str>,
    /// What stands before the values.
    overriding: &'static str,
}

impl<'l> NewRow<'l> {
    fn of<R>(table: &'l str, known: Vec<&'l str>, own: &'l [OwnColumn<R>]) -> Self {
        let own = own.iter().map(|column| &*column.name).collect();
        Self { table, known, own, overriding: "" }
    }

    /// The same where the id is one that PostgreSQL may want to make itself (`GENERATED ALWAYS AS IDENTITY`).
    fn with_drawn_id(self, ids: Ids, dialect: Dialect) -> Self {
        match (ids, dialect) {
            (Ids::Serial, Dialect::Postgres) => {
                Self { overriding: " OVERRIDING SYSTEM VALUE", ..self }
            }
            (Ids::Text, _) | (_, Dialect::Sqlite | Dialect::Mysql) => self,
        }
    }

    /// How many values it has.
    fn len(&self) -> usize {
        self.known.len() + self.own.len()
    }

    /// Its columns in quotes, and its values: `$1`, `$2`, …
    fn names_and_values(&self, dialect: Dialect) -> (String, String) {
        let names = self.known.iter().chain(&self.own).map(|column| quoted(column));
        let known = (1..=self.known.len()).map(|number| format!("${number}"));
        let own = (self.known.len() + 1..).zip(&self.own);
        let own = own.map(|(number, column)| dialect.own(self.table, column, number));
        let [names, values] = [names.collect::<Vec<_>>(), known.chain(own).collect()];
        (names.join(", "), values.join(", "))
    }
}

/// An `INSERT` of a row. Where the database does not refuse a second row of the same key, or one of a user who is gone,
/// the statement looks for itself, and then writes none.
fn insert(layout: &Layout, dialect: Dialect, row: &NewRow<'_>, unless: &str) -> String {
    match layout.keys {
        Keys::Unique => {
            let (names, values) = row.names_and_values(dialect);
            format!("INSERT INTO {} ({names}){} VALUES ({values})", row.table, row.overriding)
        }
        Keys::Absent => insert_where(dialect, row, unless),
    }
}

/// An `INSERT` of a row, if something holds.
fn insert_where(dialect: Dialect, row: &NewRow<'_>, which: &str) -> String {
    let ((names, values), nothing) = (row.names_and_values(dialect), dialect.without_table());
    let NewRow { table, overriding, .. } = row;
    format!("INSERT INTO {table} ({names}){overriding} SELECT {values}{nothing} WHERE {which}")
}
