//! The intentions that write people, accounts and sessions together.

use async_trait::async_trait;
use betancourt_auth::store::{Entered, Mailbox, NewSession, Result, Store};
use betancourt_auth::{Account, AuditEvent, User, UserId};
use sqlx::query;

use super::{SqliteStore, row};
use crate::error::failed;
use crate::sql;

#[async_trait]
impl Store for SqliteStore {
    async fn sign_up(
        &self,
        user: &User,
        account: Option<&Account>,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        let mut intention = self.begin().await?;
        intention.insert_user(user, session.details.created_at).await?;
        if let Some(account) = account {
            intention.insert_account(account).await?;
        }
        let evicted = intention.insert_session(session).await?;
        intention.commit(audit).await?;
        Ok(evicted)
    }

    async fn sign_in(
        &self,
        account: &Account,
        mailbox: Mailbox,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        let mut intention = self.begin().await?;
        intention.update_account(account).await?;
        intention.prove(&account.user_id, mailbox).await?;
        let evicted = intention.insert_session(session).await?;
        intention.commit(audit).await?;
        Ok(evicted)
    }

    async fn enter(
        &self,
        user: &UserId,
        mailbox: Mailbox,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<Entered> {
        let mut intention = self.begin().await?;
        let unproven = intention.enter(user, mailbox).await?;
        let evicted = intention.insert_session(session).await?;
        intention.commit(audit).await?;
        Ok(Entered { evicted, unproven })
    }

    async fn link(
        &self,
        account: &Account,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        let mut intention = self.begin().await?;
        intention.insert_account(account).await?;
        let evicted = intention.insert_session(session).await?;
        intention.commit(audit).await?;
        Ok(evicted)
    }

    async fn record(&self, audit: &[AuditEvent]) -> Result<()> {
        self.begin().await?.commit(audit).await
    }

    async fn audit_log(&self, newest: u32) -> Result<Vec<AuditEvent>> {
        let found =
            query(sql::AUDIT_LOG).bind(newest).fetch_all(&self.pool).await.map_err(failed)?;
        found.iter().filter_map(|found| row::audit_event(found).transpose()).collect()
    }

    async fn ping(&self) -> Result<()> {
        query(sql::PING).execute(&self.pool).await.map_err(failed)?;
        Ok(())
    }
}
