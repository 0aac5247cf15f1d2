//! Users and their accounts.

use async_trait::async_trait;
use betancourt_auth::store::{AccountStore, Candidates, Result, Unlinked, UserStore};
use betancourt_auth::{Account, AccountKey, AuditEvent, Tokens, User, UserId};
use sqlx::query;
use time::OffsetDateTime;

use super::moment::milliseconds;
use super::{SqliteStore, row};
use crate::error::failed;
use crate::sql;

#[async_trait]
impl UserStore for SqliteStore {
    async fn user(&self, id: &UserId) -> Result<Option<User>> {
        let found =
            query(sql::USER).bind(id.as_str()).fetch_optional(&self.pool).await.map_err(failed)?;
        found.as_ref().map(row::user).transpose()
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        let found = query(sql::USER_BY_EMAIL)
            .bind(email)
            .fetch_optional(&self.pool)
            .await
            .map_err(failed)?;
        let user = found.as_ref().map(row::user).transpose()?;
        Ok(user.filter(|user| user.email.is_some()))
    }

    async fn set_role(&self, id: &UserId, role: &str, audit: &[AuditEvent]) -> Result<bool> {
        let mut intention = self.begin().await?;
        let now = audit.first().map(|event| milliseconds(event.at));
        if intention.write(query(sql::SET_ROLE).bind(id.as_str()).bind(role).bind(now)).await? == 0
        {
            return Ok(false);
        }
        intention.commit(audit).await?;
        Ok(true)
    }

    async fn delete_user(&self, id: &UserId, audit: &[AuditEvent]) -> Result<bool> {
        let mut intention = self.begin().await?;
        if intention.write(query(sql::DELETE_USER).bind(id.as_str())).await? == 0 {
            return Ok(false);
        }
        intention.commit(audit).await?;
        Ok(true)
    }
}

#[async_trait]
impl AccountStore for SqliteStore {
    async fn candidates(&self, key: &AccountKey, email: Option<&str>) -> Result<Candidates> {
        let question = query(sql::CANDIDATES).bind(&key.provider).bind(&key.subject).bind(email);
        let found = question.fetch_all(&self.pool).await.map_err(failed)?;
        row::candidates(&found, email)
    }

    async fn accounts(&self, user: &UserId) -> Result<Vec<Account>> {
        let found =
            query(sql::ACCOUNTS).bind(user.as_str()).fetch_all(&self.pool).await.map_err(failed)?;
        found.iter().filter_map(|found| row::account(found, user).transpose()).collect()
    }

    async fn account(&self, key: &AccountKey) -> Result<Option<Account>> {
        let question = query(sql::ACCOUNT).bind(&key.provider).bind(&key.subject);
        let found = question.fetch_optional(&self.pool).await.map_err(failed)?;
        found.as_ref().map_or(Ok(None), row::owned_account)
    }

    async fn unlink(
        &self,
        user: &UserId,
        key: &AccountKey,
        another_at: Option<&[&str]>,
        audit: &[AuditEvent],
    ) -> Result<Unlinked> {
        let mut intention = self.begin().await?;
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
        let statement = query(sql::DELETE_ACCOUNT).bind(user.as_str());
        intention.write(statement.bind(&key.provider).bind(&key.subject)).await?;
        intention.commit(audit).await?;
        Ok(Unlinked::Done)
    }

    async fn replace_tokens(
        &self,
        key: &AccountKey,
        tokens: &Tokens,
        reauth_since: Option<OffsetDateTime>,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        let mut intention = self.begin().await?;
        if !intention.replace_tokens(key, tokens).await? {
            return Ok(false);
        }
        intention.set_reauth(key, reauth_since).await?;
        intention.commit(audit).await?;
        Ok(true)
    }
}
