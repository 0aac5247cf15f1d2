//! Queries about sessions that have a row of Auth.js.

use sqlx::SqlStr;

use super::{Dialect, Meaning, Sweep, insert, people, quoted, sql};
use crate::layout::{self, Keys, Layout};

/// Queries about sessions that have a row of Auth.js.
#[derive(Debug)]
pub(crate) struct Sessions {
    /// `$1`: the token.
    pub(crate) session: SqlStr,
    /// `$1`: the user, `$2`: the moment at which they live.
    pub(crate) sessions: SqlStr,
    /// `$1` …: token, user, end; then the columns that the layout has of the row's id and its change; then the details,
    /// unless they are inserted by a statement of their own. Answers how many other sessions the user has.
    pub(crate) insert_session: SqlStr,
    /// `$1` …: token, beginning, authentication, method, device, subject and session at the provider.
    pub(crate) insert_details: Option<SqlStr>,
    /// `$1`: the user, `$2`: the session that stays, `$3`: how many go.
    pub(crate) evict: SqlStr,
    /// `$1`: the token, `$2`: the end.
    pub(crate) extend: SqlStr,
    /// `$1`: the token, `$2`: when it was used.
    pub(crate) touch: SqlStr,
    /// `$1`: the token.
    pub(crate) end: SqlStr,
    /// `$1`: the user.
    pub(crate) end_all: SqlStr,
    /// `$1`: the user, `$2`: the session that stays.
    pub(crate) end_others: SqlStr,
    /// `$1`: the token.
    pub(crate) origin: SqlStr,
    /// What began with a person at a provider, and in a session there. `$1`: the one or the other.
    pub(crate) from: Meaning,
    /// Tokens that stand in clear. `$1`: how many.
    pub(crate) plain: SqlStr,
    /// `$1`: the token, `$2`: its hash, `$3`: the end.
    pub(crate) hash: SqlStr,
    /// Removes details of sessions that went without them. `$1`: when they began at the latest, `$2`: how many.
    pub(crate) leftovers: Option<SqlStr>,
    pub(super) sweep: Sweep,
}

