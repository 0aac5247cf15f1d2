//! The pages on which somebody looks after what is theirs, and what these pages have in common.

mod confirm;
mod connections;
mod disowned;
mod history;
mod not_me;
mod notice;
mod preferences;
mod privacy;
mod profile;
mod projects;
mod sessions;

pub use confirm::{Confirm, confirm};
pub use connections::{Connection, Connections, connections, unlink};
pub use disowned::{Disowned, State, disown, disowned};
pub use history::{Entry, History, history};
pub use not_me::{NotMe, not_me};
pub use notice::Notice;
pub use preferences::{PreferencesPage, preferences};
pub use privacy::{Privacy, delete, export, keep, privacy};
pub use profile::{Profile, Told, profile, take_over};
pub use projects::{Projects, begin_project, end_project, projects};
pub(crate) use sessions::name_of as device_name;
pub use sessions::{OwnDevice, Sessions, end, end_others, sessions};

use axum::response::{IntoResponse, Redirect, Response};
use betancourt_auth::{Error, ErrorKind, Session, User, Visit};
use http::StatusCode;
use serde::Deserialize;
use time::OffsetDateTime;
use url::form_urlencoded;

use super::{Frame, minute};
use crate::front::Front;
use crate::texts::Texts;

/// A page of the account, as its navigation names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// What there is to do.
    Overview,
    /// Who the person is.
    Profile,
    /// What they make with the studio.
    Projects,
    /// What they sign in with.
    Connections,
    /// Where they are signed in.
    Sessions,
    /// What happened.
    History,
    /// What they can take along, and how they go.
    Privacy,
    /// Language and theme.
    Preferences,
}

impl Section {
    /// Every one, in the order of the navigation.
    pub const ALL: [Self; 8] = [
        Self::Overview,
        Self::Profile,
        Self::Projects,
        Self::Connections,
        Self::Sessions,
        Self::History,
        Self::Privacy,
        Self::Preferences,
    ];

    /// Its path.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Overview => "/dashboard",
            Self::Profile => "/dashboard/profile",
            Self::Projects => "/dashboard/projects",
            Self::Connections => "/dashboard/connections",
            Self::Sessions => "/dashboard/sessions",
            Self::History => "/dashboard/history",
            Self::Privacy => "/dashboard/privacy",
            Self::Preferences => "/dashboard/preferences",
        }
    }

    /// Its name in the navigation.
    #[must_use]
    pub fn name(self, texts: &Texts) -> &'static str {
        let nav = &texts.account.nav;
        match self {
            Self::Overview => nav.overview,
            Self::Profile => nav.profile,
            Self::Projects => nav.projects,
            Self::Connections => nav.connections,
            Self::Sessions => nav.sessions,
            Self::History => nav.history,
            Self::Privacy => nav.privacy,
            Self::Preferences => nav.preferences,
        }
    }
}

/// What stands around every page of the account.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Which page it is.
    pub section: Section,
    /// What came of what the person did just now.
    pub notice: Option<Notice>,
    /// The token of its forms.
    pub csrf_token: String,
    /// Whether they signed in a moment ago, so that what is dangerous is done without asking again.
    pub is_fresh: bool,
    /// That they asked to be deleted, if they did.
    pub leaving: Option<Leaving>,
}

/// Somebody is about to leave, and can still stay.
#[derive(Clone, Debug)]
pub struct Leaving {
    /// The day on which they are deleted.
    pub on: String,
    /// Where that is written, also when they are gone.
    pub receipt: String,
}

impl Desk {
    /// Where to confirm that it is them, and come back here.
    #[must_use]
    pub fn confirm(&self) -> String {
        confirm_address(self.section)
    }
}

/// The frame and the desk of a page.
pub(super) struct Laid {
    pub(super) frame: Frame,
    pub(super) desk: Desk,
    pub(super) token: betancourt_auth::CsrfToken,
}

/// # Errors
/// `503` when the store does not answer, `500` when there is no token to be had.
pub(super) async fn lay(
    front: &Front,
    session: &Session,
    section: Section,
) -> Result<Laid, StatusCode> {
    let auth = &front.site.auth;
    let leaving = auth.deletion_of(&session.user.id).await.map_err(|error| unavailable(&error))?;
    let token = front.token()?;
    let desk = Desk {
        section,
        notice: Notice::of(&front.uri),
        csrf_token: token.value().to_owned(),
        is_fresh: front.site.is_fresh(session),
        leaving: leaving.map(|request| Leaving {
            on: request.due_at.map(day).unwrap_or_default(),
            receipt: format!("{}/deletion/{}", auth.config().base_path, request.code),
        }),
    };
    Ok(Laid { frame: front.frame(Some(&session.user), Some(&token)), desk, token })
}

/// A button that was pressed: the token of its form, and what it is about.
#[derive(Debug, Deserialize)]
pub struct Pressed {
    #[serde(default, rename = "csrfToken")]
    csrf_token: String,
    /// Which account, or which session.
    #[serde(default)]
    id: String,
    /// What was typed to say that it is meant.
    #[serde(default)]
    phrase: String,
    /// In which form something is wanted.
    #[serde(default)]
    form: String,
    /// What a project is called.
    #[serde(default)]
    title: String,
    /// What kind of project it is.
    #[serde(default)]
    kind: String,
    /// What of a profile is taken over.
    #[serde(default)]
    part: String,
}

/// Who pressed a button on one of our own pages.
///
/// # Errors
/// What to answer instead: back to the page, which says why.
async fn admit(front: &Front, pressed: &Pressed, section: Section) -> Result<Visit, Response> {
    let auth = &front.site.auth;
    if !auth.is_our_form(front.headers(), &pressed.csrf_token) {
        return Err(back(section, Notice::Outdated));
    }
    auth.visit(front.headers()).await.map_err(|error| refused(&error, section))
}

/// Back to a page, which says what came of it.
fn back(section: Section, notice: Notice) -> Response {
    Redirect::to(&format!("{}?said={}", section.path(), notice.code())).into_response()
}

/// The answer to what could not be done. Whoever signed in too long ago is asked to do so again, and comes back.
fn refused(error: &Error, section: Section) -> Response {
    match error.kind() {
        ErrorKind::ReauthRequired => Redirect::to(&confirm_address(section)).into_response(),
        ErrorKind::LastAdministrator => back(section, Notice::LastAdministrator),
        ErrorKind::LastWayIn => back(section, Notice::LastWayIn),
        ErrorKind::UnknownAccount | ErrorKind::UnknownSession => back(section, Notice::Gone),
        ErrorKind::SignedOut => Redirect::to(section.path()).into_response(),
        _ => {
            tracing::error!(reason = error.reason(), "what somebody asked for was not done");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

fn confirm_address(section: Section) -> String {
    let path: String = form_urlencoded::byte_serialize(section.path().as_bytes()).collect();
    format!("/dashboard/confirm?callbackUrl={path}")
}

/// The store does not say what a page is to show.
fn unavailable(error: &Error) -> StatusCode {
    tracing::error!(reason = error.reason(), "the store does not answer a page of the account");
    StatusCode::SERVICE_UNAVAILABLE
}

/// The day of a moment, in UTC.
fn day(moment: OffsetDateTime) -> String {
    minute(moment).chars().take(10).collect()
}

/// Whether a person can ask for a link by mail: they proved their address, and mail is sent.
fn mail_of(front: &Front, user: &User) -> Option<(super::Provider, String)> {
    let address = user.email.clone().filter(|_| user.email_verified.is_some())?;
    Some((front.mail()?, address))
}
