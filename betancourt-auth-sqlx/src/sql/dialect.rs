//! What databases say differently.

use super::{Statement, quoted};
use crate::layout::Ids;

/// The databases that have a way of their own of saying something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
    Mysql,
}

impl Dialect {
    /// A statement. What goes into its text are names, which are quoted, and never a value.
    pub(super) fn sql(self, text: impl Into<String>) -> Statement {
        match self {
            Self::Sqlite | Self::Postgres => Statement::standard(text.into()),
            Self::Mysql => Statement::of_mysql(&text.into()),
        }
    }

    /// That a column holds a text, byte for byte. Rows are found by the collation of the column, to which `a` may be `A`,
    /// and `o` may be `ö`; then the bytes are looked at.
    pub(super) fn is(self, column: &str, value: &str) -> String {
        let is_alike = format!("{column} = {value}");
        match self {
            Self::Sqlite => format!("({is_alike} AND {column} = {value} COLLATE BINARY)"),
            Self::Postgres => format!(r#"({is_alike} AND {column} = {value} COLLATE "C")"#),
            Self::Mysql => {
                format!("({is_alike} AND CAST({column} AS BINARY) = CAST({value} AS BINARY))")
            }
        }
    }

    /// That a column holds another text than this.
    pub(super) fn is_not(self, column: &str, value: &str) -> String {
        match self {
            Self::Sqlite => format!("{column} <> {value} COLLATE BINARY"),
            Self::Postgres => format!(r#"{column} <> {value} COLLATE "C""#),
            Self::Mysql => format!("CAST({column} AS BINARY) <> CAST({value} AS BINARY)"),
        }
    }

    /// That a column holds the id of a user.
    pub(super) fn is_user(self, ids: Ids, column: &str, value: &str) -> String {
        match ids {
            Ids::Text => self.is(column, value),
            Ids::Serial => format!("{column} = {value}"),
        }
    }

    /// The greater of two numbers.
    pub(super) fn greater(self, one: &str, other: &str) -> String {
        match self {
            Self::Sqlite => format!("MAX({one}, {other})"),
            Self::Postgres | Self::Mysql => format!("GREATEST({one}, {other})"),
        }
    }

    /// The value `$number` for a column of the application's own. To PostgreSQL each is a member of a JSON document, of which
    /// it makes what the column holds, whatever that is.
    pub(super) fn own(self, table: &str, column: &str, number: usize) -> String {
        match self {
            Self::Sqlite | Self::Mysql => format!("${number}"),
            Self::Postgres => {
                let (key, column) = (column.replace('\'', "''"), quoted(column));
                format!(
                    "(json_populate_record(NULL::{table}, json_build_object('{key}', ${number}::text::json))).{column}"
                )
            }
        }
    }

    /// An `INSERT` that changes the row which is there already.
    pub(super) fn insert_or_update(self, rows: &str, key: &str, changes: &str) -> Statement {
        self.sql(match self {
            Self::Sqlite | Self::Postgres => {
                format!("INSERT INTO {rows} ON CONFLICT ({key}) DO UPDATE SET {changes}")
            }
            Self::Mysql => format!("INSERT INTO {rows} ON DUPLICATE KEY UPDATE {changes}"),
        })
    }

    /// An `INSERT` that leaves the row alone which is there already, and then writes none. MySQL would count a row that
    /// is updated to what it was.
    pub(super) fn insert_unless_there(self, rows: &str, key: &str) -> Statement {
        self.sql(match self {
            Self::Sqlite | Self::Postgres => {
                format!("INSERT INTO {rows} ON CONFLICT ({key}) DO NOTHING")
            }
            Self::Mysql => format!("INSERT IGNORE INTO {rows}"),
        })
    }

    /// A `DELETE` of at most `limit` rows, the first in some order. Nothing but MySQL has that in the statement itself,
    /// and MySQL finds rows slowly that a subquery names.
    pub(super) fn delete_first(
        self,
        of: &Rows<'_>,
        which: &str,
        order: &str,
        limit: &str,
    ) -> Statement {
        let Rows { table, key } = of;
        self.sql(match self {
            Self::Sqlite | Self::Postgres => format!(
                r"DELETE FROM {table}
                WHERE {key} IN (SELECT {key} FROM (
                    SELECT {key} FROM {table} WHERE {which}{order} LIMIT {limit}
                ) AS first_of_them)"
            ),
            Self::Mysql => format!("DELETE FROM {table} WHERE {which}{order} LIMIT {limit}"),
        })
    }

    /// A `DELETE` of at most `$2` rows to which `which` applies, the first in some order if one is given, and which nobody
    /// else holds at that moment. SQLite has one writer, so nobody does. MySQL looks again at what it deletes, because its
    /// keys may have collations, and is told in which order, or it would look through the table for what is to go, and wait
    /// for each row that somebody holds.
    pub(super) fn sweep(self, of: &Rows<'_>, which: &str, order: &str) -> Statement {
        let Rows { table, key } = of;
        let some = format!("SELECT {key} FROM {table} WHERE {which}{order} LIMIT $2");
        self.sql(match self {
            Self::Sqlite | Self::Postgres => {
                let skip = if self == Self::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
                format!(
                    "WITH over_now AS ({some}{skip})
                    DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM over_now)"
                )
            }
            Self::Mysql => format!(
                "DELETE t FROM ({some} FOR UPDATE SKIP LOCKED) over_now
                STRAIGHT_JOIN {table} t ON over_now.{key} = t.{key}
                WHERE {which}"
            ),
        })
    }

    /// A text in lower case, for a pattern. PostgreSQL has no patterns in collations to which different texts are the same.
    pub(super) fn lower(self, column: &str) -> String {
        match self {
            Self::Sqlite | Self::Mysql => format!("LOWER({column})"),
            Self::Postgres => format!(r#"LOWER({column}) COLLATE "C""#),
        }
    }

    /// A number that a statement writes and that is to be its answer. MySQL, which has no `RETURNING`, answers it as if it
    /// were the id of the row (<https://dev.mysql.com/doc/refman/8.0/en/information-functions.html#function_last-insert-id>).
    pub(super) fn answered(self, number: &str) -> String {
        match self {
            Self::Sqlite | Self::Postgres => number.to_owned(),
            Self::Mysql => format!("LAST_INSERT_ID({number})"),
        }
    }

    /// What ends a statement that answers what it wrote.
    pub(super) fn returning(self, column: &str) -> String {
        match self {
            Self::Sqlite | Self::Postgres => format!(" RETURNING {column}"),
            Self::Mysql => String::new(),
        }
    }

    /// What a `SELECT` reads that names no table.
    pub(super) fn without_table(self) -> &'static str {
        match self {
            Self::Sqlite | Self::Postgres => "",
            Self::Mysql => " FROM DUAL",
        }
    }
}

/// A table, and what its rows are known by.
#[derive(Clone, Copy)]
pub(super) struct Rows<'n> {
    pub(super) table: &'n str,
    pub(super) key: &'n str,
}
