//! Queries about what is to be deleted.

use super::{Dialect, Statement, quoted};
use crate::layout::Layout;

/// Queries about what is to be deleted.
#[derive(Debug)]
pub(crate) struct Deletions {
    /// `$1` …: code, provider, user, since when, when it was finished. Of a user who is not there nothing is said.
    pub(crate) insert: Statement,
    /// `$1`: the code.
    pub(crate) deletion: Statement,
    /// The open ones.
    pub(crate) deletions: Statement,
    /// `$1`: the code, `$2`: when it was finished.
    pub(crate) finish: Statement,
    /// `$1`: the code. There is nothing left to delete.
    pub(crate) close: Statement,
}

impl Deletions {
    pub(super) fn of(layout: &Layout, dialect: Dialect) -> Self {
        let users = quoted(&layout.users.table);
        let user = format!(r#"(SELECT "id" FROM {users} WHERE {})"#, dialect.is(r#""id""#, "$3"));
        let select = |which: &str| {
            dialect.sql(format!(
                r#"
                SELECT "code", "provider", "userId", "requestedAt", "finishedAt" FROM "auth_deletions"
                WHERE {which}"#
            ))
        };
        Self {
            insert: dialect.insert_unless_there(
                &format!(
                    r#""auth_deletions" ("code", "provider", "userId", "requestedAt", "finishedAt")
                    VALUES ($1, $2, {user}, $4, $5)"#
                ),
                r#""code""#,
            ),
            deletion: select(r#""code" = $1"#),
            deletions: select(r#""userId" IS NOT NULL ORDER BY "requestedAt", "code""#),
            finish: dialect.sql(
                r#"
                UPDATE "auth_deletions" SET "finishedAt" = $2 WHERE "code" = $1 AND "userId" IS NOT NULL"#,
            ),
            close: dialect.sql(r#"UPDATE "auth_deletions" SET "userId" = NULL WHERE "code" = $1"#),
        }
    }
}
