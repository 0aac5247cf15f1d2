//! Signing in once more, before something dangerous: with what the person has, and back to where they were.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use betancourt_auth_axum::SignedIn;
use http::StatusCode;

use super::super::sign_in::Asked;
use super::super::{Frame, Provider};
use super::{mail_of, unavailable};
use crate::front::Front;

/// The ways to confirm that it is them.
#[derive(Debug, Template)]
#[template(path = "account/confirm.html")]
pub struct Confirm {
    /// What every page has.
    pub frame: Frame,
    /// The providers that the person has an account at.
    pub providers: Vec<Provider>,
    /// The mail, and the proven address that it goes to.
    pub mail: Option<(Provider, String)>,
    /// Where they go afterwards.
    pub return_to: String,
    /// The token of its forms.
    pub csrf_token: String,
}

/// `GET /dashboard/confirm?callbackUrl=`.
///
/// # Errors
/// `503` when the store does not answer, `500` when there is no token to be had.
pub async fn confirm(front: Front, visitor: SignedIn) -> Result<Response, StatusCode> {
    let site = &front.site;
    let return_to = Asked::read(&front.uri).return_to(&site.auth.config().url);
    if site.is_fresh(visitor.session()) {
        return Ok(Redirect::to(&return_to).into_response());
    }
    let user = visitor.user();
    let accounts = site.auth.accounts(user).await.map_err(|error| unavailable(&error))?;
    let has = |provider: &Provider| accounts.iter().any(|own| own.key.provider == provider.id);
    let token = front.token()?;
    let page = Confirm {
        frame: front.frame(Some(user), Some(&token)),
        providers: front.providers().into_iter().filter(has).collect(),
        mail: mail_of(&front, user),
        return_to,
        csrf_token: token.value().to_owned(),
    };
    Ok(Front::show(&page, Some(&token)))
}
