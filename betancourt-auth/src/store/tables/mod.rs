//! Everything that a store has which is in one piece, and how it changes.

mod lists;
mod log;
mod suspensions;
mod sweep;
mod tokens;

use std::collections::HashMap;
use std::fmt::{self, Debug, Formatter};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use self::log::Log;
pub(in crate::store) use self::sweep::thin;
use crate::event::{DeletionRequest, Ending, Reaction};
use crate::model::{
    Account, AccountKey, SessionDetails, StoredToken, Tokens, User, UserId, VerificationToken,
};
use crate::secret::Secret;
use crate::store::{
    EndedSession, Entered, Keeping, Mailbox, Meant, NewSession, Result, RoleChange, SessionOrigin,
    StoreError, Suspension, Unlinked, Withdrawal, Withdrawn,
};

/// Everything that a store has: people, accounts, sessions, and what counts once. Cheap to clone: a copy shares with its
/// original what neither of them has changed.
///
/// What can be done with them are the methods of a [`Store`](super::Store), by way of a
/// [`WholeStore`](super::WholeStore).
#[derive(Clone, Default)]
pub struct Tables {
    pub(in crate::store) users: Shared<HashMap<UserId, User>>,
    pub(in crate::store) accounts: Shared<Vec<Account>>,
    pub(in crate::store) sessions: Shared<HashMap<StoredToken, SessionRow>>,
    /// Sealed sessions that have not ended, as far as they are known.
    pub(in crate::store) sealed: Shared<HashMap<StoredToken, SessionRow>>,
    /// Until when sealed sessions of a user have ended.
    pub(in crate::store) not_before: Shared<HashMap<UserId, OffsetDateTime>>,
    /// Sealed sessions that were ended, and how long that is remembered.
    pub(in crate::store) ended: Shared<HashMap<StoredToken, OffsetDateTime>>,
    pub(in crate::store) verification: Shared<Vec<VerificationToken>>,
    pub(in crate::store) spent: Shared<HashMap<String, OffsetDateTime>>,
    pub(in crate::store) counts: Shared<HashMap<String, (u32, OffsetDateTime)>>,
    pub(in crate::store) suspensions: Shared<HashMap<UserId, Suspension>>,
    /// By their code.
    pub(in crate::store) deletions: Shared<HashMap<String, DeletionRequest>>,
    pub(in crate::store) audit: Shared<Log>,
}

/// Nothing of what is in them: it is all about people.
impl Debug for Tables {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("Tables")
    }
}

/// A table that is copied when it is changed, if somebody else has it, too.
#[derive(Clone, Default)]
pub(in crate::store) struct Shared<T>(Arc<T>);

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}

#[derive(Clone)]
pub(in crate::store) struct SessionRow {
    pub(in crate::store) user_id: UserId,
    pub(in crate::store) expires: OffsetDateTime,
    pub(in crate::store) details: SessionDetails,
    pub(in crate::store) origin: Option<SessionOrigin>,
}

impl Tables {
    pub(in crate::store) fn by_email(&self, email: &str) -> Option<&User> {
        self.users.values().find(|user| user.email.as_deref() == Some(email))
    }

    pub(in crate::store) fn insert_user(&mut self, user: &User) -> Result<()> {
        let email_taken = user.email.as_deref().is_some_and(|email| self.by_email(email).is_some());
        if email_taken || self.users.contains_key(&user.id) {
            return Err(StoreError::conflict());
        }
        self.users.insert(user.id.clone(), user.clone());
        Ok(())
    }

    /// Gives a user a role, unless they alone have one that somebody must have.
    pub(in crate::store) fn set_role(
        &mut self,
        id: &UserId,
        role: &str,
        never_without: Option<&str>,
    ) -> RoleChange {
        let must_stay = never_without.filter(|must_be_had| *must_be_had != role);
        let is_last = must_stay.is_some_and(|role| self.is_last_with(role, id));
        let Some(user) = self.users.get_mut(id) else { return RoleChange::Unknown };
        if is_last {
            return RoleChange::LastOne;
        }
        role.clone_into(&mut user.role);
        RoleChange::Done
    }

