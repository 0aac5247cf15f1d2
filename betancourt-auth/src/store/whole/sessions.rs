//! Sessions.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::{WholeStore, always, changed, if_done, seen};
use crate::model::{AuditEvent, Session, StoredToken, UserId};
use crate::store::{
    EndedSession, KnownSession, Meant, Result, SessionOrigin, SessionStore, Standing, about_each,
};

#[async_trait]
impl<S: WholeStore> SessionStore for S {
    async fn session(&self, token: &StoredToken) -> Result<Option<Session>> {
        seen(self, |tables| {
            let row = tables.sessions.get(token)?;
            let user = tables.users.get(&row.user_id).cloned();
            user.map(|user| Session::new(user, row.expires, Some(row.details.clone())))
        })
        .await
    }

    async fn extend(&self, token: &StoredToken, expires: OffsetDateTime) -> Result<bool> {
        changed(self, &[], if_done, |tables| {
            let row = tables.sessions.get_mut(token);
            Ok(row.map(|row| row.expires = row.expires.max(expires)).is_some())
        })
        .await
    }

    async fn end_session(&self, token: &StoredToken, audit: &[AuditEvent]) -> Result<bool> {
        changed(self, audit, if_done, |tables| Ok(tables.sessions.remove(token).is_some())).await
    }

    async fn end_sessions(
        &self,
        user: &UserId,
        now: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        changed(self, audit, always, |tables| Ok(tables.end_sessions(user, now))).await
    }

    async fn sessions(&self, user: &UserId, now: OffsetDateTime) -> Result<Vec<KnownSession>> {
        seen(self, |tables| tables.list(user, now)).await
    }

    async fn end_other_sessions(
        &self,
        user: &UserId,
        kept: &StoredToken,
        remember_until: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        changed(self, audit, always, |tables| {
            Ok(tables.end_other_sessions(user, kept, remember_until))
        })
        .await
    }

    async fn touch(&self, token: &StoredToken, now: OffsetDateTime) -> Result<bool> {
        changed(self, &[], if_done, |tables| {
            let row = tables.sessions.get_mut(token);
            Ok(row.map(|row| row.details.seen_at = Some(now)).is_some())
        })
        .await
    }

    async fn touch_sealed(
        &self,
        token: &StoredToken,
        now: OffsetDateTime,
        expires: OffsetDateTime,
    ) -> Result<bool> {
        changed(self, &[], if_done, |tables| {
            let Some(row) = tables.sealed.get_mut(token) else { return Ok(false) };
            row.details.seen_at = Some(now);
            row.expires = expires;
            Ok(true)
        })
        .await
    }

    async fn standing(&self, user: &UserId, session: &StoredToken) -> Result<Option<Standing>> {
        seen(self, |tables| {
            let found = tables.users.get(user)?.clone();
            let not_before = tables.not_before.get(user).copied();
            let ended = tables.ended.contains_key(session) || !tables.admits(user);
            Some(Standing::new(found, not_before, ended))
        })
        .await
    }

    async fn end_sealed(
        &self,
        session: &StoredToken,
        expires: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        changed(self, audit, if_done, |tables| Ok(tables.end_sealed(session, expires))).await
    }

    async fn origin(&self, session: &StoredToken) -> Result<Option<SessionOrigin>> {
        seen(self, |tables| {
            let row = tables.sessions.get(session).or_else(|| tables.sealed.get(session));
            row.and_then(|row| row.origin.clone())
        })
        .await
    }

    async fn end_sessions_from(
        &self,
        meant: &Meant,
        remember_until: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<Vec<EndedSession>> {
        changed(self, &[], always, |tables| {
            let ended = tables.end_sessions_from(meant, remember_until);
            tables.audit.extend(about_each(&ended, audit));
            Ok(ended)
        })
        .await
    }
}
