//! What counts once, what is counted, and what is over.

use async_trait::async_trait;
use betancourt_auth::store::{Result, TokenStore};
use sqlx::{query, query_scalar};
use time::OffsetDateTime;

use super::SqliteStore;
use super::moment::milliseconds;
use crate::error::failed;
use crate::sql;

#[async_trait]
impl TokenStore for SqliteStore {
    async fn spend(&self, handshake: &str, expires: OffsetDateTime) -> Result<bool> {
        let _turn = self.turn().await?;
        let statement = query(sql::SPEND).bind(handshake).bind(milliseconds(expires));
        let done = statement.execute(&self.pool).await.map_err(failed)?;
        Ok(done.rows_affected() > 0)
    }

    async fn count(&self, key: &str, now: OffsetDateTime, expires: OffsetDateTime) -> Result<u32> {
        let _turn = self.turn().await?;
        let statement =
            query_scalar(sql::COUNT).bind(key).bind(milliseconds(now)).bind(milliseconds(expires));
        let count: i64 = statement.fetch_one(&self.pool).await.map_err(failed)?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// One short transaction for each kind, so that others can write in between.
    async fn sweep(&self, now: OffsetDateTime, limit: u32) -> Result<u64> {
        let mut removed = 0;
        for statement in sql::SWEEPS {
            let _turn = self.turn().await?;
            let statement = query(statement).bind(milliseconds(now)).bind(limit);
            removed += statement.execute(&self.pool).await.map_err(failed)?.rows_affected();
        }
        Ok(removed)
    }
}
