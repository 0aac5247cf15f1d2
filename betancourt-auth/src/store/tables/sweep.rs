//! What is over in tables goes.

use std::collections::HashMap;

use time::OffsetDateTime;

use super::Tables;
use crate::event::DeletionRequest;
use crate::store::Perishable;

impl Tables {
    /// Removes at most `limit` of a kind that were over at `until`, and says how many.
    pub(in crate::store) fn sweep(
        &mut self,
        what: Perishable,
        until: OffsetDateTime,
        limit: u32,
    ) -> u64 {
        match what {
            Perishable::AuditEvents => {
                remove(&mut self.audit.entries, limit, |(_, event)| event.at <= until)
            }
            Perishable::Counts => thin(&mut self.counts, limit, |(_, expires)| *expires <= until),
            Perishable::Deletions => {
                thin(&mut self.deletions, limit, |request| is_done(request, until))
            }
            Perishable::EndedSessions => thin(&mut self.ended, limit, |expires| *expires <= until),
            Perishable::Handshakes => thin(&mut self.spent, limit, |expires| *expires <= until),
            Perishable::SealedSessions => thin(&mut self.sealed, limit, |row| row.expires <= until),
            Perishable::Sessions => thin(&mut self.sessions, limit, |row| row.expires <= until),
            Perishable::VerificationTokens => {
                remove(&mut self.verification, limit, |token| token.expires <= until)
            }
        }
    }
}

fn is_done(request: &DeletionRequest, until: OffsetDateTime) -> bool {
    !request.is_open() && request.finished_at.unwrap_or(request.requested_at) <= until
}

/// Removes at most `limit` entries that are over, and counts them.
pub(in crate::store) fn thin<K, V>(
    table: &mut HashMap<K, V>,
    limit: u32,
    is_over: impl Fn(&V) -> bool,
) -> u64 {
    let mut removed = 0;
    table.retain(|_, row| !goes(&mut removed, limit, is_over(row)));
    removed
}

fn remove<V>(rows: &mut Vec<V>, limit: u32, is_over: impl Fn(&V) -> bool) -> u64 {
    let mut removed = 0;
    rows.retain(|row| !goes(&mut removed, limit, is_over(row)));
    removed
}

/// Whether one more goes, which is counted then.
fn goes(removed: &mut u64, limit: u32, is_over: bool) -> bool {
    let goes = is_over && *removed < u64::from(limit);
    *removed += u64::from(goes);
    goes
}
