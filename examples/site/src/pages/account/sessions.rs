//! Where somebody is signed in, and how each of those sessions ends.

use askama::Template;
use axum::Form;
use axum::response::Response;
use betancourt_auth::{Device, OwnSession};
use betancourt_auth_axum::SignedIn;
use http::StatusCode;

use super::super::{Frame, minute};
use super::{Desk, Laid, Notice, Pressed, Section, admit, back, lay, refused, unavailable};
use crate::front::Front;
use crate::texts::Texts;

/// Where somebody is signed in.
#[derive(Debug, Template)]
#[template(path = "account/sessions.html")]
pub struct Sessions {
    /// What every page has.
    pub frame: Frame,
    /// What every page of the account has.
    pub desk: Desk,
    /// The sessions: this one, then the latest used.
    pub sessions: Vec<OwnDevice>,
}

/// A session, as its owner sees it.
#[derive(Clone, Debug)]
pub struct OwnDevice {
    /// What its form calls it.
    pub id: String,
    /// Whether it is the one that asks.
    pub is_current: bool,
    /// The browser and the system, as people say it.
    pub device: String,
    /// Whether it is something to carry in a pocket.
    pub is_handheld: bool,
    /// How they signed in.
    pub method: Option<String>,
    /// When they signed in.
    pub since: Option<String>,
    /// When it was last used.
    pub seen: Option<String>,
    /// When it ends, unless it is used.
    pub until: String,
}

impl OwnDevice {
    fn of(own: OwnSession, front: &Front, texts: &Texts) -> Self {
        let ways = front.ways_in();
        let named = own.method.and_then(|id| ways.into_iter().find(|way| way.id == id));
        Self {
            id: own.id,
            is_current: own.is_current,
            device: name_of(own.device, texts),
            is_handheld: matches!(own.device.system, Some("Android" | "iOS" | "iPadOS")),
            method: named.map(|way| way.name).or(own.method_name),
            since: own.created_at.map(minute),
            seen: own.last_seen_at.map(minute),
            until: minute(own.expires),
        }
    }
}

/// A browser and its system, as people say it.
pub(crate) fn name_of(device: Device, texts: &Texts) -> String {
    match (device.browser, device.system) {
        (Some(browser), Some(system)) => {
            format!("{browser} {} {system}", texts.account.sessions.on)
        }
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => texts.account.sessions.unknown_device.to_owned(),
    }
}

/// `GET /dashboard/sessions`.
///
/// # Errors
/// `503` when the store does not answer, `500` when there is no token to be had.
pub async fn sessions(front: Front, visitor: SignedIn) -> Result<Response, StatusCode> {
    let auth = &front.site.auth;
    let visit = auth.visit(front.headers()).await.map_err(|error| unavailable(&error))?;
    let sessions = auth.sessions(&visit).await.map_err(|error| unavailable(&error))?;
    let Laid { frame, desk, token } = lay(&front, visitor.session(), Section::Sessions).await?;
    let texts = frame.texts();
    let sessions = sessions.into_iter().map(|own| OwnDevice::of(own, &front, texts)).collect();
    Ok(Front::show(&Sessions { frame, desk, sessions }, Some(&token)))
}

/// `POST /dashboard/sessions/end`.
///
/// # Errors
/// What to answer instead: back to the page, which says why.
pub async fn end(
    front: Front,
    _: SignedIn,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Response> {
    const HERE: Section = Section::Sessions;
    let visit = admit(&front, &pressed, HERE).await?;
    let ended = front.site.auth.revoke_session(&visit, &pressed.id).await;
    ended.map_err(|error| refused(&error, HERE))?;
    Ok(back(HERE, Notice::SessionEnded))
}

/// `POST /dashboard/sessions/end-others`.
///
/// # Errors
/// What to answer instead: back to the page, which says why.
pub async fn end_others(
    front: Front,
    _: SignedIn,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Response> {
    const HERE: Section = Section::Sessions;
    let visit = admit(&front, &pressed, HERE).await?;
    let ended = front.site.auth.revoke_other_sessions(&visit).await;
    ended.map_err(|error| refused(&error, HERE))?;
    Ok(back(HERE, Notice::OthersEnded))
}
