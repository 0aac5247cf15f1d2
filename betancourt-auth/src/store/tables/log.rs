//! The audit log of tables.

use std::cmp::Reverse;

use time::OffsetDateTime;

use crate::model::{AuditEvent, UserId};
use crate::store::{AuditEntry, AuditKey};

/// What was recorded, in that order. Each event has a number, which no other one gets when it goes.
#[derive(Clone, Default)]
pub(in crate::store) struct Log {
    pub(in crate::store) entries: Vec<(i64, AuditEvent)>,
    next: i64,
}

impl Log {
    pub(in crate::store) fn extend_from_slice(&mut self, events: &[AuditEvent]) {
        self.extend(events.iter().cloned());
    }

    /// Events, newest first: those before one of them, or the newest.
    pub(in crate::store) fn page(&self, before: Option<AuditKey>, limit: u32) -> Vec<AuditEntry> {
        let keyed =
            self.entries.iter().map(|(number, event)| (AuditKey::new(event.at, *number), event));
        let mut keyed: Vec<_> =
            keyed.filter(|(key, _)| before.is_none_or(|before| *key < before)).collect();
        keyed.sort_by_key(|(key, _)| Reverse(*key));
        keyed.truncate(limit as usize);
        keyed.into_iter().map(|(key, event)| AuditEntry { key, event: event.clone() }).collect()
    }

    /// What happened to a user, newest first: since a moment, and before the one of a number.
    pub(in crate::store) fn history(
        &self,
        user: &UserId,
        since: OffsetDateTime,
        before: Option<i64>,
        limit: u32,
    ) -> Vec<AuditEntry> {
        let theirs = self.entries.iter().rev().filter(|(number, event)| {
            event.user_id.as_ref() == Some(user)
                && event.at >= since
                && before.is_none_or(|before| *number < before)
        });
        let entry = |(number, event): &(i64, AuditEvent)| AuditEntry {
            key: AuditKey::new(event.at, *number),
            event: event.clone(),
        };
        theirs.take(limit as usize).map(entry).collect()
    }

    /// What happened to a user stays, but not where.
    pub(in crate::store) fn forget_visits(&mut self, user: &UserId) {
        for (_, event) in &mut self.entries {
            if event.user_id.as_ref() == Some(user) {
                (event.network, event.device) = (None, None);
            }
        }
    }
}

impl Extend<AuditEvent> for Log {
    fn extend<T: IntoIterator<Item = AuditEvent>>(&mut self, events: T) {
        let numbered = (self.next..).zip(events);
        self.entries.extend(numbered);
        self.next = self.entries.last().map_or(self.next, |(number, _)| self.next.max(number + 1));
    }
}
