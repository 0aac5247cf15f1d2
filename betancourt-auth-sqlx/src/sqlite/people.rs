//! Users and their accounts.

use async_trait::async_trait;
use betancourt_auth::store::{AccountStore, Candidates, Result, UserStore};
use betancourt_auth::{Account, AccountKey, AuditEvent, User, UserId};
use sqlx::query;

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
}
