//! Users and their accounts.

use async_trait::async_trait;
use betancourt_auth::store::{
    AccountStore, Candidates, Result, RoleChange, Suspended, Suspension, Unlinked, UserFilter,
    UserStore,
};
use betancourt_auth::{Account, AccountKey, AuditEvent, Tokens, User, UserId};
use time::OffsetDateTime;

use super::{SqlStore, again, as_far_as_it_fits};
use crate::database::Lock;
use crate::row;
use crate::value::milliseconds;

#[async_trait]
impl UserStore for SqlStore {
    async fn user(&self, id: &UserId) -> Result<Option<User>> {
        let found = self.read_one(&self.sql().people.user, &[self.schema().id(id)]).await?;
        found.map(|mut found| row::user(&mut found)).transpose()
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        let found = self.read_one(&self.sql().people.user_by_email, &[email.into()]).await?;
        let user = found.map(|mut found| row::user(&mut found)).transpose()?;
        Ok(user.filter(|user| user.email.is_some()))
    }

    async fn users(
        &self,
        filter: &UserFilter,
        after: Option<&UserId>,
        limit: u32,
    ) -> Result<Vec<User>> {
        let pattern = filter.search.as_deref().map(pattern);
        let mut values = vec![i64::from(limit).into(), (&pattern).into(), (&filter.role).into()];
        values.extend(after.map(|after| self.schema().id(after)));
        let mut found = self.read_page(&self.sql().people.users, 3, &values).await?;
        found.iter_mut().map(row::user).collect()
    }

    async fn draw_id(&self) -> Result<Option<UserId>> {
        let Some(statement) = &self.sql().people.draw_id else { return Ok(None) };
        let drawn = again(|| async {
            let mut intention = self.begin(&[]).await?;
            let drawn = intention.read_one(statement, &[]).await?;
            intention.commit(&[]).await?;
            Ok(drawn)
        });
        drawn.await?.map(|mut drawn| drawn.required_text().map(UserId::new)).transpose()
    }

