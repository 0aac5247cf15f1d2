//! The scripts that make tables, with the names of a layout in them.

use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType};
use sqlx::{AssertSqlSafe, SqlSafeStr};

use crate::layout::{Ids, Keys, Layout};
use crate::sql::quoted;

/// The application's own migrations keep their own table.
pub(crate) const HISTORY: &str = "_betancourt_auth_migrations";

/// A script. One that was released is never changed.
#[derive(Clone, Copy)]
pub(crate) struct Script {
    pub(crate) version: i64,
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
}

/// The version of the script that makes the tables of Auth.js where there are none.
pub(crate) const AUTH_JS: i64 = 0;

/// Applies the scripts that the history does not know, oldest first.
pub(crate) async fn apply(
    connection: &mut impl Migrate,
    layout: &Layout,
    scripts: &[Script],
) -> Result<(), MigrateError> {
    connection.ensure_migrations_table(HISTORY).await?;
    let applied = connection.list_applied_migrations(HISTORY).await?;
    for script in scripts {
        let is_applied = applied.iter().any(|applied| applied.version == script.version);
        let is_ours = script.version != AUTH_JS || layout.is_ours();
        if is_ours && !is_applied {
            connection.apply(HISTORY, &migration(script, layout)).await?;
        }
    }
    Ok(())
}

fn migration(script: &Script, layout: &Layout) -> Migration {
    let text = AssertSqlSafe(resolved(script.text, layout)).into_sql_str();
    Migration::new(script.version, script.name.into(), MigrationType::Simple, text, false)
}

/// The text of a script in a layout. Where the other side has no unique key to refer to, nothing refers to it.
pub(crate) fn resolved(text: &str, layout: &Layout) -> String {
    let id = match layout.ids {
        Ids::Text => "TEXT",
        Ids::Serial => "INTEGER",
    };
    let [of_session, of_account] = match layout.keys {
        Keys::Unique => [of_session(layout), of_account(layout)],
        Keys::Absent => [String::new(), String::new()],
    };
    text.replace("{users}", &quoted(&layout.users.table))
        .replace("{user id}", id)
        .replace("{of a session}", &of_session)
        .replace("{of an account}", &of_account)
}

fn of_session(layout: &Layout) -> String {
    let [sessions, token] =
        [&layout.sessions.table, &layout.sessions.session_token].map(|name| quoted(name));
    format!(
        r#",
    CONSTRAINT "auth_sessions_sessionToken_fkey" FOREIGN KEY ("sessionToken") REFERENCES {sessions} ({token})
        ON DELETE CASCADE ON UPDATE CASCADE"#
    )
}

fn of_account(layout: &Layout) -> String {
    let [accounts, subject] =
        [&layout.accounts.table, &layout.accounts.provider_account_id].map(|name| quoted(name));
    format!(
        r#",
    CONSTRAINT "auth_accounts_provider_providerAccountId_fkey" FOREIGN KEY ("provider", "providerAccountId")
        REFERENCES {accounts} ("provider", {subject}) ON DELETE CASCADE ON UPDATE CASCADE"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_unique_key_is_not_referred_to() {
        let text = r#"("sessionToken"){of a session} {user id} REFERENCES {users}"#;
        assert_eq!(
            resolved(text, &Layout::pg_adapter()),
            r#"("sessionToken") INTEGER REFERENCES "users""#
        );
        let keyed = resolved(text, &Layout::prisma());
        assert!(keyed.contains(r#"REFERENCES "Session" ("sessionToken")"#), "{keyed}");
        assert!(keyed.ends_with(r#"TEXT REFERENCES "User""#), "{keyed}");
    }
}
