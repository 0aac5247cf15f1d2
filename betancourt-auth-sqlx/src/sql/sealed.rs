//! Queries about sessions that are sealed in cookies.

use super::{Dialect, Meaning, Statement, people, quoted};
use crate::layout::Layout;
use betancourt_auth::store::MOST_LISTED;

/// Queries about sessions that are sealed in cookies.
#[derive(Debug)]
pub(crate) struct Sealed {
    /// `$1`: the user, `$2`: the session.
    pub(crate) standing: Statement,
    /// `$1`: the user, `$2`: the moment at which they live.
    pub(crate) sessions: Statement,
    /// `$1` …: session, user, end, beginning, authentication, method, device, subject and session at the provider.
    pub(crate) insert: Statement,
    /// `$1` …: session, when it was used, end.
    pub(crate) touch: Statement,
    /// `$1`: the session, `$2`: until when it is remembered.
    pub(crate) end: Statement,
    /// `$1`: the user, `$2`: the session that stays, `$3`: until when the others are remembered.
    pub(crate) end_others: Statement,
    /// `$1`: the user, `$2`: until when their sessions end. Made for a user who is there, and never moved back.
    pub(crate) cut: Statement,
    /// `$1`: the session.
    pub(crate) forget: Statement,
    /// `$1`: the user.
    pub(crate) forget_all: Statement,
    /// `$1`: the user, `$2`: the session that stays.
    pub(crate) forget_others: Statement,
    /// `$1`: the session.
    pub(crate) origin: Statement,
    /// What began with a person at a provider, and in a session there. `$1`: the one or the other.
    pub(crate) from: Meaning,
}

impl Sealed {
    pub(super) fn of(layout: &Layout, dialect: Dialect) -> Self {
        let users = quoted(&layout.users.table);
        let forget =
            |which: &str| dialect.sql(format!(r#"DELETE FROM "auth_sealed" WHERE {which}"#));
        let theirs = dialect.is_user(layout.ids, r#""userId""#, "$1");
        let of_user = dialect.is_user(layout.ids, r#""id""#, "$1");
        Self {
            standing: standing(layout, dialect),
            sessions: dialect.sql(format!(
                r#"
                SELECT "session", "expires", "createdAt", "authenticatedAt", "method", "device", "seenAt"
                FROM "auth_sealed"
                WHERE {theirs} AND "expires" > $2
                ORDER BY "expires" DESC
                LIMIT {MOST_LISTED}"#
            )),
            insert: dialect.sql(format!(
                r#"
                INSERT INTO "auth_sealed"
                    ("session", "userId", "expires", "createdAt", "authenticatedAt", "method", "device",
                    "subject", "providerSession")
                SELECT $1, "id", $3, $4, $5, $6, $7, $8, $9 FROM {users} WHERE {} AND {}"#,
                dialect.is_user(layout.ids, r#""id""#, "$2"),
                people::is_admitted(layout, dialect, "$2")
            )),
            touch: dialect.sql(
                r#"UPDATE "auth_sealed" SET "seenAt" = $2, "expires" = $3 WHERE "session" = $1"#,
            ),
            end: dialect.insert_unless_there(
                r#""auth_ended" ("session", "expires") VALUES ($1, $2)"#,
                r#""session""#,
            ),
            end_others: dialect.insert_unless_there(
                &format!(
                    r#""auth_ended" ("session", "expires")
                    SELECT "session", $3 FROM "auth_sealed" WHERE {theirs} AND "session" <> $2"#
                ),
                r#""session""#,
            ),
            cut: dialect.insert_or_update(
                &format!(
                    r#""auth_users" ("userId", "notBefore") SELECT "id", $2 FROM {users} WHERE {of_user}"#
                ),
                r#""userId""#,
                r#""notBefore" = CASE WHEN "auth_users"."notBefore" < $2 THEN $2 ELSE "auth_users"."notBefore" END"#,
            ),
            forget: forget(r#""session" = $1"#),
            forget_all: forget(&theirs),
            forget_others: forget(&format!(r#"{theirs} AND "session" <> $2"#)),
            origin: dialect.sql(
                r#"SELECT "subject", "providerSession" FROM "auth_sealed" WHERE "session" = $1"#,
            ),
            from: Meaning::of(dialect, |column| {
                format!(
                    r#"
                    SELECT "session", "userId", "subject", "providerSession"
                    FROM "auth_sealed"
                    WHERE {column} = $1"#
                )
            }),
        }
    }
}

/// Somebody who is suspended has no session, whoever sealed it.
fn standing(layout: &Layout, dialect: Dialect) -> Statement {
    let (user, users) = (people::columns(layout), quoted(&layout.users.table));
    dialect.sql(format!(
        r#"
        SELECT {user}, c."notBefore",
            (SELECT COUNT(*) FROM "auth_ended" WHERE "session" = $2)
                + (SELECT COUNT(*) FROM "auth_suspensions" x WHERE x."userId" = u."id")
        FROM {users} u
        LEFT JOIN "auth_users" c ON c."userId" = u."id"
        WHERE {}"#,
        dialect.is_user(layout.ids, r#"u."id""#, "$1")
    ))
}
