//! The pages of plain prose: the terms, the privacy policy, and help with signing in.

use askama::Template;
use axum::response::Response;
use betancourt_auth_axum::MaybeSignedIn;
use http::StatusCode;

use super::{Frame, Provider};
use crate::cookies::{self, ListedCookie};
use crate::front::Front;
use crate::texts::{Document, Texts};

/// A page of plain prose.
#[derive(Debug, Template)]
#[template(path = "document.html")]
pub struct DocumentPage {
    /// What every page has.
    pub frame: Frame,
    /// What it says.
    pub document: &'static Document,
    /// The ways to sign in that are switched on.
    pub ways_in: Vec<Provider>,
    /// The cookies that may be set.
    pub cookies: Vec<ListedCookie>,
}

/// `GET /terms`.
///
/// # Errors
/// `500` when there is no token to be had.
pub async fn terms(front: Front, visitor: MaybeSignedIn) -> Result<Response, StatusCode> {
    document(&front, &visitor, |texts| &texts.terms)
}

/// `GET /help/sign-in`.
///
/// # Errors
/// `500` when there is no token to be had.
pub async fn help(front: Front, visitor: MaybeSignedIn) -> Result<Response, StatusCode> {
    document(&front, &visitor, |texts| &texts.help)
}

/// `GET /privacy`.
///
/// # Errors
/// `500` when there is no token to be had.
pub async fn privacy(front: Front, visitor: MaybeSignedIn) -> Result<Response, StatusCode> {
    document(&front, &visitor, |texts| &texts.privacy)
}

fn document(
    front: &Front,
    visitor: &MaybeSignedIn,
    which: fn(&'static Texts) -> &'static Document,
) -> Result<Response, StatusCode> {
    let token = front.token_if(visitor.user().is_some())?;
    let frame = front.frame(visitor.user(), token.as_ref());
    let (texts, config) = (frame.texts(), front.site.auth.config());
    let page = DocumentPage {
        document: which(texts),
        ways_in: front.ways_in(),
        cookies: cookies::listed(config, texts),
        frame,
    };
    Ok(Front::show(&page, token.as_ref()))
}
