//! Sessions.

use std::cmp::Reverse;

use async_trait::async_trait;
use betancourt_auth::store::{
    EndedSession, KnownSession, Meant, Recent, Result, SessionOrigin, SessionStore, Standing,
    about_each,
};
use betancourt_auth::{AuditEvent, Session, StoredToken, UserId};
use time::OffsetDateTime;

use super::{SqlStore, again};
use crate::row;
use crate::sql::Sql;
use crate::value::milliseconds;

#[async_trait]
impl SessionStore for SqlStore {
    async fn session(&self, token: &StoredToken) -> Result<Option<Session>> {
        let found = self.look_up(&self.sql().sessions.session, &[token.as_str().into()]).await?;
        found.map(|mut found| row::session(&mut found)).transpose()
    }

    async fn recent_session(&self, token: &StoredToken) -> Result<Option<Recent<Session>>> {
        let values = [token.as_str().into()];
        let found = self.look_up_lately(&self.sql().sessions.session, &values).await?;
        found.map_or(Ok(None), |Recent { value: mut found, as_of }| {
            Ok(Some(Recent { value: row::session(&mut found)?, as_of }))
        })
    }

    async fn extend(&self, token: &StoredToken, expires: OffsetDateTime) -> Result<bool> {
        let values = [token.as_str().into(), self.schema().moment(expires)];
        self.write_one(&self.sql().sessions.extend, &values).await
    }

    async fn end_session(&self, token: &StoredToken, audit: &[AuditEvent]) -> Result<bool> {
        again(|| async {
            let mut intention = self.begin(&[]).await?;
            if intention.end_session(token).await? == 0 {
                return Ok(false);
            }
            intention.commit(audit).await?;
            Ok(true)
        })
        .await
    }

    async fn end_sessions(
        &self,
        user: &UserId,
        now: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        again(|| async {
            let mut intention = self.begin(&[]).await?;
            let ended = intention.end_sessions(user, now).await?;
            intention.commit(audit).await?;
            Ok(ended)
        })
        .await
    }

    async fn sessions(&self, user: &UserId, now: OffsetDateTime) -> Result<Vec<KnownSession>> {
        let id = self.schema().id(user);
        let stored = [id, self.schema().moment(now)];
        let sealed = [id, milliseconds(now).into()];
        let mut sessions = Vec::new();
        for mut found in self.read(&self.sql().sessions.sessions, &stored).await? {
            sessions.push(row::known_session(&mut found, false)?);
        }
        for mut found in self.read(&self.sql().sealed.sessions, &sealed).await? {
            sessions.push(row::known_session(&mut found, true)?);
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
        let Sql { sessions, sealed, .. } = self.sql();
        let all_but = [self.schema().id(user), kept.as_str().into()];
        let [user, kept] = all_but;
        let remembered = [user, kept, milliseconds(remember_until).into()];
        again(|| async {
            let mut intention = self.begin(&[]).await?;
            intention.write(&sealed.end_others, &remembered).await?;
            let forgotten = intention.write(&sealed.forget_others, &all_but).await?;
            let ended = intention.write(&sessions.end_others, &all_but).await?;
            intention.commit(audit).await?;
            Ok(forgotten + ended)
        })
        .await
    }

    async fn touch(&self, token: &StoredToken, now: OffsetDateTime) -> Result<bool> {
        let values = [token.as_str().into(), milliseconds(now).into()];
        self.write_one(&self.sql().sessions.touch, &values).await
    }

    async fn touch_sealed(
        &self,
        token: &StoredToken,
        now: OffsetDateTime,
        expires: OffsetDateTime,
    ) -> Result<bool> {
        let values =
            [token.as_str().into(), milliseconds(now).into(), milliseconds(expires).into()];
        self.write_one(&self.sql().sealed.touch, &values).await
    }

    async fn standing(&self, user: &UserId, session: &StoredToken) -> Result<Option<Standing>> {
        let values = [self.schema().id(user), session.as_str().into()];
        let found = self.look_up(&self.sql().sealed.standing, &values).await?;
        found.map(|mut found| row::standing(&mut found)).transpose()
    }

    async fn recent_standing(
        &self,
        user: &UserId,
        session: &StoredToken,
    ) -> Result<Option<Recent<Standing>>> {
        let values = [self.schema().id(user), session.as_str().into()];
        let found = self.look_up_lately(&self.sql().sealed.standing, &values).await?;
        found.map_or(Ok(None), |Recent { value: mut found, as_of }| {
            Ok(Some(Recent { value: row::standing(&mut found)?, as_of }))
        })
    }

    async fn end_sealed(
        &self,
        session: &StoredToken,
        expires: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        again(|| async {
            let mut intention = self.begin(&[]).await?;
            if intention.end_sealed(session, expires).await? == 0 {
                return Ok(false);
            }
            intention.commit(audit).await?;
            Ok(true)
        })
        .await
    }

    async fn origin(&self, session: &StoredToken) -> Result<Option<SessionOrigin>> {
        let token = [session.as_str().into()];
        for statement in [&self.sql().sessions.origin, &self.sql().sealed.origin] {
            if let Some(mut found) = self.read_one(statement, &token).await? {
                return row::origin(&mut found);
            }
        }
        Ok(None)
    }

    async fn end_sessions_from(
        &self,
        meant: &Meant,
        remember_until: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<Vec<EndedSession>> {
        again(|| async {
            let mut intention = self.begin(&[]).await?;
            let ended = intention.end_sessions_from(meant, remember_until).await?;
            intention.commit(&about_each(&ended, audit)).await?;
            Ok(ended)
        })
        .await
    }
}
