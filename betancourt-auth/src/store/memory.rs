//! A store that forgets on restart, for tests and first steps.

use std::collections::HashMap;
use std::fmt::{self, Debug, Formatter};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use time::OffsetDateTime;

use super::{
    AccountStore, Candidates, NewSession, Result, SessionStore, Standing, Store, StoreError,
    TokenStore, UserStore,
};
use crate::model::{
    Account, AccountKey, AuditEvent, Session, SessionDetails, StoredToken, User, UserId,
};
use crate::secret::Secret;

/// Keeps everything in the memory of one process.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use betancourt_auth::store::{MemoryStore, TokenStore};
/// use time::{Duration, OffsetDateTime};
/// let store = MemoryStore::default();
/// let later = OffsetDateTime::UNIX_EPOCH + Duration::minutes(10);
/// assert!(store.spend("handshake", later).await?);
/// assert!(!store.spend("handshake", later).await?);
/// # Ok::<(), betancourt_auth::store::StoreError>(())
/// # }).unwrap();
/// ```
#[derive(Default)]
pub struct MemoryStore(Mutex<Tables>);

#[derive(Clone, Default)]
struct Tables {
    users: HashMap<UserId, User>,
    accounts: Vec<Account>,
    sessions: HashMap<StoredToken, SessionRow>,
    /// Until when sealed sessions of a user have ended.
    not_before: HashMap<UserId, OffsetDateTime>,
    /// Sealed sessions that were ended, and how long that is remembered.
    ended: HashMap<StoredToken, OffsetDateTime>,
    spent: HashMap<String, OffsetDateTime>,
    counts: HashMap<String, (u32, OffsetDateTime)>,
    audit: Vec<AuditEvent>,
}

#[derive(Clone)]
struct SessionRow {
    user_id: UserId,
    expires: OffsetDateTime,
    details: SessionDetails,
}

impl Debug for MemoryStore {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("MemoryStore")
    }
}

impl MemoryStore {
    fn tables(&self) -> MutexGuard<'_, Tables> {
        // A panic elsewhere leaves whole tables behind: `transaction` swaps them in at the end.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `change` on a copy and keeps the copy only when all of it went well.
    fn transaction<T>(
        &self,
        audit: &[AuditEvent],
        change: impl FnOnce(&mut Tables) -> Result<T>,
    ) -> Result<T> {
        let mut tables = self.tables();
        let mut next = tables.clone();
        let outcome = change(&mut next)?;
        next.audit.extend_from_slice(audit);
        *tables = next;
        Ok(outcome)
    }
}

impl Tables {
    fn by_email(&self, email: &str) -> Option<&User> {
        self.users.values().find(|user| user.email.as_deref() == Some(email))
    }

    fn insert_user(&mut self, user: &User) -> Result<()> {
        let email_taken = user.email.as_deref().is_some_and(|email| self.by_email(email).is_some());
        if email_taken || self.users.contains_key(&user.id) {
            return Err(StoreError::conflict());
        }
        self.users.insert(user.id.clone(), user.clone());
        Ok(())
    }

    fn insert_account(&mut self, account: &Account) -> Result<()> {
        let taken = self.accounts.iter().any(|known| known.key == account.key);
        if taken || !self.users.contains_key(&account.user_id) {
            return Err(StoreError::conflict());
        }
        self.accounts.push(account.clone());
        Ok(())
    }

    fn update_account(&mut self, account: &Account) -> Result<()> {
        let known = self
            .accounts
            .iter_mut()
            .find(|known| known.key == account.key && known.user_id == account.user_id);
        let Some(known) = known else { return Err(StoreError::conflict()) };
        let (old, new) = (&mut known.tokens, &account.tokens);
        let newest =
            |new: &Option<Secret>, old: &mut Option<Secret>| new.clone().or_else(|| old.take());
        old.access_token = newest(&new.access_token, &mut old.access_token);
        old.refresh_token = newest(&new.refresh_token, &mut old.refresh_token);
        old.id_token = newest(&new.id_token, &mut old.id_token);
        old.expires_at = new.expires_at.or(old.expires_at);
        old.token_type = new.token_type.clone().or_else(|| old.token_type.take());
        old.scope = new.scope.clone().or_else(|| old.scope.take());
        old.session_state = new.session_state.clone().or_else(|| old.session_state.take());
        Ok(())
    }

