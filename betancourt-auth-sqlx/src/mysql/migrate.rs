//! Makes the tables or adopts those of Auth.js. MySQL takes no definition back, so the scripts are run statement by
//! statement under a lock, each of which can be run again.

use sqlx::migrate::{AppliedMigration, Migrate};
use sqlx::mysql::MySqlDatabaseError;
use sqlx::pool::PoolConnection;
use sqlx::{
    AssertSqlSafe, MySql, MySqlConnection, MySqlPool, query, query_as, query_scalar, raw_sql,
};

use super::fit;
use crate::error::{OpenError, not_migrated};
use crate::layout::Layout;
use crate::migrations::{
    self, AUTH_JS, HISTORY, Migration, MigrationState, Script, Scripts, prepared,
};
use crate::sql::in_mysql;

const FORTH: &[Script] = &[
    Script {
        version: AUTH_JS,
        name: "auth js",
        text: include_str!("../../migrations/mysql/0000_auth_js.sql"),
    },
    Script { version: 1, name: "auth", text: include_str!("../../migrations/mysql/0001_auth.sql") },
    Script {
        version: 2,
        name: "session origins",
        text: include_str!("../../migrations/mysql/0002_session_origins.sql"),
    },
    Script {
        version: 3,
        name: "deletions",
        text: include_str!("../../migrations/mysql/0003_deletions.sql"),
    },
    Script {
        version: 4,
        name: "actors",
        text: include_str!("../../migrations/mysql/0004_actors.sql"),
    },
    Script {
        version: 5,
        name: "history",
        text: include_str!("../../migrations/mysql/0005_history.sql"),
    },
    Script {
        version: 6,
        name: "suspensions",
        text: include_str!("../../migrations/mysql/0006_suspensions.sql"),
    },
];

/// What takes each of them back.
const BACK: &[(i64, &str)] = &[
    (1, include_str!("../../migrations/mysql/reverse/0001_auth.sql")),
    (2, include_str!("../../migrations/mysql/reverse/0002_session_origins.sql")),
    (3, include_str!("../../migrations/mysql/reverse/0003_deletions.sql")),
    (4, include_str!("../../migrations/mysql/reverse/0004_actors.sql")),
    (5, include_str!("../../migrations/mysql/reverse/0005_history.sql")),
    (6, include_str!("../../migrations/mysql/reverse/0006_suspensions.sql")),
];

const SCRIPTS: Scripts = Scripts { forth: FORTH, back: BACK };

/// How many seconds one that starts waits for another one that migrates.
const PATIENCE: i64 = 60;

/// What MySQL says of a column or an index that is there already, or no more: `ER_DUP_FIELDNAME`, `ER_DUP_KEYNAME` and
/// `ER_CANT_DROP_FIELD_OR_KEY`.
const DONE_BEFORE: [u16; 3] = [1060, 1061, 1091];

/// Another process has been migrating for too long.
#[derive(Debug, thiserror::Error)]
#[error("another process has been migrating this database for {PATIENCE} seconds")]
struct Occupied;

/// Under a lock, so that of several processes that start at once one migrates and the others find it done.
pub(super) async fn migrate(pool: &MySqlPool, layout: &Layout) -> Result<(), OpenError> {
    let mut connection = alone(pool).await?;
    let migrated = bring_up(&mut connection, layout).await;
    end(connection, migrated).await
}

/// Every script, and what became of it, with the types and the collation that this database has.
pub(super) async fn status(pool: &MySqlPool, layout: &Layout) -> Result<Vec<Migration>, OpenError> {
    let mut connection = pool.acquire().await.map_err(not_migrated)?;
    let mut migrations = history(&mut connection, layout).await.map_err(not_migrated)?;
    for script in &mut migrations {
        let text = std::mem::take(&mut script.up);
        script.up = as_it_is_run(&mut connection, layout, text).await.map_err(not_migrated)?;
    }
    Ok(migrations)
}

/// Takes the scripts back that are newer than a version, and with the first of ours the history.
pub(super) async fn revert(
    pool: &MySqlPool,
    layout: &Layout,
    version: i64,
) -> Result<(), OpenError> {
    let mut connection = alone(pool).await?;
    let reverted = take_back(&mut connection, layout, version).await;
    end(connection, reverted).await
}

/// A connection that migrates while no other one does.
async fn alone(pool: &MySqlPool) -> Result<PoolConnection<MySql>, OpenError> {
    let mut connection = pool.acquire().await.map_err(not_migrated)?;
    let lock = "SELECT GET_LOCK(CONCAT('betancourt-auth ', MD5(DATABASE())), ?)";
    let lock = query_scalar(lock).bind(PATIENCE);
    let locked: Option<i64> = lock.fetch_one(&mut *connection).await.map_err(not_migrated)?;
    if locked == Some(1) { Ok(connection) } else { Err(not_migrated(Occupied)) }
}

/// The lock goes with the connection, whatever happened.
async fn end<T>(
    connection: PoolConnection<MySql>,
    outcome: Result<T, OpenError>,
) -> Result<T, OpenError> {
    connection.close().await.map_err(not_migrated)?;
    outcome
}

