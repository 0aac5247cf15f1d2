//! Queries about sessions that have a row of Auth.js.

use super::dialect::Rows;
use super::{Dialect, Meaning, NewRow, Statement, insert_where, people, quoted};
use crate::layout::{self, Keys, Layout};
use betancourt_auth::store::MOST_LISTED;

/// Queries about sessions that have a row of Auth.js.
#[derive(Debug)]
pub(crate) struct Sessions {
    /// `$1`: the token.
    pub(crate) session: Statement,
    /// `$1`: the user, `$2`: the moment at which they live.
    pub(crate) sessions: Statement,
    /// `$1` …: token, user, end; then the columns that the layout has of the row's id and its change, and those of the
    /// application's own; then the details, unless they are inserted by a statement of their own. Answers how many other
    /// sessions the user has.
    pub(crate) insert_session: Statement,
    /// `$1` …: token, beginning, authentication, method, device, subject and session at the provider.
    pub(crate) insert_details: Option<Statement>,
    /// `$1`: the user, `$2`: the session that stays, `$3`: how many go.
    pub(crate) evict: Statement,
    /// `$1`: the token, `$2`: the end.
    pub(crate) extend: Statement,
    /// `$1`: the token, `$2`: when it was used.
    pub(crate) touch: Statement,
    /// `$1`: the token.
    pub(crate) end: Statement,
    /// `$1`: the user.
    pub(crate) end_all: Statement,
    /// `$1`: the user, `$2`: the session that stays.
    pub(crate) end_others: Statement,
    /// `$1`: the token.
    pub(crate) origin: Statement,
    /// What began with a person at a provider, and in a session there. `$1`: the one or the other.
    pub(crate) from: Meaning,
    /// Tokens that stand in clear. `$1`: how many.
    pub(crate) plain: Statement,
    /// `$1`: the token, `$2`: its hash, `$3`: the end.
    pub(crate) hash: Statement,
    /// Removes details of sessions that went without them. `$1`: when they began at the latest, `$2`: how many.
    pub(crate) leftovers: Option<Statement>,
}

