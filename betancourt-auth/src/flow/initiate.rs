//! A sign-in that a third party begins (OpenID Connect Core §4): a page with one button, because a link, an image or a
//! frame of anybody could have sent the browser here.

use http::{Method, StatusCode};

use crate::answer::{Answer, with_query};
use crate::check::{csrf, return_to};
use crate::client;
use crate::config::Setup;
use crate::error::{Error, ErrorKind};
use crate::page::{self, Frame};
use crate::request::{Once, Request};

const PATH: &str = "/initiate-signin";

/// `GET` or `POST /initiate-signin`: asks somebody whether they want to sign in with the provider that sent them.
///
/// # Errors
/// [`ErrorKind::IssuerUnknown`], [`ErrorKind::ReturnToForeign`], [`ErrorKind::ReturnToTooLong`],
/// [`ErrorKind::Randomness`].
pub(crate) async fn initiate(setup: &Setup, request: &Request) -> Result<Answer, Error> {
    let parameters = if request.method == Method::POST { &request.form } else { &request.query };
    let Once::One(issuer) = parameters.once("iss") else {
        return Err(ErrorKind::IssuerUnknown.into());
    };
    let registrations = &setup.config.registrations;
    let registration =
        registrations.iter().find(|known| client::is_issuer(&known.provider, issuer));
    let provider = &registration.ok_or(ErrorKind::IssuerUnknown)?.provider;
    let wanted = match parameters.once("target_link_uri") {
        Once::Missing => return_to::page_after_sign_in(setup),
        Once::One(wanted) => return_to::demanded(setup, wanted).await?,
        Once::Repeated => return Err(ErrorKind::ReturnToForeign.into()),
    };
    let hint = parameters.last("login_hint").map(|hint| ("login_hint", hint));
    if request.method == Method::POST {
        // The browser keeps its cookies back from the post of another site, and brings them along once it asks itself.
        let mut query = vec![("iss", issuer), ("target_link_uri", &wanted)];
        query.extend(hint);
        return Ok(Answer::redirect(setup.action_url(&with_query(PATH, &query))));
    }
    let token = csrf::token(setup, &request.cookies)?;
    let frame = Frame::new(setup, request.language());
    let hint: Vec<_> = hint.into_iter().collect();
    let template = page::Initiate {
        frame: &frame,
        provider: &provider.name,
        action: &setup.action_url(&with_query(&format!("/signin/{}", provider.id), &hint)),
        csrf_token: token.value(),
        callback_url: &wanted,
    };
    let origins: Vec<_> = registration.and_then(client::authorization_origin).into_iter().collect();
    let page = frame.page(StatusCode::OK, &template).leading_to(&origins);
    Ok(Answer::page(page).with_cookie(token.set_cookie().cloned()))
}
