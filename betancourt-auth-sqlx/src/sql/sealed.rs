//! Queries about sessions that are sealed in cookies.

use sqlx::SqlStr;

use super::{Meaning, Sweep, people, quoted, sql};
use crate::layout::Layout;

/// Queries about sessions that are sealed in cookies.
#[derive(Debug)]
pub(crate) struct Sealed {
    /// `$1`: the user, `$2`: the session.
    pub(crate) standing: SqlStr,
    /// `$1`: the user, `$2`: the moment at which they live.
    pub(crate) sessions: SqlStr,
    /// `$1` …: session, user, end, beginning, authentication, method, device, subject and session at the provider.
    pub(crate) insert: SqlStr,
    /// `$1` …: session, when it was used, end.
    pub(crate) touch: SqlStr,
    /// `$1`: the session, `$2`: until when it is remembered.
    pub(crate) end: SqlStr,
    /// `$1`: the user, `$2`: the session that stays, `$3`: until when the others are remembered.
    pub(crate) end_others: SqlStr,
    /// `$1`: the user, `$2`: until when their sessions end. Made for a user who is there, and never moved back.
    pub(crate) cut: SqlStr,
    /// `$1`: the session.
    pub(crate) forget: SqlStr,
    /// `$1`: the user.
    pub(crate) forget_all: SqlStr,
    /// `$1`: the user, `$2`: the session that stays.
    pub(crate) forget_others: SqlStr,
    /// `$1`: the session.
    pub(crate) origin: SqlStr,
    /// What began with a person at a provider, and in a session there. `$1`: the one or the other.
    pub(crate) from: Meaning,
    pub(super) sweeps: [Sweep; 2],
}

impl Sealed {
    pub(super) fn of(layout: &Layout) -> Self {
        let users = quoted(&layout.users.table);
        let forget = |which: &str| sql(format!(r#"DELETE FROM "auth_sealed" WHERE {which}"#));
        Self {
            standing: standing(layout),
            sessions: sql(r#"
                SELECT "session", "expires", "createdAt", "authenticatedAt", "method", "device", "seenAt"
                FROM "auth_sealed"
                WHERE "userId" = $1 AND "expires" > $2
                ORDER BY "expires" DESC"#),
            insert: sql(format!(
                r#"
                INSERT INTO "auth_sealed"
                    ("session", "userId", "expires", "createdAt", "authenticatedAt", "method", "device",
                    "subject", "providerSession")
                SELECT $1, "id", $3, $4, $5, $6, $7, $8, $9 FROM {users} WHERE "id" = $2"#
            )),
            touch: sql(
                r#"UPDATE "auth_sealed" SET "seenAt" = $2, "expires" = $3 WHERE "session" = $1"#,
            ),
            end: sql(r#"
                INSERT INTO "auth_ended" ("session", "expires") VALUES ($1, $2)
                ON CONFLICT ("session") DO NOTHING"#),
            end_others: sql(r#"
                INSERT INTO "auth_ended" ("session", "expires")
                SELECT "session", $3 FROM "auth_sealed" WHERE "userId" = $1 AND "session" <> $2
                ON CONFLICT ("session") DO NOTHING"#),
            cut: sql(format!(
                r#"
                INSERT INTO "auth_users" ("userId", "notBefore") SELECT "id", $2 FROM {users} WHERE "id" = $1
                ON CONFLICT ("userId") DO UPDATE SET
                    "notBefore" = CASE WHEN "auth_users"."notBefore" < $2 THEN $2 ELSE "auth_users"."notBefore" END"#
            )),
            forget: forget(r#""session" = $1"#),
            forget_all: forget(r#""userId" = $1"#),
            forget_others: forget(r#""userId" = $1 AND "session" <> $2"#),
            origin: sql(
                r#"SELECT "subject", "providerSession" FROM "auth_sealed" WHERE "session" = $1"#,
            ),
            from: Meaning::of(|column| {
                format!(
                    r#"
                    SELECT "session", "userId", "subject", "providerSession"
                    FROM "auth_sealed"
                    WHERE {column} = $1"#
                )
            }),
            sweeps: [Sweep::ours("auth_sealed", "session"), Sweep::ours("auth_ended", "session")],
        }
    }
}

fn standing(layout: &Layout) -> SqlStr {
    let (user, users) = (people::columns(layout), quoted(&layout.users.table));
    sql(format!(
        r#"
        SELECT {user}, c."notBefore", (SELECT COUNT(*) FROM "auth_ended" WHERE "session" = $2)
        FROM {users} u
        LEFT JOIN "auth_users" c ON c."userId" = u."id"
        WHERE u."id" = $1"#
    ))
}
