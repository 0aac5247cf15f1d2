//! How long what is over stays in the store: the one table of it.

use time::{Duration, OffsetDateTime};

use crate::store::Perishable;

/// How long what is over stays in the store, kind by kind, and how often what has stayed long enough is removed.
///
/// ```
/// use betancourt_auth::store::Perishable;
/// use betancourt_auth::{Config, Retention};
/// use time::Duration;
///
/// let mut config = Config::new("https://app.example.com", "a secret of at least 32 characters!!")?;
/// config.retention.audit_events = Duration::days(365);
/// assert_eq!(config.retention.of(Perishable::AuditEvents), Duration::days(365));
/// assert_eq!(Retention::default().of(Perishable::Handshakes), Duration::ZERO);
/// # Ok::<(), betancourt_auth::SetupError>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Retention {
    /// Audit events, after they happened: 90 days.
    pub audit_events: Duration,
    /// Requests to delete, after they were finished, so that the person can still see that: 365 days. There is nothing in
    /// them that says whose they were.
    pub deletions: Duration,
    /// Sessions, stored and sealed, after their end: not at all. They open nothing from their end on, however long their
    /// rows stay.
    pub sessions: Duration,
    /// How often it is looked for what has stayed long enough: every hour.
    pub sweep_every: Duration,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            audit_events: Duration::days(90),
            deletions: Duration::days(365),
            sessions: Duration::ZERO,
            sweep_every: Duration::HOUR,
        }
    }
}

impl Retention {
    /// How long a kind stays once it is over. Counts, handshakes, marks and tokens have an end that says so itself, and
    /// nothing that lives goes, whatever stands in a field.
    #[must_use]
    pub fn of(&self, what: Perishable) -> Duration {
        let stays = match what {
            Perishable::AuditEvents => self.audit_events,
            Perishable::Deletions => self.deletions,
            Perishable::SealedSessions | Perishable::Sessions => self.sessions,
            Perishable::Counts
            | Perishable::EndedSessions
            | Perishable::Handshakes
            | Perishable::VerificationTokens => Duration::ZERO,
        };
        stays.max(Duration::ZERO)
    }

    /// When something of a kind must have been over to go at `now`. `None`: it stays for ever.
    pub(crate) fn limit(&self, what: Perishable, now: OffsetDateTime) -> Option<OffsetDateTime> {
        now.checked_sub(self.of(what))
    }

    /// How long whoever sweeps has the store for themselves: not the whole time until the next turn, or one that is due a
    /// moment early would find it taken.
    pub(crate) fn turn(&self) -> Duration {
        self.pause() * 9 / 10
    }

    /// How long it is waited before the next turn: some time, whatever stands in the field.
    pub(crate) fn pause(&self) -> Duration {
        self.sweep_every.clamp(Duration::SECOND, Duration::weeks(52))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_lives_goes_whatever_is_configured() {
        let retention = Retention {
            audit_events: Duration::MAX,
            sessions: Duration::days(-1),
            sweep_every: Duration::ZERO,
            ..Retention::default()
        };
        assert_eq!(retention.of(Perishable::Sessions), Duration::ZERO);
        assert!(retention.turn() > Duration::ZERO && retention.turn() < retention.pause());
        assert_eq!(retention.limit(Perishable::AuditEvents, OffsetDateTime::UNIX_EPOCH), None);
    }
}
