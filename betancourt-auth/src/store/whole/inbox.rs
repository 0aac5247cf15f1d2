//! What providers say of people who are not here.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::{WholeStore, always, changed, if_done, seen};
use crate::event::{DeletionRequest, Ending};
use crate::model::{AuditEvent, UserId};
use crate::store::{InboxStore, Result, Withdrawal, Withdrawn};

#[async_trait]
impl<S: WholeStore> InboxStore for S {
    async fn withdraw(&self, withdrawal: &Withdrawal, audit: &[AuditEvent]) -> Result<Withdrawn> {
        changed(self, &[], always, |tables| {
            let withdrawn = tables.withdraw(withdrawal);
            if let Withdrawn::Done { untied, .. } = withdrawn {
                tables.audit.extend_from_slice(audit);
                tables.audit.extend(withdrawal.on_unlink.iter().filter(|_| untied).cloned());
            }
            Ok(withdrawn)
        })
        .await
    }

    async fn deletion(&self, code: &str) -> Result<Option<DeletionRequest>> {
        seen(self, |tables| tables.deletions.get(code).cloned()).await
    }

    async fn deletions(
        &self,
        after: Option<&DeletionRequest>,
        limit: u32,
    ) -> Result<Vec<DeletionRequest>> {
        seen(self, |tables| tables.open_deletions(after, limit)).await
    }

    async fn request_deletion(
        &self,
        request: &DeletionRequest,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        changed(self, audit, if_done, |tables| Ok(tables.request_deletion(request))).await
    }

    async fn deletion_of(&self, user: &UserId) -> Result<Option<DeletionRequest>> {
        seen(self, |tables| tables.own_deletion(user).cloned()).await
    }

    async fn withdraw_deletion(
        &self,
        user: &UserId,
        now: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        changed(self, audit, if_done, |tables| Ok(tables.withdraw_deletion(user, now))).await
    }

    async fn finish_deletion(
        &self,
        code: &str,
        ending: Ending,
        now: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        changed(self, audit, if_done, |tables| Ok(tables.finish_deletion(code, ending, now))).await
    }
}
