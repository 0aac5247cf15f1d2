//! Queries about what is to be deleted.

use super::{Dialect, Pages, Statement, quoted};
use crate::layout::Layout;

/// Queries about what is to be deleted.
#[derive(Debug)]
pub(crate) struct Deletions {
    /// `$1` …: code, provider, user, since when, when it was finished, until when they may change their mind. Of a user who
    /// is not there nothing is said.
    pub(crate) insert: Statement,
    /// `$1`: the code.
    pub(crate) deletion: Statement,
    /// The open ones. `$1`: how many; and behind which: `$2`, `$3`: its moment and its code.
    pub(crate) deletions: Pages,
    /// `$1`: the user. The open one that they made themselves.
    pub(crate) own: Statement,
    /// `$1`: the user, `$2`: when they changed their mind.
    pub(crate) withdraw: Statement,
    /// `$1`: the code, `$2`: when it was finished.
    pub(crate) finish: Statement,
    /// `$1`: the code. There is nothing left to delete.
    pub(crate) close: Statement,
}

impl Deletions {
    pub(super) fn of(layout: &Layout, dialect: Dialect) -> Self {
        let users = quoted(&layout.users.table);
        let is_user = |column: &str, value: &str| dialect.is_user(layout.ids, column, value);
        let user = format!(r#"(SELECT "id" FROM {users} WHERE {})"#, is_user(r#""id""#, "$3"));
        let own = format!(r#"{} AND "dueAt" IS NOT NULL"#, is_user(r#""userId""#, "$1"));
        let select = |which: &str| {
            format!(
                r#"
                SELECT "code", "provider", "userId", "requestedAt", "finishedAt", "dueAt", "withdrawnAt"
                FROM "auth_deletions"
                WHERE {which}"#
            )
        };
        Self {
            insert: dialect.insert_unless_there(
                &format!(
                    r#""auth_deletions" ("code", "provider", "userId", "requestedAt", "finishedAt", "dueAt")
                    VALUES ($1, $2, {user}, $4, $5, $6)"#
                ),
                r#""code""#,
            ),
            deletion: dialect.sql(select(r#""code" = $1"#)),
            deletions: Pages::of(dialect, |behind| {
                let after = r#" AND ("requestedAt" > $2 OR ("requestedAt" = $2 AND "code" > $3))"#;
                let after = if behind { after } else { "" };
                select(&format!(
                    r#""userId" IS NOT NULL{after} ORDER BY "requestedAt", "code" LIMIT $1"#
                ))
            }),
            own: dialect.sql(select(&own)),
            withdraw: dialect.sql(format!(
                r#"UPDATE "auth_deletions" SET "userId" = NULL, "withdrawnAt" = $2 WHERE {own}"#
            )),
            finish: dialect.sql(
                r#"
                UPDATE "auth_deletions" SET "finishedAt" = $2 WHERE "code" = $1 AND "userId" IS NOT NULL"#,
            ),
            close: dialect.sql(r#"UPDATE "auth_deletions" SET "userId" = NULL WHERE "code" = $1"#),
        }
    }
}