    async fn set_role(
        &self,
        id: &UserId,
        role: &str,
        never_without: Option<&str>,
        audit: &[AuditEvent],
    ) -> Result<RoleChange> {
        let must_be_had = never_without.filter(|must_be_had| *must_be_had != role);
        again(|| async {
            let lock = must_be_had.map(Lock::Role);
            let mut intention = self.begin(lock.as_slice()).await?;
            if let Some(must_be_had) = must_be_had {
                match intention.is_last_with(must_be_had, id).await? {
                    None => return Ok(RoleChange::Unknown),
                    Some(true) => return Ok(RoleChange::LastOne),
                    Some(false) => {}
                }
            }
            if !intention.set_role(id, role, audit.first().map(|event| event.at)).await? {
                return Ok(RoleChange::Unknown);
            }
            intention.commit(audit).await?;
            Ok(RoleChange::Done)
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
        let now = audit.first().map(|event| event.at);
        as_far_as_it_fits(self, |room| async move {
            let mut intention = self.begin(&[]).await?.within(room);
            if !intention.set_profile(id, name, image, now).await? {
                return Ok(false);
            }
            intention.commit(audit).await?;
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
        let role = never_without.map(Lock::Role);
        let locks: Vec<_> = role.into_iter().chain([Lock::User(id.as_str())]).collect();
        let values = [
            self.schema().id(id),
            milliseconds(suspension.since).into(),
            suspension.by.as_ref().map(UserId::as_str).into(),
            (&suspension.reason).into(),
        ];
        again(|| async {
            let mut intention = self.begin(&locks).await?;
            if let Some(role) = never_without
                && intention.is_last_with(role, id).await? == Some(true)
            {
                return Ok(Suspended::LastOne);
            }
            if intention.write(&self.sql().people.suspend, &values).await? == 0 {
                return Ok(Suspended::Unknown);
            }
            let ended = intention.end_sessions(id, suspension.since).await?;
            intention.commit(audit).await?;
            Ok(Suspended::Done { ended })
        })
        .await
    }

    async fn lift_suspension(&self, id: &UserId, audit: &[AuditEvent]) -> Result<bool> {
        again(|| async {
            let mut intention = self.begin(&[]).await?;
            let lift = &self.sql().people.lift_suspension;
            if intention.write(lift, &[self.schema().id(id)]).await? == 0 {
                return Ok(false);
            }
            intention.commit(audit).await?;
            Ok(true)
        })
        .await
    }

    async fn suspension(&self, id: &UserId) -> Result<Option<Suspension>> {
        let found = self.read_one(&self.sql().people.suspension, &[self.schema().id(id)]).await?;
        found.map(|mut found| row::suspension(&mut found)).transpose()
    }

    async fn delete_user(&self, id: &UserId, audit: &[AuditEvent]) -> Result<bool> {
        again(|| async {
            let mut intention = self.begin(&[Lock::User(id.as_str())]).await?;
            if !intention.delete_user(id).await? {
                return Ok(false);
            }
            intention.commit(audit).await?;
            Ok(true)
        })
        .await
    }
}

#[async_trait]
impl AccountStore for SqlStore {
    async fn candidates(&self, key: &AccountKey, email: Option<&str>) -> Result<Candidates> {
        let values = [(&key.provider).into(), (&key.subject).into(), email.into()];
        row::candidates(self.read(&self.sql().accounts.candidates, &values).await?, email)
    }

    async fn accounts(&self, user: &UserId) -> Result<Vec<Account>> {
        let id = self.schema().id(user);
        let mut found = self.read(&self.sql().accounts.accounts, &[id]).await?;
        found.iter_mut().filter_map(|found| row::account(found, user).transpose()).collect()
    }

    async fn account(&self, key: &AccountKey) -> Result<Option<Account>> {
        let values = [(&key.provider).into(), (&key.subject).into()];
        let found = self.read_one(&self.sql().accounts.account, &values).await?;
        found.map_or(Ok(None), |mut found| row::owned_account(&mut found))
    }

    async fn unlink(
        &self,
        user: &UserId,
        key: &AccountKey,
        another_at: Option<&[&str]>,
        audit: &[AuditEvent],
    ) -> Result<Unlinked> {
        again(|| async {
            let mut intention = self.begin(&[Lock::User(user.as_str())]).await?;
            let accounts = intention.accounts(user).await?;
            let (it, others): (Vec<_>, Vec<_>) =
                accounts.into_iter().partition(|account| account.key == *key);
            if it.is_empty() {
                return Ok(Unlinked::Unknown);
            }
            let mut others = others.iter().map(|account| account.key.provider.as_str());
            if !another_at.is_none_or(|providers| others.any(|other| providers.contains(&other))) {
                return Ok(Unlinked::LastWayIn);
            }
            intention.delete_account(user, key).await?;
            intention.commit(audit).await?;
            Ok(Unlinked::Done)
        })
        .await
    }

    async fn replace_tokens(
        &self,
        key: &AccountKey,
        tokens: &Tokens,
        reauth_since: Option<OffsetDateTime>,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        as_far_as_it_fits(self, |room| async move {
            let mut intention = self.begin(&[]).await?.within(room);
            if !intention.replace_tokens(key, tokens).await? {
                return Ok(false);
            }
            intention.set_reauth(key, reauth_since).await?;
            intention.commit(audit).await?;
            Ok(true)
        })
        .await
    }
}

/// The pattern of everything that has a text in it. Signs that mean something in a pattern mean themselves.
fn pattern(search: &str) -> String {
    let search = search.to_lowercase();
    let escaped = ["!", "%", "_"]
        .into_iter()
        .fold(search, |search, sign| search.replace(sign, &format!("!{sign}")));
    format!("%{escaped}%")
}
