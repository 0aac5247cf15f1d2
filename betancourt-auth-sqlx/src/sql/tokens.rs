//! Queries about what counts once and what is counted.

use super::{Dialect, Statement, quoted};
use crate::layout::Layout;

/// Queries about what counts once and what is counted.
#[derive(Debug)]
pub(crate) struct Tokens {
    /// `$1`: the handshake, `$2`: its end.
    pub(crate) spend: Statement,
    /// `$1`: the key, `$2`: now, `$3`: the end. Answers the count.
    pub(crate) count: Statement,
    /// `$1` …: address, hash, end.
    pub(crate) keep: Statement,
    /// `$1`: the address. Answers what went, or goes by the statement that follows.
    pub(crate) take: Statement,
    /// `$1`: the address. What was taken, where a `DELETE` answers nothing.
    pub(crate) remove: Option<Statement>,
}

impl Tokens {
    pub(super) fn of(layout: &Layout, dialect: Dialect) -> Self {
        let verification_tokens = quoted(&layout.verification_tokens);
        let of_address = dialect.is(r#""identifier""#, "$1");
        let columns = r#""token", "expires""#;
        let delete = format!("DELETE FROM {verification_tokens} WHERE {of_address}");
        Self {
            spend: dialect.insert_unless_there(
                r#""auth_spent" ("handshake", "expires") VALUES ($1, $2)"#,
                r#""handshake""#,
            ),
            count: count(dialect),
            keep: dialect.sql(format!(
                r#"INSERT INTO {verification_tokens} ("identifier", "token", "expires") VALUES ($1, $2, $3)"#
            )),
            take: dialect.sql(match dialect {
                Dialect::Sqlite | Dialect::Postgres => {
                    format!("{delete} RETURNING {columns}")
                }
                Dialect::Mysql => {
                    format!("SELECT {columns} FROM {verification_tokens} WHERE {of_address} FOR UPDATE")
                }
            }),
            remove: (dialect == Dialect::Mysql).then(|| dialect.sql(delete)),
        }
    }
}

/// MySQL sets columns from left to right, and reads what it has set: the count comes before the end that it depends on.
fn count(dialect: Dialect) -> Statement {
    let ended = r#""auth_counters"."expires" <= $2"#;
    let next = format!(r#"CASE WHEN {ended} THEN 1 ELSE "auth_counters"."count" + 1 END"#);
    let (first, next) = (dialect.answered("1"), dialect.answered(&next));
    let rows = format!(r#""auth_counters" ("key", "count", "expires") VALUES ($1, {first}, $3)"#);
    let changes = format!(
        r#""count" = {next}, "expires" = CASE WHEN {ended} THEN $3 ELSE "auth_counters"."expires" END"#
    );
    let changes = format!("{changes}{}", dialect.returning(r#""count""#));
    dialect.insert_or_update(&rows, r#""key""#, &changes).answering_a_number()
}