    fn insert_session(&mut self, session: &NewSession) -> Result<u64> {
        let is_taken = |token| self.sessions.contains_key(token);
        if session.token.as_ref().is_some_and(is_taken)
            || !self.users.contains_key(&session.user_id)
        {
            return Err(StoreError::conflict());
        }
        for replaced in &session.replaces {
            self.sessions.remove(replaced);
        }
        let NewSession { token, user_id, expires, details, replaces, .. } = session.clone();
        let Some(token) = token else {
            self.ended.extend(replaces.into_iter().map(|replaced| (replaced, expires)));
            return Ok(0);
        };
        self.sessions.insert(token, SessionRow { user_id, expires, details });
        Ok(self.evict(session))
    }

    /// Ends the sessions of the user beyond `keep`, those that would end first, never the new one.
    fn evict(&mut self, new: &NewSession) -> u64 {
        let is_new = |token: &StoredToken| new.token.as_ref() == Some(token);
        let mut others: Vec<_> = self
            .sessions
            .iter()
            .filter(|(token, row)| row.user_id == new.user_id && !is_new(token))
            .map(|(token, row)| (row.expires, token.clone()))
            .collect();
        others.sort_by_key(|(expires, _)| std::cmp::Reverse(*expires));
        let beyond = others.into_iter().skip(new.keep.saturating_sub(1) as usize);
        beyond.filter(|(_, token)| self.sessions.remove(token).is_some()).count() as u64
    }
}

#[async_trait]
impl UserStore for MemoryStore {
    async fn user(&self, id: &UserId) -> Result<Option<User>> {
        Ok(self.tables().users.get(id).cloned())
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        Ok(self.tables().by_email(email).cloned())
    }

    async fn set_role(&self, id: &UserId, role: &str, audit: &[AuditEvent]) -> Result<bool> {
        let mut tables = self.tables();
        let Some(user) = tables.users.get_mut(id) else { return Ok(false) };
        role.clone_into(&mut user.role);
        tables.audit.extend_from_slice(audit);
        Ok(true)
    }

    async fn delete_user(&self, id: &UserId, audit: &[AuditEvent]) -> Result<bool> {
        let mut tables = self.tables();
        if tables.users.remove(id).is_none() {
            return Ok(false);
        }
        tables.accounts.retain(|account| account.user_id != *id);
        tables.sessions.retain(|_, row| row.user_id != *id);
        tables.not_before.remove(id);
        tables.audit.extend_from_slice(audit);
        Ok(true)
    }
}

#[async_trait]
impl AccountStore for MemoryStore {
    async fn candidates(&self, key: &AccountKey, email: Option<&str>) -> Result<Candidates> {
        let tables = self.tables();
        let account = tables.accounts.iter().find(|account| account.key == *key);
        let account = account.and_then(|account| {
            Some((account.clone(), tables.users.get(&account.user_id)?.clone()))
        });
        Ok(Candidates {
            account,
            by_email: email.and_then(|email| tables.by_email(email).cloned()),
        })
    }

    async fn accounts(&self, user: &UserId) -> Result<Vec<Account>> {
        Ok(self
            .tables()
            .accounts
            .iter()
            .filter(|account| account.user_id == *user)
            .cloned()
            .collect())
    }
}

#[async_trait]
impl SessionStore for MemoryStore {
    async fn session(&self, token: &StoredToken) -> Result<Option<Session>> {
        let tables = self.tables();
        let Some(row) = tables.sessions.get(token) else { return Ok(None) };
        let user = tables.users.get(&row.user_id).cloned();
        Ok(user.map(|user| Session::new(user, row.expires, Some(row.details.clone()))))
    }

    async fn extend(&self, token: &StoredToken, expires: OffsetDateTime) -> Result<bool> {
        let mut tables = self.tables();
        let row = tables.sessions.get_mut(token);
        Ok(row.map(|row| row.expires = row.expires.max(expires)).is_some())
    }

