//! The scripts that make tables, with the names of a layout in them.

use sqlx::migrate::{AppliedMigration, Migrate, MigrationType};
use sqlx::{AssertSqlSafe, SqlSafeStr};

use crate::error::{OpenError, not_migrated};
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

/// The scripts of a database, oldest first, and by their versions what takes each of them back.
pub(crate) struct Scripts {
    pub(crate) forth: &'static [Script],
    pub(crate) back: &'static [(i64, &'static str)],
}

/// The version of the script that makes the tables of Auth.js where there are none. It has no way back: people are never
/// removed.
pub(crate) const AUTH_JS: i64 = 0;

/// A script that this version has for a database and a layout, and what became of it there.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use betancourt_auth_sqlx::{MigrationState, SqlStore};
///
/// let store = SqlStore::open("sqlite::memory:").await?;
/// let scripts = store.migrations().await?;
/// assert!(scripts.iter().all(|script| script.state == MigrationState::Pending));
/// let sql: String = scripts.into_iter().map(|script| script.up).collect(); // for a migration tool of one's own
/// assert!(sql.contains(r#"CREATE TABLE "auth_sessions""#));
/// # Ok::<(), betancourt_auth_sqlx::OpenError>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Migration {
    /// The number by which scripts are ordered.
    pub version: i64,
    /// What it is about.
    pub name: &'static str,
    /// What became of it.
    pub state: MigrationState,
    /// Its statements.
    pub up: String,
    /// The statements that take it back. `None` for the one that makes the tables of Auth.js.
    pub down: Option<String>,
}

/// What became of a script in a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MigrationState {
    /// It has not been run.
    Pending,
    /// It was run.
    Applied,
    /// A script of that number was run whose text was another one: in another layout, or by another version.
    Changed,
}

impl Scripts {
    /// Every script of a layout, with what became of it by the history of a database.
    pub(crate) fn of(&self, layout: &Layout, applied: &[AppliedMigration]) -> Vec<Migration> {
        let ours = self.forth.iter().filter(|script| script.version != AUTH_JS || layout.is_ours());
        let migrations = ours.map(|script| {
            let up = prepared(script.version, script.name, resolved(script.text, layout));
            let known = applied.iter().find(|known| known.version == script.version);
            let back = self.back.iter().find(|(version, _)| *version == script.version);
            Migration {
                version: script.version,
                name: script.name,
                state: match known {
                    None => MigrationState::Pending,
                    Some(known) if known.checksum == up.checksum => MigrationState::Applied,
                    Some(_) => MigrationState::Changed,
                },
                up: up.sql.as_str().to_owned(),
                down: back.map(|(_, text)| resolved(text, layout)),
            }
        });
        migrations.collect()
    }
}

/// The first script that was run with another text is a reason not to go on.
pub(crate) fn unchanged(migrations: &[Migration]) -> Result<(), OpenError> {
    let changed = migrations.iter().find(|script| script.state == MigrationState::Changed);
    changed.map_or(Ok(()), |Migration { version, name, .. }| {
        Err(OpenError::ChangedMigration { version: *version, name })
    })
}

/// The scripts of a layout, by the history that a connection finds. Makes the history where there is none.
pub(crate) async fn status(
    connection: &mut impl Migrate,
    layout: &Layout,
    scripts: &Scripts,
) -> Result<Vec<Migration>, OpenError> {
    connection.ensure_migrations_table(HISTORY).await.map_err(not_migrated)?;
    let applied = connection.list_applied_migrations(HISTORY).await.map_err(not_migrated)?;
    Ok(scripts.of(layout, &applied))
}

/// Applies the scripts that the history does not know, oldest first.
pub(crate) async fn apply(
    connection: &mut impl Migrate,
    layout: &Layout,
    scripts: &Scripts,
) -> Result<(), OpenError> {
    let migrations = status(connection, layout, scripts).await?;
    unchanged(&migrations)?;
    for script in migrations.into_iter().filter(|script| script.state == MigrationState::Pending) {
        let script = prepared(script.version, script.name, script.up);
        connection.apply(HISTORY, &script).await.map_err(not_migrated)?;
    }
    Ok(())
}

/// Takes the scripts back that are newer than a version, newest first.
pub(crate) async fn revert(
    connection: &mut impl Migrate,
    layout: &Layout,
    scripts: &Scripts,
    version: i64,
) -> Result<(), OpenError> {
    let migrations = status(connection, layout, scripts).await?;
    unchanged(&migrations)?;
    for (script, down) in to_take_back(migrations, version) {
        let script = prepared(script.version, script.name, down);
        connection.revert(HISTORY, &script).await.map_err(not_migrated)?;
    }
    Ok(())
}

/// The scripts that were run and are newer than a version, newest first, with what takes them back.
pub(crate) fn to_take_back(
    migrations: Vec<Migration>,
    version: i64,
) -> impl Iterator<Item = (Migration, String)> {
    let newer = move |script: &Migration| {
        script.state == MigrationState::Applied && script.version > version
    };
    migrations
        .into_iter()
        .rev()
        .filter(newer)
        .filter_map(|script| script.down.clone().map(|down| (script, down)))
}

/// A script as sqlx runs it, with the checksum of its text.
pub(crate) fn prepared(version: i64, name: &'static str, text: String) -> sqlx::migrate::Migration {
    let text = AssertSqlSafe(text).into_sql_str();
    sqlx::migrate::Migration::new(version, name.into(), MigrationType::Simple, text, false)
}

/// The text of a script in a layout. Where the other side has no unique key to refer to, nothing refers to it.
fn resolved(text: &str, layout: &Layout) -> String {
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