    /// Deletes a user with all that is theirs; `false` when there is no such user.
    pub(in crate::store) fn delete_user(&mut self, id: &UserId) -> bool {
        if self.users.remove(id).is_none() {
            return false;
        }
        self.accounts.retain(|account| account.user_id != *id);
        self.sessions.retain(|_, row| row.user_id != *id);
        self.sealed.retain(|_, row| row.user_id != *id);
        self.not_before.remove(id);
        self.suspensions.remove(id);
        self.close_deletions(id);
        self.audit.forget_visits(id);
        true
    }

    /// There is nothing left to delete of a user.
    fn close_deletions(&mut self, id: &UserId) {
        for request in self.deletions.values_mut() {
            request.user_id.take_if(|user| user == id);
        }
    }

    /// Carries out what a provider says, unless its message was carried out before.
    pub(in crate::store) fn withdraw(&mut self, withdrawal: &Withdrawal) -> Withdrawn {
        let Withdrawal { message, remember_until, at, key, user_id, reaction, .. } = withdrawal;
        if self.spent.contains_key(message) {
            return Withdrawn::Repeated;
        }
        let known = self.accounts.iter_mut().find(|account| account.key == *key);
        let known = known.filter(|account| user_id.as_ref() == Some(&account.user_id));
        if user_id.is_some() && known.is_none() {
            return Withdrawn::Moved;
        }
        self.spent.insert(message.clone(), *remember_until);
        if let Some(account) = known.filter(|_| reaction.drops_tokens()) {
            account.tokens = Tokens::default();
            account.details.reauth_since = Some(*at);
        }
        if let Some(request) = &withdrawal.deletion {
            self.deletions.entry(request.code.clone()).or_insert_with(|| request.clone());
        }
        let Some(user) = user_id else { return Withdrawn::Done { ended: 0, untied: false } };
        let ended = if reaction.ends_sessions() { self.end_sessions(user, *at) } else { 0 };
        let another_at = withdrawal.another_at.as_ref();
        let another_at: Option<Vec<_>> =
            another_at.map(|providers| providers.iter().map(String::as_str).collect());
        let untied = *reaction == Reaction::Unlink
            && self.unlink(user, key, another_at.as_deref()) == Unlinked::Done;
        Withdrawn::Done { ended, untied }
    }

    /// Keeps the request of a user who is here and has made none; `false` for any other.
    pub(in crate::store) fn request_deletion(&mut self, request: &DeletionRequest) -> bool {
        let Some(user) = request.user_id.as_ref().filter(|user| self.users.contains_key(user))
        else {
            return false;
        };
        if self.own_deletion(user).is_some() || self.deletions.contains_key(&request.code) {
            return false;
        }
        self.deletions.insert(request.code.clone(), request.clone());
        true
    }

    /// The open request that a user made themselves.
    pub(in crate::store) fn own_deletion(&self, user: &UserId) -> Option<&DeletionRequest> {
        let is_own = |request: &&DeletionRequest| {
            request.due_at.is_some() && request.user_id.as_ref() == Some(user)
        };
        self.deletions.values().find(is_own)
    }

    /// Takes it back; `false` when there is none.
    pub(in crate::store) fn withdraw_deletion(
        &mut self,
        user: &UserId,
        now: OffsetDateTime,
    ) -> bool {
        let Some(code) = self.own_deletion(user).map(|request| request.code.clone()) else {
            return false;
        };
        let request = self.deletions.get_mut(&code);
        request.map(|request| (request.user_id, request.withdrawn_at) = (None, Some(now))).is_some()
    }

