//! Two stores as one: the people in the first, their sessions in the second.

mod people;
mod sessions;

use async_trait::async_trait;
use time::OffsetDateTime;

use super::{
    AuditEntry, AuditKey, Entered, Keeping, Mailbox, NewSession, Perishable, Result, SessionKeeper,
    Store, StoreError, TokenStore,
};
use crate::model::{Account, AuditEvent, TokenStorage, User, UserId, VerificationToken};

/// People, accounts and the audit log in one store; sessions, spent handshakes, verification tokens and counts with a
/// [keeper](SessionKeeper), for example in Redis.
///
/// What is written in both is written beside the people first. A crash in between leaves somebody without a session,
/// never a session without somebody. What ends sessions, too, is committed there before the keeper hears of it: a cut for
/// all of a user, a note for a single one. Both are asked at each request, together with the user and their role, so a
/// keeper that lost its last second, or its last day, brings no ended session back.
///
/// Sessions that are sealed in cookies, and those that stand in the first store from before, stay there and stay alive.
/// Do not use it beside a running Auth.js application
/// ([`TokenStorage::SharedWithAuthJs`]): that one would not find the sessions.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use betancourt_auth::store::{MemorySessions, MemoryStore, SplitStore, Store};
///
/// let store = SplitStore::new(MemoryStore::default(), MemorySessions::default());
/// assert!(store.ping().await.is_ok());
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct SplitStore<P, S> {
    people: P,
    keeper: S,
}

impl<P: Store, S: SessionKeeper> SplitStore<P, S> {
    /// Puts the two together.
    pub fn new(people: P, keeper: S) -> Self {
        Self { people, keeper }
    }

    /// The store that has the people.
    pub fn people(&self) -> &P {
        &self.people
    }

    /// Who keeps the sessions.
    pub fn keeper(&self) -> &S {
        &self.keeper
    }

    /// What the first store is told of a new session.
    async fn told(&self, session: &NewSession) -> Result<NewSession> {
        let mut told = session.clone();
        if session.keeping == Keeping::Stored {
            if self.keeper.kept(&session.token).await?.is_some() {
                return Err(StoreError::conflict());
            }
            told.keeping = Keeping::Elsewhere { remember_until: session.expires };
        }
        Ok(told)
    }

    /// The cut under which a session of a user is made. It is read before the session is written: whoever ends all
    /// sessions of the user in the meantime ends this one, too.
    async fn cut(&self, session: &NewSession) -> Result<Option<OffsetDateTime>> {
        if session.keeping != Keeping::Stored {
            return Ok(None);
        }
        let standing = self.people.standing(&session.user_id, &session.token).await?;
        Ok(standing.ok_or_else(StoreError::conflict)?.not_before)
    }

    /// Keeps a new session once the first store has committed, and says how many had to go. `None`: all sessions of the
    /// user were ended in the meantime by somebody who did not see this one. It is gone, and has to be made anew.
    async fn keep(&self, session: &NewSession, cut: Option<OffsetDateTime>) -> Result<Option<u64>> {
        if session.keeping != Keeping::Stored {
            self.keeper.forget(&session.replaces).await?;
            return Ok(Some(0));
        }
        let evicted = self.keeper.keep(session, cut).await?;
        let now = self.cut(session).await;
        if now.as_ref().is_ok_and(|now| *now == cut) {
            return Ok(Some(evicted));
        }
        let was_seen = self.keeper.forget(std::slice::from_ref(&session.token)).await? == 0;
        now.map(|_| was_seen.then_some(evicted))
    }
}

#[async_trait]
impl<P: Store, S: SessionKeeper> Store for SplitStore<P, S> {
    fn token_storage(&self) -> TokenStorage {
        self.people.token_storage()
    }

    async fn sign_up(
        &self,
        user: &User,
        account: Option<&Account>,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        let told = self.told(session).await?;
        let evicted = self.people.sign_up(user, account, &told, audit).await?;
        let kept = self.keep(session, None).await?;
        Ok(evicted + kept.ok_or_else(StoreError::conflict)?)
    }

    async fn sign_in(
        &self,
        account: &Account,
        mailbox: Mailbox,
        session: &NewSession,
        mut audit: &[AuditEvent],
    ) -> Result<u64> {
        let told = self.told(session).await?;
        loop {
            let cut = self.cut(session).await?;
            let evicted = self.people.sign_in(account, mailbox, &told, audit).await?;
            match self.keep(session, cut).await? {
                Some(kept) => return Ok(evicted + kept),
                None => audit = &[],
            }
        }
    }

    /// Who has just proven their address reads the cut afterwards: it is that of the first proof, which may have been
    /// another one a moment ago, and whose sessions it ended are not theirs.
    async fn enter(
        &self,
        user: &UserId,
        mailbox: Mailbox,
        session: &NewSession,
        mut audit: &[AuditEvent],
    ) -> Result<Entered> {
        let told = self.told(session).await?;
        let (proves, mut unproven) = (mailbox != Mailbox::Unchanged, 0);
        loop {
            let mut cut = if proves { None } else { self.cut(session).await? };
            let entered = self.people.enter(user, mailbox, &told, audit).await?;
            unproven += entered.unproven;
            if proves {
                cut = self.cut(session).await?;
            }
            if entered.is_first_proof {
                unproven += self.keeper.forget_all(user, cut).await?;
            }
            match self.keep(session, cut).await? {
                Some(kept) => {
                    return Ok(Entered { evicted: entered.evicted + kept, unproven, ..entered });
                }
                None => audit = &[],
            }
        }
    }

    async fn link(
        &self,
        account: &Account,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        let (told, cut) = (self.told(session).await?, self.cut(session).await?);
        let evicted = self.people.link(account, &told, audit).await?;
        match self.keep(session, cut).await? {
            Some(kept) => Ok(evicted + kept),
            None => self.sign_in(account, Mailbox::Unchanged, session, &[]).await, // it is tied now
        }
    }

    async fn record(&self, audit: &[AuditEvent]) -> Result<()> {
        self.people.record(audit).await
    }

    async fn audit_page(&self, before: Option<AuditKey>, limit: u32) -> Result<Vec<AuditEntry>> {
        self.people.audit_page(before, limit).await
    }

    async fn history(
        &self,
        user: &UserId,
        since: OffsetDateTime,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditEntry>> {
        self.people.history(user, since, before, limit).await
    }

    async fn ping(&self) -> Result<()> {
        self.people.ping().await?;
        self.keeper.ping().await
    }
}

#[async_trait]
impl<P: Store, S: SessionKeeper> TokenStore for SplitStore<P, S> {
    async fn spend(&self, handshake: &str, expires: OffsetDateTime) -> Result<bool> {
        self.keeper.spend(handshake, expires).await
    }

    async fn count(&self, key: &str, now: OffsetDateTime, expires: OffsetDateTime) -> Result<u32> {
        self.keeper.count(key, now, expires).await
    }

    async fn keep_tokens(&self, identifier: &str, tokens: &[VerificationToken]) -> Result<()> {
        self.keeper.keep_tokens(identifier, tokens).await
    }

    async fn take_token(
        &self,
        identifier: &str,
        hashes: &[&str],
    ) -> Result<Option<VerificationToken>> {
        self.keeper.take_token(identifier, hashes).await
    }

    async fn sweep(&self, what: Perishable, until: OffsetDateTime, limit: u32) -> Result<u64> {
        let beside_people = self.people.sweep(what, until, limit).await?;
        let left = limit.saturating_sub(u32::try_from(beside_people).unwrap_or(limit));
        Ok(beside_people + self.keeper.sweep(what, until, left).await?)
    }
}
