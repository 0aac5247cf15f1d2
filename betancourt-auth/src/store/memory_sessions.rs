//! A keeper of sessions that forgets on restart.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt::{self, Debug, Formatter};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use time::OffsetDateTime;

use super::MemoryStore;
use super::tables::thin;
use crate::model::{StoredToken, UserId, VerificationToken};
use crate::store::{
    KeptSession, Meant, NewSession, Perishable, Result, SessionKeeper, StoreError, TokenStore,
};

type Kept = HashMap<StoredToken, KeptSession>;

/// Keeps sessions in the memory of one process, for a [`SplitStore`](crate::store::SplitStore) whose people are in a
/// store that has no place for them.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use betancourt_auth::StoredToken;
/// use betancourt_auth::store::{MemorySessions, SessionKeeper};
///
/// let keeper = MemorySessions::default();
/// assert!(keeper.kept(&StoredToken::hashed("a-token-from-a-cookie")).await?.is_none());
/// # Ok::<(), betancourt_auth::store::StoreError>(())
/// # }).unwrap();
/// ```
#[derive(Default)]
pub struct MemorySessions {
    kept: Mutex<Kept>,
    tokens: MemoryStore,
}

impl Debug for MemorySessions {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("MemorySessions")
    }
}

impl MemorySessions {
    fn all(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes what a condition names, and counts it.
fn remove(all: &mut Kept, goes: impl Fn(&KeptSession) -> bool) -> u64 {
    let before = all.len();
    all.retain(|_, kept| !goes(kept));
    (before - all.len()) as u64
}

#[async_trait]
impl SessionKeeper for MemorySessions {
    async fn kept(&self, token: &StoredToken) -> Result<Option<KeptSession>> {
        Ok(self.all().get(token).cloned())
    }

    async fn keep(&self, session: &NewSession, cut: Option<OffsetDateTime>) -> Result<u64> {
        let mut all = self.all();
        if all.contains_key(&session.token) {
            return Err(StoreError::conflict());
        }
        remove(&mut all, |kept| session.replaces.contains(&kept.token));
        let mut others: Vec<_> =
            all.values().filter(|kept| kept.user_id == session.user_id).cloned().collect();
        others.sort_by_key(|kept| Reverse(kept.expires));
        let stay = session.keep.saturating_sub(1) as usize;
        let beyond: Vec<_> = others.into_iter().skip(stay).map(|kept| kept.token).collect();
        all.insert(session.token.clone(), KeptSession::new(session, cut));
        Ok(remove(&mut all, |kept| beyond.contains(&kept.token)))
    }

    async fn extend(&self, token: &StoredToken, expires: OffsetDateTime) -> Result<bool> {
        let mut all = self.all();
        let kept = all.get_mut(token);
        Ok(kept.map(|kept| kept.expires = kept.expires.max(expires)).is_some())
    }

    async fn touch(&self, token: &StoredToken, now: OffsetDateTime) -> Result<bool> {
        let mut all = self.all();
        Ok(all.get_mut(token).map(|kept| kept.details.seen_at = Some(now)).is_some())
    }

    async fn forget(&self, tokens: &[StoredToken]) -> Result<u64> {
        Ok(remove(&mut self.all(), |kept| tokens.contains(&kept.token)))
    }

    async fn forget_all(&self, user: &UserId, cut: Option<OffsetDateTime>) -> Result<u64> {
        let goes =
            |kept: &KeptSession| kept.user_id == *user && (cut.is_none() || !kept.is_under(cut));
        Ok(remove(&mut self.all(), goes))
    }

    async fn kept_of(&self, user: &UserId) -> Result<Vec<KeptSession>> {
        Ok(self.all().values().filter(|kept| kept.user_id == *user).cloned().collect())
    }

    async fn kept_from(&self, meant: &Meant) -> Result<Vec<KeptSession>> {
        let is_meant =
            |kept: &&KeptSession| kept.origin.as_ref().is_some_and(|origin| meant.includes(origin));
        Ok(self.all().values().filter(is_meant).cloned().collect())
    }

    async fn ping(&self) -> Result<()> {
        Ok(())
    }
}

#[async_trait]
impl TokenStore for MemorySessions {
    async fn spend(&self, handshake: &str, expires: OffsetDateTime) -> Result<bool> {
        self.tokens.spend(handshake, expires).await
    }

    async fn count(&self, key: &str, now: OffsetDateTime, expires: OffsetDateTime) -> Result<u32> {
        self.tokens.count(key, now, expires).await
    }

    async fn keep_tokens(&self, identifier: &str, tokens: &[VerificationToken]) -> Result<()> {
        self.tokens.keep_tokens(identifier, tokens).await
    }

    async fn take_token(
        &self,
        identifier: &str,
        hashes: &[&str],
    ) -> Result<Option<VerificationToken>> {
        self.tokens.take_token(identifier, hashes).await
    }

    async fn sweep(&self, what: Perishable, until: OffsetDateTime, limit: u32) -> Result<u64> {
        if what == Perishable::Sessions {
            return Ok(thin(&mut self.all(), limit, |kept| kept.expires <= until));
        }
        self.tokens.sweep(what, until, limit).await
    }
}