    /// Ends a request to delete; `false` when it is not open.
    pub(in crate::store) fn finish_deletion(
        &mut self,
        code: &str,
        ending: Ending,
        now: OffsetDateTime,
    ) -> bool {
        let Some(request) = self.deletions.get_mut(code) else { return false };
        let Some(user) = request.user_id.take() else { return false };
        request.finished_at = Some(now);
        let provider = request.provider.clone();
        match ending {
            Ending::DeleteUser => {
                self.delete_user(&user);
            }
            Ending::KeepUser => self
                .accounts
                .retain(|account| account.user_id != user || account.key.provider != provider),
        }
        true
    }

    /// Marks the address of a user as proven, unless it was before. Says whether it became so.
    pub(in crate::store) fn prove(&mut self, user: &UserId, mailbox: Mailbox) -> Result<bool> {
        let user = self.users.get_mut(user).ok_or_else(StoreError::conflict)?;
        let Mailbox::Proven(at) = mailbox else { return Ok(false) };
        let is_first = user.email_verified.is_none();
        user.email_verified.get_or_insert(at);
        Ok(is_first)
    }

    /// Lets somebody in who came without an account. Who proves an address first finds nothing from before.
    pub(in crate::store) fn enter(&mut self, user: &UserId, mailbox: Mailbox) -> Result<Entered> {
        let is_first = self.prove(user, mailbox)?;
        let Mailbox::Proven(at) = mailbox else { return Ok(Entered::default()) };
        if let Some(user) = self.users.get_mut(user) {
            user.email_verified = Some(at);
        }
        if !is_first {
            return Ok(Entered::default());
        }
        let accounts = self.accounts.len();
        self.accounts.retain(|account| account.user_id != *user);
        let untied = (accounts - self.accounts.len()) as u64;
        let ended = self.end_sessions(user, at - Duration::milliseconds(1));
        Ok(Entered { evicted: 0, unproven: untied + ended, is_first_proof: true })
    }

    pub(in crate::store) fn insert_account(&mut self, account: &Account) -> Result<()> {
        let taken = self.accounts.iter().any(|known| known.key == account.key);
        if taken || !self.users.contains_key(&account.user_id) {
            return Err(StoreError::conflict());
        }
        self.accounts.push(account.clone());
        Ok(())
    }

    pub(in crate::store) fn update_account(&mut self, account: &Account) -> Result<()> {
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
        if account.details.reauth_since.is_some() {
            known.details.reauth_since = None;
        }
        Ok(())
    }

    /// Puts tokens in place of those of an account; `false` when there is no such account.
    pub(in crate::store) fn replace_tokens(
        &mut self,
        key: &AccountKey,
        tokens: &Tokens,
        reauth_since: Option<OffsetDateTime>,
    ) -> bool {
        let account = self.accounts.iter_mut().find(|account| account.key == *key);
        let Some(account) = account else { return false };
        account.tokens = tokens.clone();
        account.details.reauth_since = reauth_since;
        true
    }

    pub(in crate::store) fn unlink(
        &mut self,
        user: &UserId,
        key: &AccountKey,
        another_at: Option<&[&str]>,
    ) -> Unlinked {
        let is_it = |account: &Account| account.user_id == *user && account.key == *key;
        if !self.accounts.iter().any(is_it) {
            return Unlinked::Unknown;
        }
        let mut others =
            self.accounts.iter().filter(|account| account.user_id == *user && account.key != *key);
        let has_another = |providers: &[&str]| {
            others.any(|account| providers.contains(&account.key.provider.as_str()))
        };
        if !another_at.is_none_or(has_another) {
            return Unlinked::LastWayIn;
        }
        self.accounts.retain(|account| !is_it(account));
        Unlinked::Done
    }

