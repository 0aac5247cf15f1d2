//! What goes wrong in real life, each a button on the page.

use crate::face::Face;

/// Something that goes wrong with a sign-in, on purpose.
///
/// ```
/// use betancourt_auth_dev::{Face, Failure};
///
/// assert_eq!(Failure::LateClock.id(), "late-clock");
/// assert!(!Failure::offered_by(Face::Facebook).contains(&Failure::LateClock), "it has no ID token");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Failure {
    /// The person presses "cancel".
    Cancelled,
    /// The person has no e-mail address, or keeps it back.
    NoEmail,
    /// The address was never confirmed.
    UnverifiedEmail,
    /// The address is a private relay.
    PrivateRelay,
    /// The signing key changes just before the token is signed. The sign-in must succeed.
    RotatedKey,
    /// The provider's clock is ten minutes late: the ID token has expired when it arrives.
    LateClock,
    /// The code that the app receives was redeemed before.
    ReusedCode,
    /// The token endpoint answers 503.
    Outage,
}

impl Failure {
    const ALL: [Self; 8] = [
        Self::Cancelled,
        Self::NoEmail,
        Self::UnverifiedEmail,
        Self::PrivateRelay,
        Self::RotatedKey,
        Self::LateClock,
        Self::ReusedCode,
        Self::Outage,
    ];

    /// The failures that make sense at this face.
    #[must_use]
    pub const fn offered_by(face: Face) -> &'static [Self] {
        use Failure::{
            Cancelled, LateClock, NoEmail, Outage, PrivateRelay, ReusedCode, RotatedKey,
            UnverifiedEmail,
        };
        match face {
            Face::Google => {
                &[Cancelled, UnverifiedEmail, RotatedKey, LateClock, ReusedCode, Outage]
            }
            Face::Facebook => &[Cancelled, NoEmail, ReusedCode, Outage],
            Face::Apple => &[Cancelled, PrivateRelay, RotatedKey, LateClock, ReusedCode, Outage],
            Face::Microsoft => {
                &[Cancelled, NoEmail, UnverifiedEmail, RotatedKey, LateClock, ReusedCode, Outage]
            }
        }
    }

    /// The value of `data-failure` on its button.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::NoEmail => "no-email",
            Self::UnverifiedEmail => "unverified-email",
            Self::PrivateRelay => "private-relay",
            Self::RotatedKey => "rotated-key",
            Self::LateClock => "late-clock",
            Self::ReusedCode => "reused-code",
            Self::Outage => "outage",
        }
    }

    pub(crate) fn with_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|failure| failure.id() == id)
    }

    /// Whether it lies in somebody's account, rather than in how a sign-in goes.
    pub(crate) const fn is_of_a_person(self) -> bool {
        match self {
            Self::NoEmail | Self::UnverifiedEmail | Self::PrivateRelay => true,
            Self::Cancelled
            | Self::RotatedKey
            | Self::LateClock
            | Self::ReusedCode
            | Self::Outage => false,
        }
    }

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Cancelled => "Cancel",
            Self::NoEmail => "No e-mail",
            Self::UnverifiedEmail => "Unverified e-mail",
            Self::PrivateRelay => "Private relay",
            Self::RotatedKey => "Rotated key",
            Self::LateClock => "Late clock",
            Self::ReusedCode => "Reused code",
            Self::Outage => "Outage",
        }
    }

    pub(crate) const fn explanation(self) -> &'static str {
        match self {
            Self::Cancelled => "The person changes their mind; the app is told access_denied.",
            Self::NoEmail => "The app learns a subject and a name, but no address.",
            Self::UnverifiedEmail => "The address comes along, but nobody ever confirmed it.",
            Self::PrivateRelay => "The app gets a forwarding address instead of the real one.",
            Self::RotatedKey => "A new signing key just before this token. It must still work.",
            Self::LateClock => "The clock here is ten minutes late: the token arrives expired.",
            Self::ReusedCode => "Somebody redeemed the code before the app does.",
            Self::Outage => "The token endpoint answers 503 for this sign-in.",
        }
    }
}
