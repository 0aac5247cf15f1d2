//! Signing in with a provider: begin and callback, OAuth 2 and OpenID Connect.

use crate::answer::Answer;
use crate::check::return_to::ReturnTo;
use crate::check::{handshake, rate};
use crate::client::{self, Question};
use crate::config::Setup;
use crate::error::Error;
use crate::flow::{finish, record_refusal};
use crate::panics::caught;
use crate::provider::Registration;
use crate::request::Request;
use crate::session;
use crate::witness::Checked;

/// Hints that a page may pass on to the provider. Nothing else of its request reaches the authorization request.
const HINTS: [&str; 3] = ["login_hint", "prompt", "ui_locales"];
const LONGEST_HINT: usize = 256;

/// `POST /signin/:provider`: sends the browser to the provider.
///
/// # Errors
/// The groups *Request*, *Provider* and *Ours*.
pub(crate) async fn begin(
    setup: &Setup,
    request: &Request,
    registration: &Registration,
) -> Result<Answer, Error> {
    rate::admit(setup, request).await?;
    let return_to = ReturnTo::read(setup, request).await?;
    let visit = session::visit(setup, &request.cookies).await?;
    let endpoints = client::endpoints(setup, registration).await?;
    let begun = handshake::begin(
        setup,
        request,
        registration,
        return_to.after_sign_in(setup),
        visit.presented(),
    )?;
    let question = Question {
        redirect_uri: &setup.action_url(&format!("/callback/{}", registration.provider.id)),
        state: &begun.state,
        nonce: &begun.nonce,
        code_challenge: &begun.code_challenge,
        assurance: &begun.assurance,
        hints: hints(request),
    };
    let to = client::authorization_address(setup, registration, &endpoints, &question).await?;
    Ok(Answer::redirect(to)
        .with_cookie(return_to.cookie)
        .with_cookies(begun.cookies)
        .with_cookies(visit.into_cookies()))
}

/// `GET` or `POST /callback/:provider`: the provider's answer. Whatever comes of it, the attempt is over.
///
/// # Errors
/// None: a refusal is an answer, too, with the cookie of the attempt cleared.
pub(crate) async fn callback(
    setup: &Setup,
    request: &Request,
    registration: &Registration,
) -> Result<Answer, Error> {
    let taken = handshake::take(setup, request, registration).await;
    let outcome = match taken.outcome {
        Ok(checked) => {
            let outcome = caught(complete(setup, registration, checked)).await;
            if let Err(error) = &outcome {
                record_refusal(setup, request, &registration.provider.id, error).await;
            }
            outcome
        }
        Err(error) => Err(error),
    };
    Ok(outcome.unwrap_or_else(Answer::from).with_cookie(taken.clear))
}

async fn complete(
    setup: &Setup,
    registration: &Registration,
    checked: Checked,
) -> Result<Answer, Error> {
    let return_to = checked.attempt().return_to.clone();
    let identity = client::identify(setup, registration, checked).await?;
    finish(setup, identity, &return_to).await
}

fn hints(request: &Request) -> Vec<(&'static str, String)> {
    let sound = |value: &&str| value.len() <= LONGEST_HINT && !value.chars().any(char::is_control);
    HINTS
        .iter()
        .filter_map(|name| Some((*name, request.query.last(name).filter(sound)?.to_owned())))
        .collect()
}
