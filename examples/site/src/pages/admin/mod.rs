//! The pages of administrators, and what they have in common.

mod messages;
mod notice;
mod overview;
mod people;
mod person;
mod providers;
mod refusals;

pub use messages::{Messages, Shown, messages};
pub use notice::Notice;
pub use overview::{Activity, Overview, Uptime, overview};
pub use people::{Listed, People, Wanted, people};
pub use person::{
    Begun, PersonPage, Pressed, ShutOut, delete, lift, person, set_role, sign_out, suspend,
};
pub use providers::{Door, Providers, providers};
pub use refusals::{Refusals, Tally, TallyList, refusals};

use betancourt_auth::User;
use http::StatusCode;

use super::Frame;
use crate::front::Front;
use crate::texts::Texts;

/// A page of the administrators, as its navigation names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// Numbers, and what happened last.
    Overview,
    /// Who has an account.
    People,
    /// What people write to the studio.
    Messages,
    /// Who did not get in.
    Refusals,
    /// Through whom people come.
    Providers,
}

impl Room {
    /// Every one, in the order of the navigation.
    pub const ALL: [Self; 5] =
        [Self::Overview, Self::People, Self::Messages, Self::Refusals, Self::Providers];

    /// Its path.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Overview => "/admin",
            Self::People => "/admin/people",
            Self::Messages => "/admin/messages",
            Self::Refusals => "/admin/refusals",
            Self::Providers => "/admin/providers",
        }
    }

    /// Its name in the navigation.
    #[must_use]
    pub fn name(self, texts: &Texts) -> &'static str {
        let nav = &texts.administration.nav;
        match self {
            Self::Overview => nav.overview,
            Self::People => nav.people,
            Self::Messages => nav.messages,
            Self::Refusals => nav.refusals,
            Self::Providers => nav.providers,
        }
    }
}

/// What stands around every page of the administrators.
#[derive(Clone, Debug)]
pub struct Office {
    /// Which page it is.
    pub room: Room,
    /// What came of what the administrator did just now.
    pub notice: Option<Notice>,
    /// The token of its forms.
    pub csrf_token: String,
}

/// The frame and the office of a page.
struct Laid {
    frame: Frame,
    office: Office,
    token: betancourt_auth::CsrfToken,
}

/// # Errors
/// `500` when there is no token to be had.
fn lay(front: &Front, administrator: &User, room: Room) -> Result<Laid, StatusCode> {
    let token = front.token()?;
    let office =
        Office { room, notice: Notice::of(&front.uri), csrf_token: token.value().to_owned() };
    Ok(Laid { frame: front.frame(Some(administrator), Some(&token)), office, token })
}

/// What is to be shown is not there to be read.
fn unavailable(error: &(dyn std::error::Error + 'static)) -> StatusCode {
    tracing::error!(error, "a page of the administrators has nothing to show");
    StatusCode::SERVICE_UNAVAILABLE
}
