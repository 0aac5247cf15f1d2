//! Makes the tables or adopts those of Auth.js. MySQL takes no definition back, so the scripts are run statement by
//! statement under a lock, each of which can be run again.

use sqlx::migrate::Migrate;
use sqlx::mysql::MySqlDatabaseError;
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, MySql, MySqlConnection, MySqlPool, query, query_scalar, raw_sql};

use super::fit;
use crate::error::{OpenError, not_migrated};
use crate::layout::{Ids, Layout};
use crate::migrations::{AUTH_JS, HISTORY, Script, resolved};
use crate::sql::in_mysql;

const SCRIPTS: [Script; 4] = [
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
];

/// How many seconds one that starts waits for another one that migrates.
const PATIENCE: i64 = 60;

/// `ER_DUP_FIELDNAME` and `ER_DUP_KEYNAME`.
const THERE_ALREADY: [u16; 2] = [1060, 1061];

/// Another process has been migrating for too long.
#[derive(Debug, thiserror::Error)]
#[error("another process has been migrating this database for {PATIENCE} seconds")]
struct Occupied;

/// Under a lock, so that of several processes that start at once one migrates and the others find it done.
pub(super) async fn migrate(pool: &MySqlPool, layout: &Layout) -> Result<(), OpenError> {
    if layout.ids == Ids::Serial {
        return Err(OpenError::SerialIds);
    }
    let mut connection = pool.acquire().await.map_err(not_migrated)?;
    let migrated = alone(&mut connection, layout).await;
    // The lock goes with the connection, whatever happened.
    connection.close().await.map_err(not_migrated)?;
    migrated
}

async fn alone(connection: &mut PoolConnection<MySql>, layout: &Layout) -> Result<(), OpenError> {
    let lock = "SELECT GET_LOCK(CONCAT('betancourt-auth ', MD5(DATABASE())), ?)";
    let lock = query_scalar(lock).bind(PATIENCE);
    let locked: Option<i64> = lock.fetch_one(&mut **connection).await.map_err(not_migrated)?;
    if locked != Some(1) {
        return Err(not_migrated(Occupied));
    }
    fit::check(connection, layout).await?;
    connection.ensure_migrations_table(HISTORY).await.map_err(not_migrated)?;
    for script in &SCRIPTS {
        if script.version != AUTH_JS || layout.is_ours() {
            apply(connection, layout, script).await.map_err(not_migrated)?;
        }
    }
    Ok(())
}

/// Runs a script to its end, unless that has been done.
async fn apply(
    connection: &mut MySqlConnection,
    layout: &Layout,
    script: &Script,
) -> sqlx::Result<()> {
    let done = AssertSqlSafe(format!("SELECT success FROM {HISTORY} WHERE version = ?"));
    let done = query_scalar(done).bind(script.version).fetch_optional(&mut *connection).await?;
    if done == Some(true) {
        return Ok(());
    }
    let (text, _) = in_mysql(&resolved(script.text, layout));
    let text = text.replace("{collation}", &collation(connection).await?);
    let text = with_types(connection, layout, text).await?;
    for statement in text.split(";\n").filter(|statement| !statement.trim().is_empty()) {
        let statement = raw_sql(AssertSqlSafe(statement.to_owned()));
        let done = statement.execute(&mut *connection).await;
        if let Err(error) = done
            && !is_there_already(&error)
        {
            return Err(error);
        }
    }
    let done = AssertSqlSafe(format!(
        "INSERT INTO {HISTORY} (version, description, success, checksum, execution_time)
        VALUES (?, ?, TRUE, '', 0) ON DUPLICATE KEY UPDATE success = TRUE"
    ));
    query(done).bind(script.version).bind(script.name).execute(connection).await?;
    Ok(())
}

/// Whether a column or an index was there before: the script was broken off behind it.
fn is_there_already(error: &sqlx::Error) -> bool {
    let answer = error.as_database_error().and_then(|answer| answer.try_downcast_ref());
    answer.is_some_and(|answer: &MySqlDatabaseError| THERE_ALREADY.contains(&answer.number()))
}

/// What MySQL and MariaDB call the collation that tells all texts apart, also those that end in spaces.
async fn collation(connection: &mut MySqlConnection) -> sqlx::Result<String> {
    let question = "
        SELECT CAST(MIN(collation_name) AS CHAR) FROM information_schema.collations
        WHERE collation_name IN ('utf8mb4_0900_bin', 'utf8mb4_nopad_bin')";
    query_scalar(question).fetch_one(connection).await
}

/// The text of a script with the types of the columns that it refers to.
async fn with_types(
    connection: &mut MySqlConnection,
    layout: &Layout,
    mut text: String,
) -> sqlx::Result<String> {
    let Layout { users, accounts, sessions, .. } = layout;
    for (name, table, column) in [
        ("{like the user}", &users.table, "id"),
        ("{like the session token}", &sessions.table, &*sessions.session_token),
        ("{like the provider}", &accounts.table, "provider"),
        ("{like the subject}", &accounts.table, &*accounts.provider_account_id),
    ] {
        if text.contains(name) {
            text = text.replace(name, &fit::like(connection, table, column).await?);
        }
    }
    Ok(text)
}
