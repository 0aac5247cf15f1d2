//! Users and their accounts.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::{WholeStore, changed, if_done, seen};
use crate::model::{Account, AccountKey, AuditEvent, Tokens, User, UserId};
use crate::store::{
    AccountStore, Candidates, MOST_LISTED, Result, RoleChange, Suspended, Suspension, Unlinked,
    UserFilter, UserStore,
};

#[async_trait]
impl<S: WholeStore> UserStore for S {
    async fn user(&self, id: &UserId) -> Result<Option<User>> {
        seen(self, |tables| tables.users.get(id).cloned()).await
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        seen(self, |tables| tables.by_email(email).cloned()).await
    }

    async fn users(
        &self,
        filter: &UserFilter,
        after: Option<&UserId>,
        limit: u32,
    ) -> Result<Vec<User>> {
        seen(self, |tables| tables.users_behind(filter, after, limit)).await
    }

    async fn set_role(
        &self,
        id: &UserId,
        role: &str,
        never_without: Option<&str>,
        audit: &[AuditEvent],
    ) -> Result<RoleChange> {
        let is_done = |change: &RoleChange| *change == RoleChange::Done;
        changed(self, audit, is_done, |tables| Ok(tables.set_role(id, role, never_without))).await
    }

    async fn set_profile(
        &self,
        id: &UserId,
        name: Option<&str>,
        image: Option<&str>,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        changed(self, audit, if_done, |tables| {
            let Some(user) = tables.users.get_mut(id) else { return Ok(false) };
            user.name = name.map(str::to_owned).or_else(|| user.name.take());
            user.image = image.map(str::to_owned).or_else(|| user.image.take());
            Ok(true)
        })
        .await
    }

    async fn suspend(
        &self,
        id: &UserId,
        suspension: &Suspension,
        never_without: Option<&str>,
        audit: &[AuditEvent],
    ) -> Result<Suspended> {
        let is_done = |suspended: &Suspended| matches!(suspended, Suspended::Done { .. });
        changed(self, audit, is_done, |tables| Ok(tables.suspend(id, suspension, never_without)))
            .await
    }

    async fn lift_suspension(&self, id: &UserId, audit: &[AuditEvent]) -> Result<bool> {
        changed(self, audit, if_done, |tables| Ok(tables.suspensions.remove(id).is_some())).await
    }

    async fn suspension(&self, id: &UserId) -> Result<Option<Suspension>> {
        seen(self, |tables| tables.suspensions.get(id).cloned()).await
    }

    async fn delete_user(&self, id: &UserId, audit: &[AuditEvent]) -> Result<bool> {
        changed(self, audit, if_done, |tables| Ok(tables.delete_user(id))).await
    }
}

#[async_trait]
impl<S: WholeStore> AccountStore for S {
    async fn candidates(&self, key: &AccountKey, email: Option<&str>) -> Result<Candidates> {
        seen(self, |tables| {
            let account = tables.accounts.iter().find(|account| account.key == *key);
            let account = account.and_then(|account| {
                Some((account.clone(), tables.users.get(&account.user_id)?.clone()))
            });
            let by_email = email.and_then(|email| tables.by_email(email).cloned());
            let found = account.iter().map(|(_, owner)| owner).chain(&by_email);
            let suspended = found.filter(|user| !tables.admits(&user.id));
            let mut suspended: Vec<_> = suspended.map(|user| user.id.clone()).collect();
            suspended.dedup(); // both are one person
            Candidates { account, by_email, suspended }
        })
        .await
    }

    async fn accounts(&self, user: &UserId) -> Result<Vec<Account>> {
        seen(self, |tables| {
            let own = tables.accounts.iter().filter(|account| account.user_id == *user);
            own.take(MOST_LISTED as usize).cloned().collect()
        })
        .await
    }

    async fn account(&self, key: &AccountKey) -> Result<Option<Account>> {
        seen(self, |tables| tables.accounts.iter().find(|account| account.key == *key).cloned())
            .await
    }

    async fn unlink(
        &self,
        user: &UserId,
        key: &AccountKey,
        another_at: Option<&[&str]>,
        audit: &[AuditEvent],
    ) -> Result<Unlinked> {
        let is_done = |unlinked: &Unlinked| *unlinked == Unlinked::Done;
        changed(self, audit, is_done, |tables| Ok(tables.unlink(user, key, another_at))).await
    }

    async fn replace_tokens(
        &self,
        key: &AccountKey,
        tokens: &Tokens,
        reauth_since: Option<OffsetDateTime>,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        changed(self, audit, if_done, |tables| Ok(tables.replace_tokens(key, tokens, reauth_since)))
            .await
    }
}