    async fn end_session(&self, token: &StoredToken, audit: &[AuditEvent]) -> Result<bool> {
        let mut tables = self.tables();
        let ended = tables.sessions.remove(token).is_some();
        if ended {
            tables.audit.extend_from_slice(audit);
        }
        Ok(ended)
    }

    async fn end_sessions(
        &self,
        user: &UserId,
        now: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.transaction(audit, |tables| {
            if tables.users.contains_key(user) {
                let cut = tables.not_before.entry(user.clone()).or_insert(now);
                *cut = now.max(*cut);
            }
            let before = tables.sessions.len();
            tables.sessions.retain(|_, row| row.user_id != *user);
            Ok((before - tables.sessions.len()) as u64)
        })
    }

    async fn standing(&self, user: &UserId, session: &StoredToken) -> Result<Option<Standing>> {
        let tables = self.tables();
        let Some(found) = tables.users.get(user) else { return Ok(None) };
        let not_before = tables.not_before.get(user).copied();
        Ok(Some(Standing::new(found.clone(), not_before, tables.ended.contains_key(session))))
    }

    async fn end_sealed(
        &self,
        session: &StoredToken,
        expires: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        let mut tables = self.tables();
        let is_first = !tables.ended.contains_key(session);
        if is_first {
            tables.ended.insert(session.clone(), expires);
            tables.audit.extend_from_slice(audit);
        }
        Ok(is_first)
    }
}

#[async_trait]
impl TokenStore for MemoryStore {
    async fn spend(&self, handshake: &str, expires: OffsetDateTime) -> Result<bool> {
        let mut tables = self.tables();
        let first = !tables.spent.contains_key(handshake);
        if first {
            tables.spent.insert(handshake.to_owned(), expires);
        }
        Ok(first)
    }

    async fn count(&self, key: &str, now: OffsetDateTime, expires: OffsetDateTime) -> Result<u32> {
        let mut tables = self.tables();
        let entry = tables.counts.entry(key.to_owned()).or_insert((0, expires));
        if entry.1 <= now {
            *entry = (0, expires);
        }
        entry.0 = entry.0.saturating_add(1);
        Ok(entry.0)
    }

    async fn sweep(&self, now: OffsetDateTime, limit: u32) -> Result<u64> {
        let mut tables = self.tables();
        let Tables { sessions, ended, spent, counts, .. } = &mut *tables;
        Ok(remove_ended(sessions, limit, |row| row.expires <= now)
            + remove_ended(ended, limit, |expires| *expires <= now)
            + remove_ended(spent, limit, |expires| *expires <= now)
            + remove_ended(counts, limit, |(_, expires)| *expires <= now))
    }
}

/// Removes at most `limit` entries that are over, and counts them.
fn remove_ended<K, V>(table: &mut HashMap<K, V>, limit: u32, over: impl Fn(&V) -> bool) -> u64 {
    let mut removed = 0;
    table.retain(|_, row| {
        let goes = removed < u64::from(limit) && over(row);
        removed += u64::from(goes);
        !goes
    });
    removed
}

#[async_trait]
impl Store for MemoryStore {
    async fn sign_up(
        &self,
        user: &User,
        account: &Account,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.transaction(audit, |tables| {
            tables.insert_user(user)?;
            tables.insert_account(account)?;
            tables.insert_session(session)
        })
    }

    async fn sign_in(
        &self,
        account: &Account,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.transaction(audit, |tables| {
            tables.update_account(account)?;
            tables.insert_session(session)
        })
    }

    async fn link(
        &self,
        account: &Account,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.transaction(audit, |tables| {
            tables.insert_account(account)?;
            tables.insert_session(session)
        })
    }

    async fn record(&self, audit: &[AuditEvent]) -> Result<()> {
        self.tables().audit.extend_from_slice(audit);
        Ok(())
    }

    async fn audit_log(&self, newest: u32) -> Result<Vec<AuditEvent>> {
        Ok(self.tables().audit.iter().rev().take(newest as usize).cloned().collect())
    }

    async fn ping(&self) -> Result<()> {
        Ok(())
    }
}
