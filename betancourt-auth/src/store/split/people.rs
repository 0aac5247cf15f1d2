//! What is about people is asked of the store that has them. What ends their sessions ends those of the keeper afterwards.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::SplitStore;
use crate::event::{DeletionRequest, Ending};
use crate::model::{Account, AccountKey, AuditEvent, Tokens, User, UserId};
use crate::store::{
    AccountStore, Candidates, InboxStore, Result, RoleChange, SessionKeeper, Store, Suspended,
    Suspension, Unlinked, UserFilter, UserStore, Withdrawal, Withdrawn,
};

#[async_trait]
impl<P: Store, S: SessionKeeper> UserStore for SplitStore<P, S> {
    async fn user(&self, id: &UserId) -> Result<Option<User>> {
        self.people.user(id).await
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        self.people.user_by_email(email).await
    }

    async fn users(
        &self,
        filter: &UserFilter,
        after: Option<&UserId>,
        limit: u32,
    ) -> Result<Vec<User>> {
        self.people.users(filter, after, limit).await
    }

    async fn draw_id(&self) -> Result<Option<UserId>> {
        self.people.draw_id().await
    }

    async fn set_role(
        &self,
        id: &UserId,
        role: &str,
        never_without: Option<&str>,
        audit: &[AuditEvent],
    ) -> Result<RoleChange> {
        self.people.set_role(id, role, never_without, audit).await
    }

    async fn set_profile(
        &self,
        id: &UserId,
        name: Option<&str>,
        image: Option<&str>,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        self.people.set_profile(id, name, image, audit).await
    }

    async fn suspend(
        &self,
        id: &UserId,
        suspension: &Suspension,
        never_without: Option<&str>,
        audit: &[AuditEvent],
    ) -> Result<Suspended> {
        let mut suspended = self.people.suspend(id, suspension, never_without, audit).await?;
        if let Suspended::Done { ended } = &mut suspended {
            *ended += self.keeper.forget_all(id, None).await?;
        }
        Ok(suspended)
    }

    async fn lift_suspension(&self, id: &UserId, audit: &[AuditEvent]) -> Result<bool> {
        self.people.lift_suspension(id, audit).await
    }

    async fn suspension(&self, id: &UserId) -> Result<Option<Suspension>> {
        self.people.suspension(id).await
    }

    /// The sessions go before, so that a crash leaves none to whoever is given that id next, and once more after, for who
    /// came in meanwhile.
    async fn delete_user(&self, id: &UserId, audit: &[AuditEvent]) -> Result<bool> {
        self.keeper.forget_all(id, None).await?;
        let deleted = self.people.delete_user(id, audit).await?;
        self.keeper.forget_all(id, None).await?;
        Ok(deleted)
    }
}

#[async_trait]
impl<P: Store, S: SessionKeeper> AccountStore for SplitStore<P, S> {
    async fn candidates(&self, key: &AccountKey, email: Option<&str>) -> Result<Candidates> {
        self.people.candidates(key, email).await
    }

    async fn accounts(&self, user: &UserId) -> Result<Vec<Account>> {
        self.people.accounts(user).await
    }

    async fn account(&self, key: &AccountKey) -> Result<Option<Account>> {
        self.people.account(key).await
    }

    async fn unlink(
        &self,
        user: &UserId,
        key: &AccountKey,
        another_at: Option<&[&str]>,
        audit: &[AuditEvent],
    ) -> Result<Unlinked> {
        self.people.unlink(user, key, another_at, audit).await
    }

    async fn replace_tokens(
        &self,
        key: &AccountKey,
        tokens: &Tokens,
        reauth_since: Option<OffsetDateTime>,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        self.people.replace_tokens(key, tokens, reauth_since, audit).await
    }
}

#[async_trait]
impl<P: Store, S: SessionKeeper> InboxStore for SplitStore<P, S> {
    async fn withdraw(&self, withdrawal: &Withdrawal, audit: &[AuditEvent]) -> Result<Withdrawn> {
        let mut withdrawn = self.people.withdraw(withdrawal, audit).await?;
        let ends_sessions = withdrawal.reaction.ends_sessions();
        let loses_sessions = withdrawal.user_id.as_ref().filter(|_| ends_sessions);
        if let (Withdrawn::Done { ended, .. }, Some(user)) = (&mut withdrawn, loses_sessions) {
            *ended += self.keeper.forget_all(user, None).await?;
        }
        Ok(withdrawn)
    }

    async fn deletion(&self, code: &str) -> Result<Option<DeletionRequest>> {
        self.people.deletion(code).await
    }

    async fn deletions(
        &self,
        after: Option<&DeletionRequest>,
        limit: u32,
    ) -> Result<Vec<DeletionRequest>> {
        self.people.deletions(after, limit).await
    }

    async fn request_deletion(
        &self,
        request: &DeletionRequest,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        self.people.request_deletion(request, audit).await
    }

    async fn deletion_of(&self, user: &UserId) -> Result<Option<DeletionRequest>> {
        self.people.deletion_of(user).await
    }

    async fn withdraw_deletion(
        &self,
        user: &UserId,
        now: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        self.people.withdraw_deletion(user, now, audit).await
    }

    async fn finish_deletion(
        &self,
        code: &str,
        ending: Ending,
        now: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        let goes = match ending {
            Ending::DeleteUser => self.people.deletion(code).await?.and_then(|open| open.user_id),
            Ending::KeepUser => None,
        };
        if let Some(user) = &goes {
            self.keeper.forget_all(user, None).await?; // as when a user is deleted
        }
        let finished = self.people.finish_deletion(code, ending, now, audit).await?;
        if let Some(user) = &goes {
            self.keeper.forget_all(user, None).await?;
        }
        Ok(finished)
    }
}
