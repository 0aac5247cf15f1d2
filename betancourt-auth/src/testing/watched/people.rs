//! Users and their accounts, under watch.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::{Call, WatchedStore};
use crate::model::{Account, AccountKey, AuditEvent, Tokens, User, UserId};
use crate::store::{
    AccountStore, Candidates, Result, RoleChange, Suspended, Suspension, Unlinked, UserFilter,
    UserStore,
};

#[async_trait]
impl UserStore for WatchedStore {
    async fn user(&self, id: &UserId) -> Result<Option<User>> {
        self.watched(Call::named("user"), |store| store.user(id)).await
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        self.watched(Call::named("user_by_email"), |store| store.user_by_email(email)).await
    }

    async fn users(
        &self,
        filter: &UserFilter,
        after: Option<&UserId>,
        limit: u32,
    ) -> Result<Vec<User>> {
        self.watched(Call::named("users"), |store| store.users(filter, after, limit)).await
    }

    async fn draw_id(&self) -> Result<Option<UserId>> {
        self.watched(Call::named("draw_id"), |store| store.draw_id()).await
    }

    async fn set_role(
        &self,
        id: &UserId,
        role: &str,
        never_without: Option<&str>,
        audit: &[AuditEvent],
    ) -> Result<RoleChange> {
        self.watched(Call::named("set_role"), |store| {
            store.set_role(id, role, never_without, audit)
        })
        .await
    }

    async fn set_profile(
        &self,
        id: &UserId,
        name: Option<&str>,
        image: Option<&str>,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        self.watched(Call::named("set_profile"), |store| store.set_profile(id, name, image, audit))
            .await
    }

    async fn suspend(
        &self,
        id: &UserId,
        suspension: &Suspension,
        never_without: Option<&str>,
        audit: &[AuditEvent],
    ) -> Result<Suspended> {
        self.watched(Call::named("suspend"), |store| {
            store.suspend(id, suspension, never_without, audit)
        })
        .await
    }

    async fn lift_suspension(&self, id: &UserId, audit: &[AuditEvent]) -> Result<bool> {
        self.watched(Call::named("lift_suspension"), |store| store.lift_suspension(id, audit)).await
    }

    async fn suspension(&self, id: &UserId) -> Result<Option<Suspension>> {
        self.watched(Call::named("suspension"), |store| store.suspension(id)).await
    }

    async fn delete_user(&self, id: &UserId, audit: &[AuditEvent]) -> Result<bool> {
        self.watched(Call::named("delete_user"), |store| store.delete_user(id, audit)).await
    }
}

#[async_trait]
impl AccountStore for WatchedStore {
    async fn candidates(&self, key: &AccountKey, email: Option<&str>) -> Result<Candidates> {
        self.watched(Call::named("candidates"), |store| store.candidates(key, email)).await
    }

    async fn accounts(&self, user: &UserId) -> Result<Vec<Account>> {
        self.watched(Call::named("accounts"), |store| store.accounts(user)).await
    }

    async fn account(&self, key: &AccountKey) -> Result<Option<Account>> {
        self.watched(Call::named("account"), |store| store.account(key)).await
    }

    async fn unlink(
        &self,
        user: &UserId,
        key: &AccountKey,
        another_at: Option<&[&str]>,
        audit: &[AuditEvent],
    ) -> Result<Unlinked> {
        self.watched(Call::named("unlink"), |store| store.unlink(user, key, another_at, audit))
            .await
    }

    async fn replace_tokens(
        &self,
        key: &AccountKey,
        tokens: &Tokens,
        reauth_since: Option<OffsetDateTime>,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        self.watched(Call::named("replace_tokens"), |store| {
            store.replace_tokens(key, tokens, reauth_since, audit)
        })
        .await
    }
}