impl Sessions {
    pub(super) fn of(layout: &Layout, dialect: Dialect) -> Self {
        let [_, table, token, user_id] = names(layout);
        let delete = |which: String| sql(format!("DELETE FROM {table} WHERE {which}"));
        Self {
            session: session(layout),
            sessions: sessions(layout),
            insert_session: insert_session(layout, dialect),
            insert_details: (dialect == Dialect::Sqlite)
                .then(|| sql(format!("{INSERT_DETAILS} VALUES ($1, $2, $3, $4, $5, $6, $7)"))),
            evict: delete(format!(
                r#"{token} IN (SELECT {token} FROM (
                    SELECT {token} FROM {table} WHERE {user_id} = $1 AND {token} <> $2 ORDER BY "expires" LIMIT $3
                ) AS first_to_end)"#
            )),
            extend: sql(format!(
                r#"
                UPDATE {table} SET "expires" = CASE WHEN "expires" < $2 THEN $2 ELSE "expires" END
                WHERE {token} = $1"#
            )),
            touch: sql(format!(
                r#"
                UPDATE "auth_sessions" SET "seenAt" = $2
                WHERE "sessionToken" = $1 AND EXISTS (SELECT 1 FROM {table} s WHERE s.{token} = $1)"#
            )),
            end: delete(format!("{token} = $1")),
            end_all: delete(format!("{user_id} = $1")),
            end_others: delete(format!("{user_id} = $1 AND {token} <> $2")),
            origin: origin(layout),
            from: from(layout),
            plain: plain(layout, dialect),
            hash: sql(format!(
                r#"UPDATE {table} SET {token} = $2, "expires" = $3 WHERE {token} = $1"#
            )),
            leftovers: leftovers(layout),
            sweep: Sweep::of_auth_js(&table, &token),
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

fn session(layout: &Layout) -> SqlStr {
    let ([users, table, token, user_id], user) = (names(layout), people::columns(layout));
    sql(format!(
        r#"
        SELECT {user}, s."expires", {DETAILS}
        FROM {table} s
        JOIN {users} u ON u."id" = s.{user_id}
        LEFT JOIN "auth_sessions" d ON d."sessionToken" = s.{token}
        WHERE s.{token} = $1"#
    ))
}

fn sessions(layout: &Layout) -> SqlStr {
    let [_, table, token, user_id] = names(layout);
    sql(format!(
        r#"
        SELECT s.{token}, s."expires", {DETAILS}
        FROM {table} s
        LEFT JOIN "auth_sessions" d ON d."sessionToken" = s.{token}
        WHERE s.{user_id} = $1 AND s."expires" > $2
        ORDER BY s."expires" DESC"#
    ))
}

fn origin(layout: &Layout) -> SqlStr {
    let [_, table, token, _] = names(layout);
    sql(format!(
        r#"
        SELECT d."subject", d."providerSession"
        FROM {table} s
        JOIN "auth_sessions" d ON d."sessionToken" = s.{token}
        WHERE s.{token} = $1"#
    ))
}

fn from(layout: &Layout) -> Meaning {
    let [_, table, token, user_id] = names(layout);
    Meaning::of(|column| {
        format!(
            r#"
            SELECT s.{token}, s.{user_id}, d."subject", d."providerSession"
            FROM "auth_sessions" d
            JOIN {table} s ON s.{token} = d."sessionToken"
            WHERE d.{column} = $1"#
        )
    })
}

/// PostgreSQL inserts a session and its details in one statement.
fn insert_session(layout: &Layout, dialect: Dialect) -> SqlStr {
    let sessions = &layout.sessions;
    let mut columns = vec![sessions.session_token.as_ref(), sessions.user_id.as_ref(), "expires"];
    columns
        .extend([&sessions.row_id, &sessions.updated_at].into_iter().flatten().map(AsRef::as_ref));
    let [users, table, token, user_id] = names(layout);
    let unless = format!(
        r#"EXISTS (SELECT 1 FROM {users} WHERE "id" = $2) AND NOT EXISTS (SELECT 1 FROM {table} WHERE {token} = $1)"#
    );
    let insert = insert(layout, &table, &columns, &unless);
    let others = format!("SELECT COUNT(*) FROM {table} WHERE {user_id} = $2 AND {token} <> $1");
    let details: Vec<_> = (1..=6).map(|number| format!("${}", columns.len() + number)).collect();
    let details = details.join(", ");
    sql(match dialect {
        Dialect::Sqlite => format!("{insert} RETURNING ({others})"),
        Dialect::Postgres => format!(
            r#"
            WITH inserted AS ({insert} RETURNING 1),
                details AS ({INSERT_DETAILS} SELECT $1, {details} FROM inserted)
            SELECT ({others}) FROM inserted"#
        ),
    })
}

/// What does not begin with `s256:`. SQLite finds it by its index, outside of everything that begins so; in PostgreSQL
/// what is outside depends on the language of the database.
fn plain(layout: &Layout, dialect: Dialect) -> SqlStr {
    let [_, table, token, _] = names(layout);
    let is_plain = match dialect {
        Dialect::Sqlite => format!("{token} < 's256:' OR {token} >= 's256;'"),
        Dialect::Postgres => format!("LEFT({token}, 5) <> 's256:'"),
    };
    sql(format!(r#"SELECT {token}, "expires" FROM {table} WHERE {is_plain} LIMIT $1"#))
}

/// The database removes details with their session where it has a key to know it by.
fn leftovers(layout: &Layout) -> Option<SqlStr> {
    let [_, table, token, _] = names(layout);
    (layout.keys == Keys::Absent).then(|| {
        sql(format!(
            r#"
            DELETE FROM "auth_sessions"
            WHERE "sessionToken" IN (
                SELECT d."sessionToken" FROM "auth_sessions" d
                WHERE d."createdAt" <= $1 AND NOT EXISTS (
                    SELECT 1 FROM {table} s WHERE s.{token} = d."sessionToken"
                )
                LIMIT $2
            )"#
        ))
    })
}
