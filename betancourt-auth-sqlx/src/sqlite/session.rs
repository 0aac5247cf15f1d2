//! Sessions.

use async_trait::async_trait;
use betancourt_auth::store::{Result, SessionStore, Standing};
use betancourt_auth::{AuditEvent, Session, StoredToken, UserId};
use sqlx::query;
use time::OffsetDateTime;

use super::moment::milliseconds;
use super::{SqliteStore, row};
use crate::error::failed;
use crate::sql;

#[async_trait]
impl SessionStore for SqliteStore {
    async fn session(&self, token: &StoredToken) -> Result<Option<Session>> {
        let found = query(sql::SESSION)
            .bind(token.as_str())
            .fetch_optional(&self.pool)
            .await
            .map_err(failed)?;
        found.as_ref().map(row::session).transpose()
    }

    async fn extend(&self, token: &StoredToken, expires: OffsetDateTime) -> Result<bool> {
        let _turn = self.turn().await?;
        let statement = query(sql::EXTEND_SESSION).bind(token.as_str()).bind(milliseconds(expires));
        let done = statement.execute(&self.pool).await.map_err(failed)?;
        Ok(done.rows_affected() > 0)
    }

    async fn end_session(&self, token: &StoredToken, audit: &[AuditEvent]) -> Result<bool> {
        let mut intention = self.begin().await?;
        if intention.end_session(token).await? == 0 {
            return Ok(false);
        }
        intention.commit(audit).await?;
        Ok(true)
    }

    async fn end_sessions(
        &self,
        user: &UserId,
        now: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        let mut intention = self.begin().await?;
        let cut = query(sql::CUT_SESSIONS).bind(user.as_str()).bind(milliseconds(now));
        intention.write(cut).await?;
        let ended = intention.write(query(sql::END_SESSIONS).bind(user.as_str())).await?;
        intention.commit(audit).await?;
        Ok(ended)
    }

    async fn standing(&self, user: &UserId, session: &StoredToken) -> Result<Option<Standing>> {
        let question = query(sql::STANDING).bind(user.as_str()).bind(session.as_str());
        let found = question.fetch_optional(&self.pool).await.map_err(failed)?;
        found.as_ref().map(row::standing).transpose()
    }

    async fn end_sealed(
        &self,
        session: &StoredToken,
        expires: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        let mut intention = self.begin().await?;
        if intention.end_sealed(session, expires).await? == 0 {
            return Ok(false);
        }
        intention.commit(audit).await?;
        Ok(true)
    }
}
