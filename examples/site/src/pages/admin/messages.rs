//! What people wrote to the studio, the newest first.

use askama::Template;
use axum::response::Response;
use betancourt_auth_axum::Role;
use http::StatusCode;

use super::super::{Frame, minute};
use super::{Laid, Office, Room, lay, unavailable};
use crate::front::Front;
use crate::messages::{self, KeptMessage};
use crate::site::Administrator;

/// How many messages the page shows.
const NEWEST: u32 = 100;

/// What people wrote to the studio.
#[derive(Debug, Template)]
#[template(path = "admin/messages.html")]
pub struct Messages {
    /// What every page has.
    pub frame: Frame,
    /// What every page of the administrators has.
    pub office: Office,
    /// The messages, the newest first.
    pub messages: Vec<Shown>,
}

/// A message.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What was written, and by whom.
    pub kept: KeptMessage,
    /// When, to the minute.
    pub at: String,
}

impl From<KeptMessage> for Shown {
    fn from(kept: KeptMessage) -> Self {
        Self { at: minute(kept.at), kept }
    }
}

/// `GET /admin/messages`.
///
/// # Errors
/// `503` when the store does not answer, `500` when there is no token to be had.
pub async fn messages(
    front: Front,
    administrator: Role<Administrator>,
) -> Result<Response, StatusCode> {
    let found = messages::newest(&front.site.store, NEWEST).await;
    let found = found.map_err(|error| unavailable(&error))?;
    let Laid { frame, office, token } = lay(&front, administrator.user(), Room::Messages)?;
    let page = Messages { frame, office, messages: found.into_iter().map(Shown::from).collect() };
    Ok(Front::show(&page, Some(&token)))
}