async fn bring_up(connection: &mut MySqlConnection, layout: &Layout) -> Result<(), OpenError> {
    fit::check(connection, layout).await?;
    connection.ensure_migrations_table(HISTORY).await.map_err(not_migrated)?;
    let migrations = history(connection, layout).await.map_err(not_migrated)?;
    migrations::unchanged(&migrations)?;
    for script in migrations.into_iter().filter(|script| script.state == MigrationState::Pending) {
        apply(connection, layout, script).await.map_err(not_migrated)?;
    }
    Ok(())
}

async fn take_back(
    connection: &mut MySqlConnection,
    layout: &Layout,
    version: i64,
) -> Result<(), OpenError> {
    let migrations = history(connection, layout).await.map_err(not_migrated)?;
    migrations::unchanged(&migrations)?;
    for (script, down) in migrations::to_take_back(migrations, version) {
        run(connection, &down).await.map_err(not_migrated)?;
        let forget = AssertSqlSafe(format!("DELETE FROM {HISTORY} WHERE version = ?"));
        let forget = query(forget).bind(script.version).execute(&mut *connection).await;
        forget.map_err(not_migrated)?;
    }
    if version <= AUTH_JS {
        let history = format!("DROP TABLE IF EXISTS {HISTORY}");
        run(connection, &history).await.map_err(not_migrated)?;
    }
    Ok(())
}

/// The scripts of a layout, by the history, if there is one. Their checksums are those of the texts before types and
/// collation are in them.
async fn history(
    connection: &mut MySqlConnection,
    layout: &Layout,
) -> sqlx::Result<Vec<Migration>> {
    let known = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?";
    let known: i64 = query_scalar(known).bind(HISTORY).fetch_one(&mut *connection).await?;
    if known == 0 {
        return Ok(SCRIPTS.of(layout, &[]));
    }
    let applied = AssertSqlSafe(format!("SELECT version, checksum FROM {HISTORY} WHERE success"));
    let applied: Vec<(i64, Vec<u8>)> = query_as(applied).fetch_all(connection).await?;
    let applied: Vec<_> = applied
        .into_iter()
        .map(|(version, checksum)| AppliedMigration { version, checksum: checksum.into() })
        .collect();
    Ok(SCRIPTS.of(layout, &applied))
}

/// Runs a script to its end, and writes that down.
async fn apply(
    connection: &mut MySqlConnection,
    layout: &Layout,
    script: Migration,
) -> sqlx::Result<()> {
    let script = prepared(script.version, script.name, script.up);
    let text = as_it_is_run(connection, layout, script.sql.as_str().to_owned()).await?;
    run(connection, &text).await?;
    let done = AssertSqlSafe(format!(
        "INSERT INTO {HISTORY} (version, description, success, checksum, execution_time) VALUES (?, ?, TRUE, ?, 0)"
    ));
    let done = query(done).bind(script.version).bind(&*script.description);
    done.bind(&*script.checksum).execute(connection).await?;
    Ok(())
}

/// Runs a text statement by statement, and passes over what was done before it was broken off.
async fn run(connection: &mut MySqlConnection, text: &str) -> sqlx::Result<()> {
    for statement in text.split(";\n").filter(|statement| !statement.trim().is_empty()) {
        let statement = raw_sql(AssertSqlSafe(statement.to_owned()));
        let done = statement.execute(&mut *connection).await;
        if let Err(error) = done
            && !was_done_before(&error)
        {
            return Err(error);
        }
    }
    Ok(())
}

/// Whether a statement found its work done: the script was broken off behind it.
fn was_done_before(error: &sqlx::Error) -> bool {
    let answer = error.as_database_error().and_then(|answer| answer.try_downcast_ref());
    answer.is_some_and(|answer: &MySqlDatabaseError| DONE_BEFORE.contains(&answer.number()))
}

/// What MySQL and MariaDB call the collation that tells all texts apart, also those that end in spaces.
async fn collation(connection: &mut MySqlConnection) -> sqlx::Result<String> {
    let question = "
        SELECT CAST(MIN(collation_name) AS CHAR) FROM information_schema.collations
        WHERE collation_name IN ('utf8mb4_0900_bin', 'utf8mb4_nopad_bin')";
    query_scalar(question).fetch_one(connection).await
}

/// The text of a script in the form of MySQL, with the types of the columns that it refers to.
async fn as_it_is_run(
    connection: &mut MySqlConnection,
    layout: &Layout,
    text: String,
) -> sqlx::Result<String> {
    let (text, _) = in_mysql(&text);
    let collation = collation(connection).await?;
    let mut text = text.replace("{collation}", &collation);
    let Layout { users, accounts, sessions, .. } = layout;
    for (name, table, column) in [
        ("{like the user}", &users.table, "id"),
        ("{like the session token}", &sessions.table, &*sessions.session_token),
        ("{like the provider}", &accounts.table, "provider"),
        ("{like the subject}", &accounts.table, &*accounts.provider_account_id),
    ] {
        if text.contains(name) {
            let there = fit::like(connection, table, column).await?;
            let ours = || format!("VARCHAR(191) CHARACTER SET utf8mb4 COLLATE {collation}");
            text = text.replace(name, &there.unwrap_or_else(ours));
        }
    }
    Ok(text)
}
