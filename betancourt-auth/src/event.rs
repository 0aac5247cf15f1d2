//! What a provider tells of somebody who is not here, and what may be done about it.

use time::OffsetDateTime;

use crate::model::{AccountKey, UserId};

/// Something that happened to somebody's account at a provider, as the provider told us and signed.
///
/// ```
/// use betancourt_auth::{AccountKey, Happening, ProviderEvent, Reaction};
/// use time::OffsetDateTime;
///
/// let account = AccountKey::new("google", "1042");
/// let event = ProviderEvent::new(account, Happening::AccountHijacked, OffsetDateTime::UNIX_EPOCH);
/// assert_eq!(event.happening.usual_reaction(false), Reaction::EndSessions);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProviderEvent {
    /// The account: the provider, and who the person is there.
    pub account: AccountKey,
    /// What happened.
    pub happening: Happening,
    /// When, as the provider says.
    pub at: OffsetDateTime,
}

impl ProviderEvent {
    /// An event as a provider tells it.
    #[must_use]
    pub fn new(account: AccountKey, happening: Happening, at: OffsetDateTime) -> Self {
        Self { account, happening, at }
    }
}

/// What can happen to somebody's account at a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Happening {
    /// The account is gone for good: `account-deleted` of Apple, `account-purged` of the RISC profile.
    AccountDeleted,
    /// The provider has shut the account: `account-disabled` of the RISC profile.
    AccountDisabled,
    /// The account can be used again: `account-enabled` of the RISC profile.
    AccountEnabled,
    /// The provider has shut the account because somebody else got hold of it: `account-disabled` with the reason
    /// `hijacking`.
    AccountHijacked,
    /// The person took back what they had consented to: `consent-revoked` of Apple, the deauthorize callback of Facebook.
    ConsentRevoked,
    /// The provider made the person change how they prove who they are: `account-credential-change-required` of the RISC
    /// profile.
    CredentialChangeRequired,
    /// The person asks that everything be deleted that came from the provider: the data deletion callback of Facebook.
    DeletionRequested,
    /// The relay address hands no more mail on: `email-disabled` of Apple.
    RelayDisabled,
    /// The relay address hands mail on again: `email-enabled` of Apple.
    RelayEnabled,
    /// All sessions at the provider were ended: `sessions-revoked` of the RISC profile.
    SessionsRevoked,
    /// All tokens of this application were taken back: `tokens-revoked` of the OAuth event types.
    TokensRevoked,
}

impl Happening {
    /// Every one.
    pub const ALL: [Self; 11] = [
        Self::AccountDeleted,
        Self::AccountDisabled,
        Self::AccountEnabled,
        Self::AccountHijacked,
        Self::ConsentRevoked,
        Self::CredentialChangeRequired,
        Self::DeletionRequested,
        Self::RelayDisabled,
        Self::RelayEnabled,
        Self::SessionsRevoked,
        Self::TokensRevoked,
    ];

    /// The name in the audit log, as its reason.
    ///
    /// ```
    /// assert_eq!(betancourt_auth::Happening::AccountHijacked.as_str(), "account_hijacked");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccountDeleted => "account_deleted",
            Self::AccountDisabled => "account_disabled",
            Self::AccountEnabled => "account_enabled",
            Self::AccountHijacked => "account_hijacked",
            Self::ConsentRevoked => "consent_revoked",
            Self::CredentialChangeRequired => "credential_change_required",
            Self::DeletionRequested => "deletion_requested",
            Self::RelayDisabled => "relay_disabled",
            Self::RelayEnabled => "relay_enabled",
            Self::SessionsRevoked => "sessions_revoked",
            Self::TokensRevoked => "tokens_revoked",
        }
    }

    /// What is done about it unless the application says otherwise: what the provider asks for, and what keeps out whoever
    /// should not be in. An account whose consent was taken back stays tied, because its person may consent again, and
    /// because the request to delete may be the next message. One that is gone for good is untied; if it was the last way
    /// in, nobody can come back, and the user is marked for deletion.
    #[must_use]
    pub fn usual_reaction(self, is_last_way_in: bool) -> Reaction {
        match self {
            Self::AccountDeleted if is_last_way_in => Reaction::MarkForDeletion,
            Self::AccountDeleted => Reaction::Unlink,
            Self::AccountDisabled | Self::AccountHijacked | Self::SessionsRevoked => {
                Reaction::EndSessions
            }
            Self::ConsentRevoked | Self::TokensRevoked => Reaction::DropTokens,
            Self::DeletionRequested => Reaction::MarkForDeletion,
            Self::AccountEnabled
            | Self::CredentialChangeRequired
            | Self::RelayDisabled
            | Self::RelayEnabled => Reaction::Note,
        }
    }
}

