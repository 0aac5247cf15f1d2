//! What does not stay in a store for ever.

/// What does not stay in a store for ever, kind by kind. How long each of them stays is
/// [`Retention`](crate::Retention).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Perishable {
    /// Audit events, by when they happened.
    AuditEvents,
    /// Counts, by their end.
    Counts,
    /// Requests to delete that are not open any more, by when they were finished; where nobody said so, by when they
    /// were made.
    Deletions,
    /// That sealed sessions were ended, by the moment until which it has to be remembered.
    EndedSessions,
    /// Handshakes that were spent, and messages of providers, by the moment until which that has to be remembered.
    Handshakes,
    /// What is known of sealed sessions, by their end.
    SealedSessions,
    /// Stored sessions, by their end.
    Sessions,
    /// Verification tokens, by their end.
    VerificationTokens,
}

impl Perishable {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::AuditEvents,
        Self::Counts,
        Self::Deletions,
        Self::EndedSessions,
        Self::Handshakes,
        Self::SealedSessions,
        Self::Sessions,
        Self::VerificationTokens,
    ];

    /// What it is called in figures.
    ///
    /// ```
    /// use betancourt_auth::store::Perishable;
    /// assert_eq!(Perishable::AuditEvents.as_str(), "audit_events");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AuditEvents => "audit_events",
            Self::Counts => "counts",
            Self::Deletions => "deletions",
            Self::EndedSessions => "ended_sessions",
            Self::Handshakes => "handshakes",
            Self::SealedSessions => "sealed_sessions",
            Self::Sessions => "sessions",
            Self::VerificationTokens => "verification_tokens",
        }
    }
}
