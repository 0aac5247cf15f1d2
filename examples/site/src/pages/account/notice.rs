//! What a page of the account says after something was done, or was not.

use http::Uri;
use url::form_urlencoded;

use crate::texts::Texts;

/// What came of what somebody did just now. The address carries its code, never a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// An account was untied.
    Unlinked,
    /// A session was ended.
    SessionEnded,
    /// All other sessions were ended.
    OthersEnded,
    /// The account is the last way in, and stays.
    LastWayIn,
    /// What it was about is gone already.
    Gone,
    /// The form was open for too long.
    Outdated,
    /// They asked to be deleted.
    Leaving,
    /// They changed their mind.
    Staying,
    /// The phrase was another one.
    WrongPhrase,
    /// They are the last administrator, who cannot leave.
    LastAdministrator,
    /// Their name or their picture is that of a provider now.
    TakenOver,
    /// A project is begun.
    ProjectBegun,
    /// A project is ended.
    ProjectEnded,
    /// A project has no title, or one that is too long, or is of no kind.
    NoTitle,
    /// They have as many projects as one can have.
    TooManyProjects,
}

impl Notice {
    const ALL: [Self; 15] = [
        Self::Unlinked,
        Self::SessionEnded,
        Self::OthersEnded,
        Self::LastWayIn,
        Self::Gone,
        Self::Outdated,
        Self::Leaving,
        Self::Staying,
        Self::WrongPhrase,
        Self::LastAdministrator,
        Self::TakenOver,
        Self::ProjectBegun,
        Self::ProjectEnded,
        Self::NoTitle,
        Self::TooManyProjects,
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
            Self::Unlinked => "unlinked",
            Self::SessionEnded => "session-ended",
            Self::OthersEnded => "others-ended",
            Self::LastWayIn => "last-way-in",
            Self::Gone => "gone",
            Self::Outdated => "outdated",
            Self::Leaving => "leaving",
            Self::Staying => "staying",
            Self::WrongPhrase => "wrong-phrase",
            Self::LastAdministrator => "last-administrator",
            Self::TakenOver => "taken-over",
            Self::ProjectBegun => "project-begun",
            Self::ProjectEnded => "project-ended",
            Self::NoTitle => "no-title",
            Self::TooManyProjects => "too-many-projects",
        }
    }

    /// Its sentence.
    #[must_use]
    pub fn sentence(self, texts: &Texts) -> &'static str {
        let notices = &texts.account.notices;
        match self {
            Self::Unlinked => notices.unlinked,
            Self::SessionEnded => notices.session_ended,
            Self::OthersEnded => notices.others_ended,
            Self::LastWayIn => notices.last_way_in,
            Self::Gone => notices.gone,
            Self::Outdated => notices.outdated,
            Self::Leaving => notices.leaving,
            Self::Staying => notices.staying,
            Self::WrongPhrase => notices.wrong_phrase,
            Self::LastAdministrator => notices.last_administrator,
            Self::TakenOver => notices.taken_over,
            Self::ProjectBegun => notices.project_begun,
            Self::ProjectEnded => notices.project_ended,
            Self::NoTitle => notices.no_title,
            Self::TooManyProjects => notices.too_many_projects,
        }
    }

    /// Whether it says that something was not done.
    #[must_use]
    pub fn is_problem(self) -> bool {
        match self {
            Self::Unlinked
            | Self::SessionEnded
            | Self::OthersEnded
            | Self::Leaving
            | Self::Staying
            | Self::TakenOver
            | Self::ProjectBegun
            | Self::ProjectEnded => false,
            Self::LastWayIn
            | Self::Gone
            | Self::Outdated
            | Self::WrongPhrase
            | Self::LastAdministrator
            | Self::NoTitle
            | Self::TooManyProjects => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_is_on_the_list_and_nothing_else() {
        let of = |address: &'static str| Notice::of(&Uri::from_static(address));
        for notice in Notice::ALL {
            let address = format!("/dashboard/sessions?x=1&said={}", notice.code());
            assert_eq!(Notice::of(&address.parse().unwrap()), Some(notice));
        }
        assert_eq!(of("/dashboard/sessions"), None);
        assert_eq!(of("/dashboard/sessions?said=%3Cb%3E"), None);
    }
}
