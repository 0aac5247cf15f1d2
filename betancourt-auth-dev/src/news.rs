//! What a face can tell an app about somebody who is not there.

use crate::face::Face;

/// Something that happened to a person's account at a face, of which the app hears behind the person's back.
///
/// ```
/// use betancourt_auth_dev::{Face, News};
///
/// assert_eq!(News::AccountHijacked.id(), "account-hijacked");
/// assert!(News::told_by(Face::Facebook).contains(&News::DeletionRequested));
/// assert!(News::told_by(Face::Microsoft).is_empty(), "it tells nothing");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum News {
    /// The account is gone for good.
    AccountDeleted,
    /// The account was shut, without a reason.
    AccountDisabled,
    /// The account can be used again.
    AccountEnabled,
    /// The account was shut because somebody else got hold of it.
    AccountHijacked,
    /// The person removed the app from their account.
    ConsentRevoked,
    /// The person had to change their password.
    CredentialChangeRequired,
    /// The person wants everything deleted that the app has of them.
    DeletionRequested,
    /// The relay address hands no more mail on.
    RelayDisabled,
    /// The relay address hands mail on again.
    RelayEnabled,
    /// All sessions at the face were ended.
    SessionsRevoked,
    /// The app's tokens were taken back.
    TokensRevoked,
    /// Nothing happened: the face tries the address.
    Verification,
}

impl News {
    /// What this face tells.
    #[must_use]
    pub const fn told_by(face: Face) -> &'static [Self] {
        use News::{
            AccountDeleted, AccountDisabled, AccountEnabled, AccountHijacked, ConsentRevoked,
            CredentialChangeRequired, DeletionRequested, RelayDisabled, RelayEnabled,
            SessionsRevoked, TokensRevoked, Verification,
        };
        match face {
            Face::Google => &[
                SessionsRevoked,
                TokensRevoked,
                AccountHijacked,
                AccountDisabled,
                AccountEnabled,
                CredentialChangeRequired,
                AccountDeleted,
                Verification,
            ],
            Face::Facebook => &[ConsentRevoked, DeletionRequested],
            Face::Apple => &[ConsentRevoked, AccountDeleted, RelayDisabled, RelayEnabled],
            Face::Microsoft => &[],
        }
    }

    /// The value of `data-news` on its button.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::AccountDeleted => "account-deleted",
            Self::AccountDisabled => "account-disabled",
            Self::AccountEnabled => "account-enabled",
            Self::AccountHijacked => "account-hijacked",
            Self::ConsentRevoked => "consent-revoked",
            Self::CredentialChangeRequired => "credential-change-required",
            Self::DeletionRequested => "deletion-requested",
            Self::RelayDisabled => "relay-disabled",
            Self::RelayEnabled => "relay-enabled",
            Self::SessionsRevoked => "sessions-revoked",
            Self::TokensRevoked => "tokens-revoked",
            Self::Verification => "verification",
        }
    }

    /// What its button says.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::AccountDeleted => "The account is gone for good",
            Self::AccountDisabled => "The account was shut",
            Self::AccountEnabled => "The account can be used again",
            Self::AccountHijacked => "Somebody else got hold of the account",
            Self::ConsentRevoked => "The person removed the app",
            Self::CredentialChangeRequired => "The person had to change their password",
            Self::DeletionRequested => "The person wants their data deleted",
            Self::RelayDisabled => "The relay address hands no more mail on",
            Self::RelayEnabled => "The relay address hands mail on again",
            Self::SessionsRevoked => "All sessions were ended",
            Self::TokensRevoked => "The app's tokens were taken back",
            Self::Verification => "The address is tried",
        }
    }

    /// Where the message goes, below the address of the app's auth routes.
    pub(crate) fn path(self, face: Face) -> String {
        let door = match (face, self) {
            (Face::Facebook, Self::DeletionRequested) => "/deletion",
            (Face::Facebook, _) => "/deauthorization",
            _ => "",
        };
        format!("/inbox/{}{door}", face.id())
    }
}
