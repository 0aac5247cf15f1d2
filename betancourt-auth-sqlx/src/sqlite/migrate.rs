//! Makes the tables or adopts those of Auth.js, all at once; then hashes the session tokens it finds in clear.

use betancourt_auth::StoredToken;
use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType};
use sqlx::{SqlSafeStr, SqliteConnection, SqlitePool, query, query_as};

use super::fit;
use super::moment::{Moment, milliseconds};
use crate::error::{OpenError, not_migrated};
use crate::sql;

/// The application's own migrations keep their own table.
const HISTORY: &str = "_betancourt_auth_migrations";

/// How many tokens are hashed before others may write again.
const BATCH: u32 = 500;

/// In one transaction, so that of several processes that start at once one migrates and the others find it done.
pub(super) async fn migrate(pool: &SqlitePool) -> Result<(), OpenError> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await.map_err(not_migrated)?;
    fit::check(&mut transaction).await?;
    apply(&mut transaction).await.map_err(not_migrated)?;
    transaction.commit().await.map_err(not_migrated)?;
    while hash_batch(pool).await.map_err(not_migrated)? > 0 {}
    Ok(())
}

/// Every migration, oldest first. One that was released is never changed.
fn migrations() -> [Migration; 3] {
    let auth = include_str!("../../migrations/sqlite/0001_auth.sql");
    let sealed_sessions = include_str!("../../migrations/sqlite/0002_sealed_sessions.sql");
    let account_pages = include_str!("../../migrations/sqlite/0003_account_pages.sql");
    let migration = |version, name: &'static str, text: &'static str| {
        Migration::new(version, name.into(), MigrationType::Simple, text.into_sql_str(), false)
    };
    [
        migration(1, "auth", auth),
        migration(2, "sealed sessions", sealed_sessions),
        migration(3, "account pages", account_pages),
    ]
}

/// Applies the migrations that the history does not know.
async fn apply(connection: &mut SqliteConnection) -> Result<(), MigrateError> {
    connection.ensure_migrations_table(HISTORY).await?;
    let applied = connection.list_applied_migrations(HISTORY).await?;
    for migration in migrations() {
        if !applied.iter().any(|applied| applied.version == migration.version) {
            connection.apply(HISTORY, &migration).await?;
        }
    }
    Ok(())
}

/// Replaces some plain session tokens by their hashes and says how many. The moments beside them become milliseconds,
/// so that they can be compared.
async fn hash_batch(pool: &SqlitePool) -> sqlx::Result<usize> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let plain = query_as::<_, (String, String, Moment)>(sql::PLAIN_SESSIONS).bind(BATCH);
    let plain = plain.fetch_all(&mut *transaction).await?;
    for (id, token, Moment(expires)) in &plain {
        let hashed = StoredToken::hashed(token);
        let statement =
            query(sql::HASH_SESSION).bind(id).bind(hashed.as_str()).bind(milliseconds(*expires));
        statement.execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(plain.len())
}
