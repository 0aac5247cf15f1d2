//! What a page of the administrators says after something was done, or was not.

use http::Uri;
use url::form_urlencoded;

use crate::texts::Texts;

/// What came of what an administrator did just now. The address carries its code, never a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Somebody has another role.
    RoleChanged,
    /// Somebody is signed out everywhere.
    SignedOut,
    /// Somebody's account is deleted.
    Deleted,
    /// Somebody is shut out.
    Suspended,
    /// Somebody may come in again.
    Lifted,
    /// It is the last administrator, who stays.
    LastAdministrator,
    /// They would have shut themselves out.
    Myself,
    /// No reason was given, or one that is too long.
    NoReason,
    /// What was typed does not name the person.
    NotNamed,
    /// There is no such person, or no such role.
    Gone,
    /// The form was open for too long.
    Outdated,
}

impl Notice {
    const ALL: [Self; 11] = [
        Self::RoleChanged,
        Self::SignedOut,
        Self::Deleted,
        Self::Suspended,
        Self::Lifted,
        Self::LastAdministrator,
        Self::Myself,
        Self::NoReason,
        Self::NotNamed,
        Self::Gone,
        Self::Outdated,
    ];

    /// The notice that an address carries.
    pub(super) fn of(uri: &Uri) -> Option<Self> {
        let pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        let said = pairs.filter(|(name, _)| name == "said").last()?.1;
        Self::ALL.into_iter().find(|notice| notice.code() == said)
    }

    /// Its name in an address.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::RoleChanged => "role-changed",
            Self::SignedOut => "signed-out",
            Self::Deleted => "deleted",
            Self::Suspended => "suspended",
            Self::Lifted => "lifted",
            Self::LastAdministrator => "last-administrator",
            Self::Myself => "myself",
            Self::NoReason => "no-reason",
            Self::NotNamed => "not-named",
            Self::Gone => "gone",
            Self::Outdated => "outdated",
        }
    }

    /// Its sentence.
    #[must_use]
    pub fn sentence(self, texts: &Texts) -> &'static str {
        let notices = &texts.administration.notices;
        match self {
            Self::RoleChanged => notices.role_changed,
            Self::SignedOut => notices.signed_out,
            Self::Deleted => notices.deleted,
            Self::Suspended => notices.suspended,
            Self::Lifted => notices.lifted,
            Self::LastAdministrator => notices.last_administrator,
            Self::Myself => notices.myself,
            Self::NoReason => notices.no_reason,
            Self::NotNamed => notices.not_named,
            Self::Gone => notices.gone,
            Self::Outdated => notices.outdated,
        }
    }

    /// Whether it says that something was not done.
    #[must_use]
    pub fn is_problem(self) -> bool {
        match self {
            Self::RoleChanged
            | Self::SignedOut
            | Self::Deleted
            | Self::Suspended
            | Self::Lifted => false,
            Self::LastAdministrator
            | Self::Myself
            | Self::NoReason
            | Self::NotNamed
            | Self::Gone
            | Self::Outdated => true,
        }
    }
}
