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
/// Where there is an index, the oldest rows come first: a database that thinks that most of a table is over would read it
/// from its beginning otherwise, and may have to pass over all that is not.
const BY_END: &str = r#" ORDER BY "expires""#;

impl Sweeps {
    pub(super) fn of(layout: &Layout, dialect: Dialect) -> Self {
        let ours = |table: &str, key: &str, which: &str, order: &str| {
            let (table, key) = (&quoted(table), &quoted(key));
            let statement = dialect.sweep(&Rows { table, key }, which, order);
            Sweep { statement, is_of_auth_js: false }
        };
        let ended = |table: &str, key: &str| ours(table, key, HAS_ENDED, BY_END);
        let of_auth_js = |table: &str, key: &str| {
            let (table, key) = (&quoted(table), &quoted(key));
            let statement = dialect.sweep(&Rows { table, key }, HAS_ENDED, "");
            Sweep { statement, is_of_auth_js: true }
        };
        Self {
            audit_events: ours("auth_audit", "id", r#""at" <= $1"#, r#" ORDER BY "at""#),
            counts: ended("auth_counters", "key"),
            deletions: ours("auth_deletions", "code", IS_DONE, ""),
            ended_sessions: ended("auth_ended", "session"),
            handshakes: ended("auth_spent", "handshake"),
            sealed_sessions: ended("auth_sealed", "session"),
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