impl Sessions {
    pub(super) fn of(layout: &Layout, dialect: Dialect) -> Self {
        let [_, table, token, user_id] = names(layout);
        let this = dialect.is(&token, "$1");
        let theirs = dialect.is_user(layout.ids, &user_id, "$1");
        let but_one = format!("{theirs} AND {}", dialect.is_not(&token, "$2"));
        let delete = |which: &str| dialect.sql(format!("DELETE FROM {table} WHERE {which}"));
        Self {
            session: session(layout, dialect),
            sessions: sessions(layout, dialect),
            insert_session: insert_session(layout, dialect),
            insert_details: (dialect != Dialect::Postgres).then(|| {
                dialect.sql(format!("{INSERT_DETAILS} VALUES ($1, $2, $3, $4, $5, $6, $7)"))
            }),
            evict: dialect.delete_first(
                &Rows { table: &table, key: &token },
                &but_one,
                r#" ORDER BY "expires""#,
                "$3",
            ),
            extend: dialect.sql(format!(
                r#"
                UPDATE {table} SET "expires" = CASE WHEN "expires" < $2 THEN $2 ELSE "expires" END
                WHERE {this}"#
            )),
            touch: dialect.sql(format!(
                r#"
                UPDATE "auth_sessions" SET "seenAt" = $2
                WHERE "sessionToken" = $1 AND EXISTS (SELECT 1 FROM {table} s WHERE {})"#,
                dialect.is(&format!("s.{token}"), "$1")
            )),
            end: delete(&this),
            end_all: delete(&theirs),
            end_others: delete(&but_one),
            origin: origin(layout, dialect),
            from: from(layout, dialect),
            plain: plain(layout, dialect),
            hash: dialect
                .sql(format!(r#"UPDATE {table} SET {token} = $2, "expires" = $3 WHERE {this}"#)),
            leftovers: leftovers(layout, dialect),
        }
    }
}

/// The tables of users and sessions, and what a session is known by and whose it is.
fn names(layout: &Layout) -> [String; 4] {
    let layout::Sessions { table, session_token, user_id, .. } = &layout.sessions;
    [&layout.users.table, table, session_token, user_id].map(|name| quoted(name))
}

const INSERT_DETAILS: &str = r#"INSERT INTO "auth_sessions" ("sessionToken", "createdAt", "authenticatedAt", "method", "device", "subject", "providerSession")"#;

/// The five columns of a session's details, called `d`.
const DETAILS: &str = r#"d."createdAt", d."authenticatedAt", d."method", d."device", d."seenAt""#;

/// Somebody who is suspended has no session. Those of ours have ended; one without details is of Auth.js, which does not
/// know of that.
fn session(layout: &Layout, dialect: Dialect) -> Statement {
    let ([users, table, token, user_id], user) = (names(layout), people::columns(layout));
    let is_admitted = people::is_admitted(layout, dialect, &format!("s.{user_id}"));
    dialect.sql(format!(
        r#"
        SELECT {user}, s."expires", {DETAILS}
        FROM {table} s
        JOIN {users} u ON u."id" = s.{user_id}
        LEFT JOIN "auth_sessions" d ON d."sessionToken" = s.{token}
        WHERE {} AND (d."sessionToken" IS NOT NULL OR {is_admitted})"#,
        dialect.is(&format!("s.{token}"), "$1")
    ))
}

fn sessions(layout: &Layout, dialect: Dialect) -> Statement {
    let [_, table, token, user_id] = names(layout);
    dialect.sql(format!(
        r#"
        SELECT s.{token}, s."expires", {DETAILS}
        FROM {table} s
        LEFT JOIN "auth_sessions" d ON d."sessionToken" = s.{token}
        WHERE {} AND s."expires" > $2
        ORDER BY s."expires" DESC
        LIMIT {MOST_LISTED}"#,
        dialect.is_user(layout.ids, &format!("s.{user_id}"), "$1")
    ))
}

fn origin(layout: &Layout, dialect: Dialect) -> Statement {
    let [_, table, token, _] = names(layout);
    dialect.sql(format!(
        r#"
        SELECT d."subject", d."providerSession"
        FROM {table} s
        JOIN "auth_sessions" d ON d."sessionToken" = s.{token}
        WHERE {}"#,
        dialect.is(&format!("s.{token}"), "$1")
    ))
}

fn from(layout: &Layout, dialect: Dialect) -> Meaning {
    let [_, table, token, user_id] = names(layout);
    Meaning::of(dialect, |column| {
        format!(
            r#"
            SELECT s.{token}, s.{user_id}, d."subject", d."providerSession"
            FROM "auth_sessions" d
            JOIN {table} s ON s.{token} = d."sessionToken"
            WHERE d.{column} = $1"#
        )
    })
}

/// A session for somebody who is not suspended. PostgreSQL inserts it and its details in one statement. MySQL has no
/// `RETURNING`: there the number of other sessions is counted by the insertion, and answered as if it were the id of the
/// row (<https://dev.mysql.com/doc/refman/8.0/en/information-functions.html#function_last-insert-id>).
fn insert_session(layout: &Layout, dialect: Dialect) -> Statement {
    let [users, table, token, user_id] = names(layout);
    let row = NewRow::of(&table, columns_of(&layout.sessions), &layout.sessions.own);
    let owner = dialect.is_user(layout.ids, r#""id""#, "$2");
    let this = dialect.is(&token, "$1");
    let is_admitted = people::is_admitted(layout, dialect, "$2");
    let which = match layout.keys {
        Keys::Unique => is_admitted,
        Keys::Absent => format!(
            "{is_admitted} AND EXISTS (SELECT 1 FROM {users} WHERE {owner})
                AND NOT EXISTS (SELECT 1 FROM {table} WHERE {this})"
        ),
    };
    let insert = insert_where(dialect, &row, &which);
    let others = format!(
        "FROM {table} WHERE {} AND {}",
        dialect.is_user(layout.ids, &user_id, "$2"),
        dialect.is_not(&token, "$1")
    );
    match dialect {
        Dialect::Sqlite => dialect.sql(format!("{insert} RETURNING (SELECT COUNT(*) {others})")),
        Dialect::Postgres => {
            let details: Vec<_> =
                (1..=6).map(|number| format!("${}", row.len() + number)).collect();
            let details = details.join(", ");
            dialect.sql(format!(
                r"
                WITH inserted AS ({insert} RETURNING 1),
                    details AS ({INSERT_DETAILS} SELECT $1, {details} FROM inserted)
                SELECT (SELECT COUNT(*) {others}) FROM inserted"
            ))
        }
        Dialect::Mysql => {
            let (names, values) = row.names_and_values(dialect);
            let having = format!("LAST_INSERT_ID(COUNT(*)) >= 0 AND {which}");
            let insert = format!("INSERT INTO {table} ({names}) SELECT {values} {others}");
            dialect.sql(format!("{insert} HAVING {having}")).answering_a_number()
        }
    }
}

/// The columns of a new session: what it is known by, whose it is and when it ends, and what the layout has besides.
fn columns_of(sessions: &layout::Sessions) -> Vec<&str> {
    let mut columns = vec![sessions.session_token.as_ref(), sessions.user_id.as_ref(), "expires"];
    columns
        .extend([&sessions.row_id, &sessions.updated_at].into_iter().flatten().map(AsRef::as_ref));
    columns
}

/// What does not begin with `s256:`. SQLite finds it by its index, outside of everything that begins so; in the others
/// what is outside depends on the language of the database.
fn plain(layout: &Layout, dialect: Dialect) -> Statement {
    let [_, table, token, _] = names(layout);
    let is_plain = match dialect {
        Dialect::Sqlite => format!("{token} < 's256:' OR {token} >= 's256;'"),
        Dialect::Postgres => format!("LEFT({token}, 5) <> 's256:'"),
        Dialect::Mysql => format!("CAST(LEFT({token}, 5) AS BINARY) <> 's256:'"),
    };
    dialect.sql(format!(r#"SELECT {token}, "expires" FROM {table} WHERE {is_plain} LIMIT $1"#))
}

/// The database removes details with their session where it has a key to know it by.
fn leftovers(layout: &Layout, dialect: Dialect) -> Option<Statement> {
    let [_, table, token, _] = names(layout);
    (layout.keys == Keys::Absent).then(|| {
        dialect.sql(format!(
            r#"
            DELETE FROM "auth_sessions"
            WHERE "sessionToken" IN (SELECT * FROM (
                SELECT d."sessionToken" FROM "auth_sessions" d
                WHERE d."createdAt" <= $1 AND NOT EXISTS (
                    SELECT 1 FROM {table} s WHERE s.{token} = d."sessionToken"
                )
                LIMIT $2
            ) AS left_behind)"#
        ))
    })
}
