//! The language and the theme, as a page.

use askama::Template;
use axum::response::Response;
use betancourt_auth_axum::SignedIn;
use http::StatusCode;

use super::{Desk, Laid, Section, lay};
use crate::front::Front;
use crate::pages::Frame;

/// The language and the theme.
#[derive(Debug, Template)]
#[template(path = "account/preferences.html")]
pub struct PreferencesPage {
    /// What every page has.
    pub frame: Frame,
    /// What every page of the account has.
    pub desk: Desk,
}

/// `GET /dashboard/preferences`.
///
/// # Errors
/// `503` when the store does not answer, `500` when there is no token to be had.
pub async fn preferences(front: Front, visitor: SignedIn) -> Result<Response, StatusCode> {
    let Laid { frame, desk, token } = lay(&front, visitor.session(), Section::Preferences).await?;
    Ok(Front::show(&PreferencesPage { frame, desk }, Some(&token)))
}
