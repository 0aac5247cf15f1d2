//! Somebody finds something in their history that they did not do.

use askama::Template;
use axum::response::Response;
use betancourt_auth_axum::SignedIn;
use http::StatusCode;

use super::super::Frame;
use super::{Desk, Laid, Section, lay};
use crate::front::Front;

/// What to do then.
#[derive(Debug, Template)]
#[template(path = "account/not_me.html")]
pub struct NotMe {
    /// What every page has.
    pub frame: Frame,
    /// What every page of the account has.
    pub desk: Desk,
}

/// `GET /dashboard/not-me`.
///
/// # Errors
/// `503` when the store does not answer, `500` when there is no token to be had.
pub async fn not_me(front: Front, visitor: SignedIn) -> Result<Response, StatusCode> {
    let Laid { frame, desk, token } = lay(&front, visitor.session(), Section::History).await?;
    Ok(Front::show(&NotMe { frame, desk }, Some(&token)))
}
