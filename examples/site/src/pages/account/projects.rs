//! What somebody makes with the studio: what there is, and how a project begins and ends.

use askama::Template;
use axum::Form;
use axum::response::{IntoResponse as _, Response};
use betancourt_auth_axum::SignedIn;
use http::StatusCode;

use super::super::Frame;
use super::{Desk, Laid, Notice, Pressed, Section, admit, back, lay};
use crate::catalogue::Kind;
use crate::database::NotAnswered;
use crate::front::Front;
use crate::projects::{self, LONGEST_TITLE, Project};

const HERE: Section = Section::Projects;

/// What somebody makes with the studio.
#[derive(Debug, Template)]
#[template(path = "account/projects.html")]
pub struct Projects {
    /// What every page has.
    pub frame: Frame,
    /// What every page of the account has.
    pub desk: Desk,
    /// The projects, the newest first.
    pub projects: Vec<Project>,
}

/// `GET /dashboard/projects`.
///
/// # Errors
/// `503` when the store does not answer, `500` when there is no token to be had.
pub async fn projects(front: Front, visitor: SignedIn) -> Result<Response, StatusCode> {
    let found = projects::of(&front.site.store, &visitor.user().id).await;
    let projects = found.map_err(|error| unavailable(&error))?;
    let Laid { frame, desk, token } = lay(&front, visitor.session(), HERE).await?;
    Ok(Front::show(&Projects { frame, desk, projects }, Some(&token)))
}

/// `POST /dashboard/projects/begin`.
///
/// # Errors
/// What to answer instead: back to the page, which says why.
pub async fn begin_project(
    front: Front,
    visitor: SignedIn,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Response> {
    admit(&front, &pressed, HERE).await?;
    let title = pressed.title.trim();
    let is_title = !title.is_empty() && title.chars().count() <= LONGEST_TITLE;
    let Some(kind) = Kind::from_name(&pressed.kind).filter(|_| is_title) else {
        return Err(back(HERE, Notice::NoTitle));
    };
    let user = &visitor.user().id;
    let begun = projects::begin(&front.site.store, user, (title, kind), front.site.now()).await;
    let begun = begun.map_err(|error| unavailable(&error).into_response())?;
    Ok(back(HERE, if begun { Notice::ProjectBegun } else { Notice::TooManyProjects }))
}

/// `POST /dashboard/projects/end`.
///
/// # Errors
/// What to answer instead: back to the page, which says why.
pub async fn end_project(
    front: Front,
    visitor: SignedIn,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Response> {
    admit(&front, &pressed, HERE).await?;
    let ended = projects::end(&front.site.store, &visitor.user().id, &pressed.id).await;
    ended.map_err(|error| unavailable(&error).into_response())?;
    Ok(back(HERE, Notice::ProjectEnded))
}

fn unavailable(error: &NotAnswered) -> StatusCode {
    tracing::error!(error = error as &dyn std::error::Error, "projects cannot be read or written");
    StatusCode::SERVICE_UNAVAILABLE
}
