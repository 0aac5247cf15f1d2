//! The intentions that write people, accounts and sessions together.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::{WholeStore, always, changed, seen};
use crate::model::{Account, AuditEvent, User, UserId};
use crate::store::{AuditEntry, AuditKey, Entered, Mailbox, NewSession, Result, Store};

#[async_trait]
impl<S: WholeStore> Store for S {
    async fn sign_up(
        &self,
        user: &User,
        account: Option<&Account>,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        changed(self, audit, always, |tables| {
            tables.insert_user(user)?;
            if let Some(account) = account {
                tables.insert_account(account)?;
            }
            tables.insert_session(session)
        })
        .await
    }

    async fn sign_in(
        &self,
        account: &Account,
        mailbox: Mailbox,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        changed(self, audit, always, |tables| {
            tables.update_account(account)?;
            tables.prove(&account.user_id, mailbox)?;
            tables.insert_session(session)
        })
        .await
    }

    async fn enter(
        &self,
        user: &UserId,
        mailbox: Mailbox,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<Entered> {
        changed(self, audit, always, |tables| {
            let entered = tables.enter(user, mailbox)?;
            let evicted = tables.insert_session(session)?;
            Ok(Entered { evicted, ..entered })
        })
        .await
    }

    async fn link(
        &self,
        account: &Account,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        changed(self, audit, always, |tables| {
            tables.insert_account(account)?;
            tables.insert_session(session)
        })
        .await
    }

    async fn record(&self, audit: &[AuditEvent]) -> Result<()> {
        changed(self, audit, always, |_| Ok(())).await
    }

    async fn audit_page(&self, before: Option<AuditKey>, limit: u32) -> Result<Vec<AuditEntry>> {
        seen(self, |tables| tables.audit.page(before, limit)).await
    }

    async fn history(
        &self,
        user: &UserId,
        since: OffsetDateTime,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditEntry>> {
        seen(self, |tables| tables.audit.history(user, since, before, limit)).await
    }

    async fn ping(&self) -> Result<()> {
        seen(self, |_| ()).await
    }
}
