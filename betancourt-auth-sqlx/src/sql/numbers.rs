//! Numbers for users, where their ids are numbers.

use super::{Dialect, Statement};

/// What the last number is counted under where there is no sequence, in a row that no sweep removes.
const KEY: &str = "numbers of users";

/// A number that no user has had. PostgreSQL takes it from the sequence of the column, as everybody who inserts a row
/// does. SQLite and MySQL give numbers to rows alone: there it is one more than the last one of ours, and than that of any
/// row.
pub(super) fn draw(users: &str, dialect: Dialect) -> Statement {
    let another = match dialect {
        Dialect::Sqlite => r#"excluded."count""#,
        Dialect::Mysql => r#"VALUES("count")"#,
        Dialect::Postgres => {
            let table = users.replace('\'', "''");
            return dialect.sql(format!("SELECT nextval(pg_get_serial_sequence('{table}', 'id'))"));
        }
    };
    let first = dialect.answered(r#"COALESCE(MAX("id"), 0) + 1"#);
    let next = dialect.answered(&dialect.greater(r#""auth_counters"."count" + 1"#, another));
    let rows = format!(
        r#""auth_counters" ("key", "count", "expires")
        SELECT '{KEY}', {first}, {} FROM {users} WHERE TRUE"#,
        i64::MAX
    );
    let changes = format!(r#""count" = {next}{}"#, dialect.returning(r#""count""#));
    dialect.insert_or_update(&rows, r#""key""#, &changes).answering_a_number()
}

/// What keeps the number of a user who goes from being given again, where there is no sequence. `$1`: the number.
pub(super) fn never_again(dialect: Dialect) -> Option<Statement> {
    let last = dialect.greater(r#""auth_counters"."count""#, "$1");
    (dialect != Dialect::Postgres).then(|| {
        dialect.insert_or_update(
            &format!(
                r#""auth_counters" ("key", "count", "expires") VALUES ('{KEY}', $1, {})"#,
                i64::MAX
            ),
            r#""key""#,
            &format!(r#""count" = {last}"#),
        )
    })
}
