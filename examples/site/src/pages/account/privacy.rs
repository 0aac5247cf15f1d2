//! What somebody can take along, and how they go.

use askama::Template;
use axum::Form;
use axum::response::{IntoResponse, Response};
use betancourt_auth_axum::SignedIn;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};

use super::super::Frame;
use super::{Desk, Laid, Notice, Pressed, Section, admit, back, confirm_address, lay, refused};
use crate::export::{self, Export};
use crate::front::{FOR_ONE, Front};
use crate::preferences::Language;
use crate::texts::Texts;

const HERE: Section = Section::Privacy;

/// What somebody can take along, and how they go.
#[derive(Debug, Template)]
#[template(path = "account/privacy.html")]
pub struct Privacy {
    /// What every page has.
    pub frame: Frame,
    /// What every page of the account has.
    pub desk: Desk,
}

/// `GET /dashboard/privacy`.
///
/// # Errors
/// `503` when the store does not answer, `500` when there is no token to be had.
pub async fn privacy(front: Front, visitor: SignedIn) -> Result<Response, StatusCode> {
    let Laid { frame, desk, token } = lay(&front, visitor.session(), HERE).await?;
    Ok(Front::show(&Privacy { frame, desk }, Some(&token)))
}

/// `POST /dashboard/privacy/export`: everything that is kept of whoever asks.
///
/// # Errors
/// What to answer instead: to sign in once more, or back to the page, which says why.
pub async fn export(
    front: Front,
    visitor: SignedIn,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Response> {
    admit(&front, &pressed, HERE).await?;
    if !front.site.is_fresh(visitor.session()) {
        return Err(axum::response::Redirect::to(&confirm_address(HERE)).into_response());
    }
    let failed = |error: &dyn std::error::Error| {
        tracing::error!(%error, "what is kept of somebody could not be collected");
        StatusCode::SERVICE_UNAVAILABLE.into_response()
    };
    let export = Export::of(&front.site, visitor.session()).await;
    let export = export.map_err(|error| failed(&error))?;
    let (kind, name, content) = if pressed.form == "zip" {
        let read_me = front.texts().account.privacy.read_me;
        let archive = export.archive(read_me, front.site.now()).map_err(|error| failed(&error))?;
        ("application/zip", "betancourt-audio.zip", archive)
    } else {
        ("application/json", "betancourt-audio.json", export::pretty(&export.whole()))
    };
    let headers = [
        (CONTENT_TYPE, kind.parse()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"").parse()),
        (CACHE_CONTROL, Ok(FOR_ONE)),
    ];
    let mut response = content.into_response();
    for (name, value) in headers {
        response.headers_mut().extend(value.map(|value| (name, value)));
    }
    Ok(response)
}

/// `POST /dashboard/privacy/delete`: with the phrase, and by somebody who signed in just now.
///
/// # Errors
/// What to answer instead: to sign in once more, or back to the page, which says why.
pub async fn delete(
    front: Front,
    _: SignedIn,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Response> {
    let visit = admit(&front, &pressed, HERE).await?;
    if !is_meant(&pressed.phrase) {
        return Err(back(HERE, Notice::WrongPhrase));
    }
    let requested = front.site.auth.request_deletion(&visit).await;
    requested.map_err(|error| refused(&error, HERE))?;
    Ok(back(HERE, Notice::Leaving))
}

/// `POST /dashboard/privacy/keep`: they changed their mind. Nobody is asked who they are for that.
///
/// # Errors
/// What to answer instead: back to the page, which says why.
pub async fn keep(
    front: Front,
    _: SignedIn,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Response> {
    let visit = admit(&front, &pressed, HERE).await?;
    let withdrawn = front.site.auth.withdraw_deletion(&visit).await;
    let withdrawn = withdrawn.map_err(|error| refused(&error, HERE))?;
    Ok(back(HERE, if withdrawn { Notice::Staying } else { Notice::Gone }))
}

/// Whether it is the phrase, in either language: whoever changed the language in another tab meant it, too.
fn is_meant(typed: &str) -> bool {
    let typed = typed.trim().to_lowercase();
    Language::ALL.iter().any(|language| Texts::of(*language).account.privacy.phrase == typed)
}
