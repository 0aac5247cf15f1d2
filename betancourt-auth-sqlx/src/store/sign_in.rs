//! The intentions that write people, accounts and sessions together.

use async_trait::async_trait;
use betancourt_auth::store::{AuditEntry, AuditKey, Entered, Mailbox, NewSession, Result, Store};
use betancourt_auth::{Account, AuditEvent, TokenStorage, User, UserId};
use time::OffsetDateTime;

use super::{SqlStore, again, as_far_as_it_fits};
use crate::database::Lock;
use crate::row;
use crate::value::{Value, milliseconds};

#[async_trait]
impl Store for SqlStore {
    fn token_storage(&self) -> TokenStorage {
        self.0.token_storage
    }

    async fn sign_up(
        &self,
        user: &User,
        account: Option<&Account>,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64> {
        let locks = [account.map(lock_of), user.email.as_deref().map(Lock::Address)];
        let locks = &locks.into_iter().flatten().collect::<Vec<_>>();
        as_far_as_it_fits(self, |room| async move {
            let mut intention = self.begin(locks).await?.within(room);
            intention.insert_user(user, session.details.created_at).await?;
            if let Some(account) = account {
                intention.insert_account(account).await?;
            }
            let evicted = intention.insert_session(session).await?;
            intention.commit(audit).await?;
            Ok(evicted)
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
        as_far_as_it_fits(self, |room| async move {
            let locks = [Lock::User(account.user_id.as_str())];
            let mut intention = self.begin(&locks).await?.within(room);
            intention.update_account(account).await?;
            intention.prove(&account.user_id, mailbox).await?;
            let evicted = intention.insert_session(session).await?;
            intention.commit(audit).await?;
            Ok(evicted)
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
        again(|| async {
            let mut intention = self.begin(&[Lock::User(user.as_str())]).await?;
            let entered = intention.enter(user, mailbox).await?;
            let evicted = intention.insert_session(session).await?;
            intention.commit(audit).await?;
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
        let locks = &[Lock::User(account.user_id.as_str()), lock_of(account)];
        as_far_as_it_fits(self, |room| async move {
            let mut intention = self.begin(locks).await?.within(room);
            intention.insert_account(account).await?;
            let evicted = intention.insert_session(session).await?;
            intention.commit(audit).await?;
            Ok(evicted)
        })
        .await
    }

    async fn record(&self, audit: &[AuditEvent]) -> Result<()> {
        again(|| async { self.begin(&[]).await?.commit(audit).await }).await
    }

    /// Of kinds that a later version wrote nothing is said, so a page may have less than it has room for.
    async fn audit_page(&self, before: Option<AuditKey>, limit: u32) -> Result<Vec<AuditEntry>> {
        let mut values = vec![i64::from(limit).into()];
        if let Some(before) = before {
            values.extend([milliseconds(before.at()), before.number()].map(Value::from));
        }
        let mut found = self.read_page(&self.sql().audit_page, 1, &values).await?;
        found.iter_mut().filter_map(|found| row::audit_entry(found).transpose()).collect()
    }

    async fn history(
        &self,
        user: &UserId,
        since: OffsetDateTime,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditEntry>> {
        let values = [
            user.as_str().into(),
            before.unwrap_or(i64::MAX).into(),
            milliseconds(since).into(),
            i64::from(limit).into(),
        ];
        let mut found = self.read(&self.sql().history, &values).await?;
        found.iter_mut().filter_map(|found| row::audit_entry(found).transpose()).collect()
    }

    async fn ping(&self) -> Result<()> {
        self.read(&self.sql().ping, &[]).await?;
        Ok(())
    }
}

/// Two that would tie the same account wait for each other.
fn lock_of(account: &Account) -> Lock<'_> {
    Lock::Account(&account.key.provider, &account.key.subject)
}
