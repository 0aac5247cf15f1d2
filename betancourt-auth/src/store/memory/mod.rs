//! A store that forgets on restart, for tests and first steps.

mod inbox;
mod tables;

use std::collections::HashMap;
use std::fmt::{self, Debug, Formatter};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use time::OffsetDateTime;

use self::tables::Tables;
use super::{
    AccountStore, Candidates, EndedSession, Entered, KnownSession, Mailbox, Meant, NewSession,
    Result, SessionOrigin, SessionStore, Standing, Store, StoreError, TokenStore, Unlinked,
    UserStore, about_each,
};
use crate::model::{
    Account, AccountKey, AuditEvent, Session, StoredToken, Tokens, User, UserId, VerificationToken,
};

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
        if !tables.delete_user(id) {
            return Ok(false);
        }
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

    async fn account(&self, key: &AccountKey) -> Result<Option<Account>> {
        Ok(self.tables().accounts.iter().find(|account| account.key == *key).cloned())
    }

    async fn unlink(
        &self,
        user: &UserId,
        key: &AccountKey,
        another_at: Option<&[&str]>,
        audit: &[AuditEvent],
    ) -> Result<Unlinked> {
        let mut tables = self.tables();
        let unlinked = tables.unlink(user, key, another_at);
        if unlinked == Unlinked::Done {
            tables.audit.extend_from_slice(audit);
        }
        Ok(unlinked)
    }

    async fn replace_tokens(
        &self,
        key: &AccountKey,
        tokens: &Tokens,
        reauth_since: Option<OffsetDateTime>,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        let mut tables = self.tables();
        let account = tables.accounts.iter_mut().find(|account| account.key == *key);
        let Some(account) = account else { return Ok(false) };
        account.tokens = tokens.clone();
        account.details.reauth_since = reauth_since;
        tables.audit.extend_from_slice(audit);
        Ok(true)
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
        self.transaction(audit, |tables| Ok(tables.end_sessions(user, now)))
    }

    async fn sessions(&self, user: &UserId, now: OffsetDateTime) -> Result<Vec<KnownSession>> {
        Ok(self.tables().list(user, now))
    }

    async fn end_other_sessions(
        &self,
        user: &UserId,
        kept: &StoredToken,
        remember_until: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.transaction(audit, |tables| Ok(tables.end_other_sessions(user, kept, remember_until)))
    }

    async fn touch(&self, token: &StoredToken, now: OffsetDateTime) -> Result<bool> {
        let mut tables = self.tables();
        let row = tables.sessions.get_mut(token);
        Ok(row.map(|row| row.details.seen_at = Some(now)).is_some())
    }

    async fn touch_sealed(
        &self,
        token: &StoredToken,
        now: OffsetDateTime,
        expires: OffsetDateTime,
    ) -> Result<bool> {
        let mut tables = self.tables();
        let Some(row) = tables.sealed.get_mut(token) else { return Ok(false) };
        row.details.seen_at = Some(now);
        row.expires = expires;
        Ok(true)
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
        let is_first = tables.end_sealed(session, expires);
        if is_first {
            tables.audit.extend_from_slice(audit);
        }
        Ok(is_first)
    }

    async fn origin(&self, session: &StoredToken) -> Result<Option<SessionOrigin>> {
        let tables = self.tables();
        let row = tables.sessions.get(session).or_else(|| tables.sealed.get(session));
        Ok(row.and_then(|row| row.origin.clone()))
    }

    async fn end_sessions_from(
        &self,
        meant: &Meant,
        remember_until: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<Vec<EndedSession>> {
        let mut tables = self.tables();
        let ended = tables.end_sessions_from(meant, remember_until);
        tables.audit.extend(about_each(&ended, audit));
        Ok(ended)
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

    async fn keep_tokens(&self, identifier: &str, tokens: &[VerificationToken]) -> Result<()> {
        self.transaction(&[], |tables| {
            tables.verification.retain(|known| known.identifier != identifier);
            let is_taken = |new: &VerificationToken| {
                tables.verification.iter().any(|old| old.token == new.token)
            };
            if tokens.iter().any(is_taken) {
                return Err(StoreError::conflict());
            }
            tables.verification.extend_from_slice(tokens);
            Ok(())
        })
    }

    async fn take_token(
        &self,
        identifier: &str,
        hashes: &[&str],
    ) -> Result<Option<VerificationToken>> {
        let mut tables = self.tables();
        let is_it = |known: &&VerificationToken| {
            known.identifier == identifier && hashes.contains(&known.token.as_str())
        };
        let taken = tables.verification.iter().find(is_it).cloned();
        if taken.is_some() {
            tables.verification.retain(|known| known.identifier != identifier);
        }
        Ok(taken)
    }

    async fn sweep(&self, now: OffsetDateTime, limit: u32) -> Result<u64> {
        let mut tables = self.tables();
        let Tables { sessions, sealed, ended, verification, spent, counts, .. } = &mut *tables;
        let mut unused = 0;
        verification.retain(|token| {
            let goes = unused < u64::from(limit) && token.expires <= now;
            unused += u64::from(goes);
            !goes
        });
        Ok(unused
            + remove_ended(sessions, limit, |row| row.expires <= now)
            + remove_ended(sealed, limit, |row| row.expires <= now)
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
        account: Option<&Account>,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.transaction(audit, |tables| {
            tables.insert_user(user)?;
            if let Some(account) = account {
                tables.insert_account(account)?;
            }
            tables.insert_session(session)
        })
    }

    async fn sign_in(
        &self,
        account: &Account,
        mailbox: Mailbox,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        self.transaction(audit, |tables| {
            tables.update_account(account)?;
            tables.prove(&account.user_id, mailbox)?;
            tables.insert_session(session)
        })
    }

    async fn enter(
        &self,
        user: &UserId,
        mailbox: Mailbox,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<Entered> {
        self.transaction(audit, |tables| {
            let entered = tables.enter(user, mailbox)?;
            let evicted = tables.insert_session(session)?;
            Ok(Entered { evicted, ..entered })
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