/// What is done about an event. Each does what those before it do, but for the last: there the account stays tied until
/// the [deletion](DeletionRequest) is finished.
///
/// ```
/// use betancourt_auth::Reaction;
/// assert!(Reaction::DropTokens > Reaction::EndSessions);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reaction {
    /// An audit event is written, and nothing else.
    Note,
    /// All sessions of the user end, whatever they signed in with.
    EndSessions,
    /// The tokens of the account go. It stays tied to its user, who signs in with it again to use it.
    DropTokens,
    /// The account is untied from its user, unless it is their last way in.
    Unlink,
    /// The user is marked for deletion.
    MarkForDeletion,
}

impl Reaction {
    pub(crate) fn ends_sessions(self) -> bool {
        self >= Self::EndSessions
    }

    pub(crate) fn drops_tokens(self) -> bool {
        self >= Self::DropTokens
    }
}

/// That somebody's data is to be deleted, because a provider or they themselves said so, as a row of `auth_deletions`.
///
/// ```
/// use betancourt_auth::{DeletionRequest, UserId};
/// use time::OffsetDateTime;
///
/// let now = OffsetDateTime::UNIX_EPOCH;
/// let mut request = DeletionRequest::new("a-code", "facebook", now);
/// assert!(!request.is_open(), "it is about nobody here");
/// request.user_id = Some(UserId::new("cm3x9"));
/// assert!(request.is_open());
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeletionRequest {
    /// By which the person, and the provider, can ask how it stands: nobody guesses it.
    pub code: String,
    /// Who told us: the id of a provider, or [`BY_THEMSELVES`](Self::BY_THEMSELVES).
    pub provider: String,
    /// Whose data. `None`: there is nothing left to delete, or there never was.
    pub user_id: Option<UserId>,
    /// Since when. The law counts from here.
    pub requested_at: OffsetDateTime,
    /// When the application said that it is done.
    pub finished_at: Option<OffsetDateTime>,
    /// Until when the person may change their mind, where they asked for it themselves.
    pub due_at: Option<OffsetDateTime>,
    /// When they changed it.
    pub withdrawn_at: Option<OffsetDateTime>,
}

impl DeletionRequest {
    /// What stands for the [provider](Self::provider) where the person asked themselves.
    pub const BY_THEMSELVES: &'static str = "self";

    /// A request about nobody whom we know.
    pub fn new(
        code: impl Into<String>,
        provider: impl Into<String>,
        requested_at: OffsetDateTime,
    ) -> Self {
        let (code, provider) = (code.into(), provider.into());
        Self {
            code,
            provider,
            user_id: None,
            requested_at,
            finished_at: None,
            due_at: None,
            withdrawn_at: None,
        }
    }

    /// Whether it is time: nobody may change their mind any more.
    ///
    /// ```
    /// # use betancourt_auth::{DeletionRequest, UserId};
    /// # use time::{Duration, OffsetDateTime};
    /// let now = OffsetDateTime::UNIX_EPOCH;
    /// let mut request = DeletionRequest::new("a-code", DeletionRequest::BY_THEMSELVES, now);
    /// request.user_id = Some(UserId::new("cm3x9"));
    /// request.due_at = Some(now + Duration::days(14));
    /// assert!(!request.is_due(now + Duration::days(13)));
    /// assert!(request.is_due(now + Duration::days(14)));
    /// ```
    #[must_use]
    pub fn is_due(&self, now: OffsetDateTime) -> bool {
        self.is_open() && self.due_at.is_none_or(|due_at| due_at <= now)
    }

    /// Whether there is still something to delete.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.user_id.is_some()
    }
}

/// Whoever knows the code can ask: it must not reach a log.
impl std::fmt::Debug for DeletionRequest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("DeletionRequest")
            .field("provider", &self.provider)
            .field("user_id", &self.user_id)
            .field("requested_at", &self.requested_at)
            .field("finished_at", &self.finished_at)
            .field("due_at", &self.due_at)
            .field("withdrawn_at", &self.withdrawn_at)
            .finish_non_exhaustive()
    }
}

/// How a [`DeletionRequest`] ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The user is deleted with everything that hangs on them.
    DeleteUser,
    /// The user stays, because they are here by more than the provider: its accounts are untied, even if that was the last
    /// way in. The application has deleted what came from it.
    KeepUser,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_its_own_and_nothing_is_left_without_a_way_in() {
        let mut names: Vec<_> = Happening::ALL.iter().map(|happening| happening.as_str()).collect();
        names.dedup();
        assert_eq!(names.len(), Happening::ALL.len());
        for happening in Happening::ALL {
            assert_ne!(happening.usual_reaction(true), Reaction::Unlink, "{happening:?}");
        }
    }

    #[test]
    fn each_reaction_does_what_those_before_it_do() {
        use Reaction::{DropTokens, EndSessions, MarkForDeletion, Note, Unlink};
        for (reaction, ends_sessions, drops_tokens) in [
            (Note, false, false),
            (EndSessions, true, false),
            (DropTokens, true, true),
            (Unlink, true, true),
            (MarkForDeletion, true, true),
        ] {
            assert_eq!(reaction.ends_sessions(), ends_sessions, "{reaction:?}");
            assert_eq!(reaction.drops_tokens(), drops_tokens, "{reaction:?}");
        }
    }
}
