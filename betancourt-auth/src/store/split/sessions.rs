//! A session is the keeper's word, under what the first store says of its user and of its end.

use std::cmp::Reverse;

use async_trait::async_trait;
use time::OffsetDateTime;

use super::SplitStore;
use crate::model::{AuditEvent, Session, StoredToken, UserId};
use crate::store::{
    EndedSession, KeptSession, KnownSession, MOST_LISTED, Meant, Recent, Result, SessionKeeper,
    SessionOrigin, SessionStore, Standing, Store,
};

#[async_trait]
impl<P: Store, S: SessionKeeper> SessionStore for SplitStore<P, S> {
    /// One read of the keeper and one of the first store, for a session as for a token that opens nothing.
    async fn session(&self, token: &StoredToken) -> Result<Option<Session>> {
        let Some(kept) = self.keeper.kept(token).await? else {
            return self.people.session(token).await;
        };
        let standing = self.people.standing(&kept.user_id, token).await?;
        Ok(standing.and_then(|standing| session(kept, standing)))
    }

    /// The keeper's word is of now; what is said of its user and of its end may be that of a copy.
    async fn recent_session(&self, token: &StoredToken) -> Result<Option<Recent<Session>>> {
        let Some(kept) = self.keeper.kept(token).await? else {
            return self.people.recent_session(token).await;
        };
        let recent = self.people.recent_standing(&kept.user_id, token).await?;
        Ok(recent.and_then(|Recent { value: standing, as_of }| {
            session(kept, standing).map(|value| Recent { value, as_of })
        }))
    }

    async fn extend(&self, token: &StoredToken, expires: OffsetDateTime) -> Result<bool> {
        Ok(self.keeper.extend(token, expires).await? || self.people.extend(token, expires).await?)
    }

    async fn end_session(&self, token: &StoredToken, audit: &[AuditEvent]) -> Result<bool> {
        let Some(kept) = self.keeper.kept(token).await? else {
            return self.people.end_session(token, audit).await;
        };
        let is_first = self.people.end_sealed(token, kept.expires, audit).await?;
        self.keeper.forget(std::slice::from_ref(token)).await?;
        Ok(is_first)
    }

    async fn end_sessions(
        &self,
        user: &UserId,
        now: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        let ended = self.people.end_sessions(user, now, audit).await?;
        Ok(ended + self.keeper.forget_all(user, None).await?)
    }

    async fn standing(&self, user: &UserId, session: &StoredToken) -> Result<Option<Standing>> {
        self.people.standing(user, session).await
    }

    async fn recent_standing(
        &self,
        user: &UserId,
        session: &StoredToken,
    ) -> Result<Option<Recent<Standing>>> {
        self.people.recent_standing(user, session).await
    }

    async fn sessions(&self, user: &UserId, now: OffsetDateTime) -> Result<Vec<KnownSession>> {
        let kept = self.keeper.kept_of(user).await?;
        let cut = match kept.first() {
            Some(kept) => self.people.standing(user, &kept.token).await?.map(|it| it.not_before),
            None => None,
        };
        let is_alive = |kept: &KeptSession| {
            kept.expires > now && cut.is_some_and(|not_before| kept.is_under(not_before))
        };
        let mut sessions = self.people.sessions(user, now).await?;
        sessions.extend(kept.into_iter().filter(is_alive).map(known));
        sessions.sort_by_key(|session| Reverse(session.expires));
        sessions.truncate(MOST_LISTED as usize);
        Ok(sessions)
    }

    async fn end_other_sessions(
        &self,
        user: &UserId,
        kept: &StoredToken,
        remember_until: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        let mut others = self.keeper.kept_of(user).await?;
        others.retain(|other| other.token != *kept);
        let mut ended = Vec::new();
        self.end_each(&others, &[], &mut ended).await?;
        let listed = self.people.end_other_sessions(user, kept, remember_until, audit).await?;
        self.forget_each(&others).await?;
        Ok(listed + ended.len() as u64)
    }

    async fn touch(&self, token: &StoredToken, now: OffsetDateTime) -> Result<bool> {
        Ok(self.keeper.touch(token, now).await? || self.people.touch(token, now).await?)
    }

    async fn touch_sealed(
        &self,
        token: &StoredToken,
        now: OffsetDateTime,
        expires: OffsetDateTime,
    ) -> Result<bool> {
        self.people.touch_sealed(token, now, expires).await
    }

    async fn end_sealed(
        &self,
        session: &StoredToken,
        expires: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        self.people.end_sealed(session, expires, audit).await
    }

    async fn origin(&self, session: &StoredToken) -> Result<Option<SessionOrigin>> {
        match self.keeper.kept(session).await? {
            Some(kept) => Ok(kept.origin),
            None => self.people.origin(session).await,
        }
    }

    async fn end_sessions_from(
        &self,
        meant: &Meant,
        remember_until: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<Vec<EndedSession>> {
        let kept = self.keeper.kept_from(meant).await?;
        let mut ended = self.people.end_sessions_from(meant, remember_until, audit).await?;
        self.end_each(&kept, audit, &mut ended).await?;
        self.forget_each(&kept).await?;
        Ok(ended)
    }
}

impl<P: Store, S: SessionKeeper> SplitStore<P, S> {
    /// Writes down beside the people that sessions of the keeper have ended, and adds to `ended` those that had not
    /// before. The audit events are written with the first one of each user, about that user.
    async fn end_each(
        &self,
        sessions: &[KeptSession],
        audit: &[AuditEvent],
        ended: &mut Vec<EndedSession>,
    ) -> Result<()> {
        for KeptSession { token, user_id, expires, .. } in sessions {
            let is_told = ended.iter().any(|other| other.user_id == *user_id);
            let audit = if is_told { &[] } else { audit };
            let about: Vec<_> = audit.iter().map(|event| event.clone().about(user_id)).collect();
            if self.people.end_sealed(token, *expires, &about).await? {
                ended.push(EndedSession { token: token.clone(), user_id: user_id.clone() });
            }
        }
        Ok(())
    }

    async fn forget_each(&self, sessions: &[KeptSession]) -> Result<()> {
        let tokens: Vec<_> = sessions.iter().map(|session| session.token.clone()).collect();
        self.keeper.forget(&tokens).await?;
        Ok(())
    }
}

/// What is kept, if it still counts as things stand with its user.
fn session(kept: KeptSession, standing: Standing) -> Option<Session> {
    let is_alive = !standing.ended && kept.is_under(standing.not_before);
    is_alive.then(|| Session::new(standing.user, kept.expires, Some(kept.details)))
}

fn known(kept: KeptSession) -> KnownSession {
    KnownSession {
        token: kept.token,
        expires: kept.expires,
        details: Some(kept.details),
        is_sealed: false,
    }
}
