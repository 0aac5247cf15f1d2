//! What removes rows that are over.

use betancourt_auth::store::Perishable;

use super::dialect::Rows;
use super::{Dialect, Statement, quoted};
use crate::layout::Layout;

/// What removes rows that are over, of each kind.
#[derive(Debug)]
pub(crate) struct Sweeps {
    audit_events: Sweep,
    counts: Sweep,
    deletions: Sweep,
    ended_sessions: Sweep,
    handshakes: Sweep,
    sealed_sessions: Sweep,
    sessions: Sweep,
    verification_tokens: Sweep,
}

/// A statement that removes at most `$2` rows that were over at `$1`.
#[derive(Debug)]
pub(crate) struct Sweep {
    pub(crate) statement: Statement,
    /// Whether the moments in that table are as Auth.js has them, or milliseconds.
    pub(crate) is_of_auth_js: bool,
}

/// When nobody finished a request to delete, its user went otherwise.
const IS_DONE: &str = r#""userId" IS NULL AND COALESCE("finishedAt", "requestedAt") <= $1"#;
const HAS_ENDED: &str = r#""expires" <= $1"#;

impl Sweeps {
    pub(super) fn of(layout: &Layout, dialect: Dialect) -> Self {
        let ours = |table: &str, key: &str, which: &str| {
            let (table, key) = (&quoted(table), &quoted(key));
            let statement = dialect.sweep(&Rows { table, key }, which);
            Sweep { statement, is_of_auth_js: false }
        };
        let of_auth_js = |table: &str, key: &str| {
            let (table, key) = (&quoted(table), &quoted(key));
            let statement = dialect.sweep(&Rows { table, key }, HAS_ENDED);
            Sweep { statement, is_of_auth_js: true }
        };
        Self {
            audit_events: ours("auth_audit", "id", r#""at" <= $1"#),
            counts: ours("auth_counters", "key", HAS_ENDED),
            deletions: ours("auth_deletions", "code", IS_DONE),
            ended_sessions: ours("auth_ended", "session", HAS_ENDED),
            handshakes: ours("auth_spent", "handshake", HAS_ENDED),
            sealed_sessions: ours("auth_sealed", "session", HAS_ENDED),
            sessions: of_auth_js(&layout.sessions.table, &layout.sessions.session_token),
            verification_tokens: of_auth_js(&layout.verification_tokens, "token"),
        }
    }

    pub(crate) fn of_kind(&self, what: Perishable) -> &Sweep {
        match what {
            Perishable::AuditEvents => &self.audit_events,
            Perishable::Counts => &self.counts,
            Perishable::Deletions => &self.deletions,
            Perishable::EndedSessions => &self.ended_sessions,
            Perishable::Handshakes => &self.handshakes,
            Perishable::SealedSessions => &self.sealed_sessions,
            Perishable::Sessions => &self.sessions,
            Perishable::VerificationTokens => &self.verification_tokens,
        }
    }
}
