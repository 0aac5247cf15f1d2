//! What counts once, what is counted, and what is over.

use async_trait::async_trait;
use betancourt_auth::VerificationToken;
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
        self.write_one(query(sql::SPEND).bind(handshake).bind(milliseconds(expires))).await
    }

    async fn count(&self, key: &str, now: OffsetDateTime, expires: OffsetDateTime) -> Result<u32> {
        let _turn = self.turn().await?;
        let statement =
            query_scalar(sql::COUNT).bind(key).bind(milliseconds(now)).bind(milliseconds(expires));
        let count: i64 = statement.fetch_one(&self.pool).await.map_err(failed)?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    async fn keep_tokens(&self, identifier: &str, tokens: &[VerificationToken]) -> Result<()> {
        let mut intention = self.begin().await?;
        intention.write(query(sql::DROP_TOKENS).bind(identifier)).await?;
        for token in tokens {
            let statement = query(sql::INSERT_TOKEN).bind(identifier).bind(&token.token);
            intention.write(statement.bind(milliseconds(token.expires))).await?;
        }
        intention.commit(&[]).await
    }

    async fn take_token(
        &self,
        identifier: &str,
        hashes: &[&str],
    ) -> Result<Option<VerificationToken>> {
        let mut intention = self.begin().await?;
        let kept = intention.tokens(identifier).await?;
        let taken = kept.into_iter().find(|kept| hashes.contains(&kept.token.as_str()));
        if taken.is_some() {
            intention.write(query(sql::DROP_TOKENS).bind(identifier)).await?;
            intention.commit(&[]).await?;
        }
        Ok(taken)
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
