//! Behind the link of a mail: a button by which somebody who was not there ends every session of theirs. Following the link
//! does nothing, because machines follow links, too.

use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;

use super::super::Frame;
use super::Pressed;
use crate::alarm::NotMe;
use crate::front::Front;

/// The button, or what became of it.
#[derive(Debug, Template)]
#[template(path = "account/disowned.html")]
pub struct Disowned {
    /// What every page has.
    pub frame: Frame,
    /// Where the button leads.
    pub here: String,
    /// The token of its form.
    pub csrf_token: String,
    /// How things stand.
    pub state: State,
}

/// How things stand with the link of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The button can be pressed.
    Open,
    /// Everybody is signed out.
    Done,
    /// The link is none of ours, or its time is over.
    Over,
}

/// `GET /not-me/{token}`.
///
/// # Errors
/// `500` when there is no token to be had.
pub async fn disowned(front: Front, Path(token): Path<String>) -> Result<Response, StatusCode> {
    let state = match (opened(&front, &token), front.uri.query()) {
        (None, _) => State::Over,
        (Some(_), Some("done")) => State::Done,
        (Some(_), _) => State::Open,
    };
    show(&front, &token, state)
}

/// `POST /not-me/{token}`.
///
/// # Errors
/// `503` when the store does not answer, `500` when there is no token to be had.
pub async fn disown(
    front: Front,
    Path(token): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, StatusCode> {
    let Some(NotMe { user }) = opened(&front, &token) else {
        return show(&front, &token, State::Over);
    };
    let auth = &front.site.auth;
    if !auth.is_our_form(front.headers(), &pressed.csrf_token) {
        return Ok(Redirect::to(&address(&token)).into_response());
    }
    auth.sign_out_everywhere(&user).await.map_err(|error| super::unavailable(&error))?;
    Ok(Redirect::to(&format!("{}?done", address(&token))).into_response())
}

fn opened(front: &Front, token: &str) -> Option<NotMe> {
    NotMe::open(&front.site.auth.config().secrets, token, front.site.now())
}

fn address(token: &str) -> String {
    format!("/not-me/{token}")
}

fn show(front: &Front, token: &str, state: State) -> Result<Response, StatusCode> {
    let csrf = front.token()?;
    let page = Disowned {
        frame: front.frame(None, None),
        here: address(token),
        csrf_token: csrf.value().to_owned(),
        state,
    };
    Ok(Front::show(&page, Some(&csrf)))
}