    pub(in crate::store) fn insert_session(&mut self, session: &NewSession) -> Result<u64> {
        let is_taken = match session.keeping {
            Keeping::Stored => self.sessions.contains_key(&session.token),
            Keeping::Sealed { .. } => self.sealed.contains_key(&session.token),
            Keeping::Elsewhere { .. } => false,
        };
        if is_taken || !self.admits(&session.user_id) {
            return Err(StoreError::conflict());
        }
        for replaced in &session.replaces {
            self.sessions.remove(replaced);
            if let Some(remember_until) = session.keeping.remember_until() {
                self.end_sealed(replaced, remember_until);
            }
        }
        let NewSession { token, keeping, user_id, expires, details, origin, .. } = session.clone();
        let row = SessionRow { user_id, expires, details, origin };
        match keeping {
            Keeping::Stored => {
                self.sessions.insert(token, row);
                return Ok(self.evict(session));
            }
            Keeping::Sealed { .. } => drop(self.sealed.insert(token, row)),
            Keeping::Elsewhere { .. } => {}
        }
        Ok(0)
    }

    /// Ends the sessions of the user beyond `keep`, those that would end first, never the new one.
    fn evict(&mut self, new: &NewSession) -> u64 {
        let mut others: Vec<_> = self
            .sessions
            .iter()
            .filter(|(token, row)| row.user_id == new.user_id && **token != new.token)
            .map(|(token, row)| (row.expires, token.clone()))
            .collect();
        others.sort_by_key(|(expires, _)| std::cmp::Reverse(*expires));
        let beyond = others.into_iter().skip(new.keep.saturating_sub(1) as usize);
        beyond.filter(|(_, token)| self.sessions.remove(token).is_some()).count() as u64
    }

    /// Ends all sessions of a user, sealed ones by a cut at `not_before`, and says how many had a row.
    pub(in crate::store) fn end_sessions(
        &mut self,
        user: &UserId,
        not_before: OffsetDateTime,
    ) -> u64 {
        if self.users.contains_key(user) {
            let cut = self.not_before.entry(user.clone()).or_insert(not_before);
            *cut = not_before.max(*cut);
        }
        self.sealed.retain(|_, row| row.user_id != *user);
        let before = self.sessions.len();
        self.sessions.retain(|_, row| row.user_id != *user);
        (before - self.sessions.len()) as u64
    }

    /// Ends the sessions of a user but one.
    pub(in crate::store) fn end_other_sessions(
        &mut self,
        user: &UserId,
        kept: &StoredToken,
        remember_until: OffsetDateTime,
    ) -> u64 {
        let goes =
            |(token, row): &(&StoredToken, &SessionRow)| row.user_id == *user && **token != *kept;
        let sealed: Vec<_> =
            self.sealed.iter().filter(goes).map(|(token, _)| token.clone()).collect();
        for token in &sealed {
            self.end_sealed(token, remember_until);
        }
        let before = self.sessions.len();
        self.sessions.retain(|token, row| !goes(&(token, row)));
        (before - self.sessions.len() + sealed.len()) as u64
    }

    /// Ends a sealed session, unless it was ended before.
    pub(in crate::store) fn end_sealed(
        &mut self,
        session: &StoredToken,
        expires: OffsetDateTime,
    ) -> bool {
        self.sealed.remove(session);
        let is_first = !self.ended.contains_key(session);
        self.ended.entry(session.clone()).or_insert(expires);
        is_first
    }

    /// Ends the sessions that a provider means.
    pub(in crate::store) fn end_sessions_from(
        &mut self,
        meant: &Meant,
        remember_until: OffsetDateTime,
    ) -> Vec<EndedSession> {
        let is_meant = |(_, row): &(&StoredToken, &SessionRow)| {
            row.origin.as_ref().is_some_and(|origin| meant.includes(origin))
        };
        let ended = |(token, row): (&StoredToken, &SessionRow)| EndedSession {
            token: token.clone(),
            user_id: row.user_id.clone(),
        };
        let mut gone: Vec<_> = self.sessions.iter().filter(is_meant).map(ended).collect();
        gone.iter().for_each(|session| drop(self.sessions.remove(&session.token)));
        let sealed: Vec<_> = self.sealed.iter().filter(is_meant).map(ended).collect();
        for session in &sealed {
            self.end_sealed(&session.token, remember_until);
        }
        gone.extend(sealed);
        gone
    }
}
