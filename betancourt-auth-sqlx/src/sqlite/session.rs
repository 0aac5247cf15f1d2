//! Sessions.

use std::cmp::Reverse;

use async_trait::async_trait;
use betancourt_auth::store::{KnownSession, Result, SessionStore, Standing};
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
        let statement = query(sql::EXTEND_SESSION).bind(token.as_str()).bind(milliseconds(expires));
        self.write_one(statement).await
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
        let ended = intention.end_sessions(user, now).await?;
        intention.commit(audit).await?;
        Ok(ended)
    }

    async fn sessions(&self, user: &UserId, now: OffsetDateTime) -> Result<Vec<KnownSession>> {
        let mut sessions = Vec::new();
        for (question, is_sealed) in [(sql::SESSIONS, false), (sql::SEALED_SESSIONS, true)] {
            let question = query(question).bind(user.as_str()).bind(milliseconds(now));
            for found in question.fetch_all(&self.pool).await.map_err(failed)? {
                sessions.push(row::known_session(&found, is_sealed)?);
            }
        }
        sessions.sort_by_key(|session| Reverse(session.expires));
        Ok(sessions)
    }

    async fn end_other_sessions(
        &self,
        user: &UserId,
        kept: &StoredToken,
        remember_until: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        let mut intention = self.begin().await?;
        let all_but = |statement| query(statement).bind(user.as_str()).bind(kept.as_str());
        let remembered = all_but(sql::END_OTHER_SEALED).bind(milliseconds(remember_until));
        intention.write(remembered).await?;
        let sealed = intention.write(all_but(sql::FORGET_OTHER_SEALED)).await?;
        let stored = intention.write(all_but(sql::END_OTHER_SESSIONS)).await?;
        intention.commit(audit).await?;
        Ok(stored + sealed)
    }

    async fn touch(&self, token: &StoredToken, now: OffsetDateTime) -> Result<bool> {
        let statement = query(sql::TOUCH_SESSION).bind(token.as_str()).bind(milliseconds(now));
        self.write_one(statement).await
    }

    async fn touch_sealed(
        &self,
        token: &StoredToken,
        now: OffsetDateTime,
        expires: OffsetDateTime,
    ) -> Result<bool> {
        let statement = query(sql::TOUCH_SEALED).bind(token.as_str()).bind(milliseconds(now));
        self.write_one(statement.bind(milliseconds(expires))).await
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
