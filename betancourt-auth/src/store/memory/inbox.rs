//! What providers say of people who are not here.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::MemoryStore;
use crate::event::{DeletionRequest, Ending};
use crate::model::AuditEvent;
use crate::store::{InboxStore, Result, Withdrawal, Withdrawn};

#[async_trait]
impl InboxStore for MemoryStore {
    async fn withdraw(&self, withdrawal: &Withdrawal, audit: &[AuditEvent]) -> Result<Withdrawn> {
        let mut tables = self.tables();
        let withdrawn = tables.withdraw(withdrawal);
        if let Withdrawn::Done { untied, .. } = withdrawn {
            tables.audit.extend_from_slice(audit);
            tables.audit.extend(withdrawal.on_unlink.iter().filter(|_| untied).cloned());
        }
        Ok(withdrawn)
    }

    async fn deletion(&self, code: &str) -> Result<Option<DeletionRequest>> {
        Ok(self.tables().deletions.get(code).cloned())
    }

    async fn deletions(&self) -> Result<Vec<DeletionRequest>> {
        let tables = self.tables();
        let open = tables.deletions.values().filter(|request| request.is_open());
        let mut open: Vec<_> = open.cloned().collect();
        open.sort_by(|one, other| {
            (one.requested_at, &one.code).cmp(&(other.requested_at, &other.code))
        });
        Ok(open)
    }

    async fn finish_deletion(
        &self,
        code: &str,
        ending: Ending,
        now: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<bool> {
        let mut tables = self.tables();
        let finished = tables.finish_deletion(code, ending, now);
        if finished {
            tables.audit.extend_from_slice(audit);
        }
        Ok(finished)
    }
}
