//! What is asked about sessions and forms: session, csrf, providers, and the pages around signing in and out.

use http::StatusCode;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use crate::answer::{Answer, with_query};
use crate::check::csrf;
use crate::check::return_to::ReturnTo;
use crate::client::authorization_origin;
use crate::config::{Setup, Strategy, WayIn};
use crate::error::{Code, Error};
use crate::model::Session;
use crate::page::{self, Frame, Notice, Problem, Ways};
use crate::request::Request;
use crate::session;

/// ISO 8601 with milliseconds, as `Date.prototype.toISOString` writes it.
const ISO_8601: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// `GET /session`: the session, or `null`.
///
/// # Errors
/// [`ErrorKind::Store`](crate::ErrorKind::Store).
pub(crate) async fn show(setup: &Setup, request: &Request) -> Result<Answer, Error> {
    let return_to = ReturnTo::read(setup, request).await?;
    let visit = session::visit(setup, &request.cookies).await?;
    let shown = shown(setup, visit.session(), None).await;
    Ok(Answer::json(shown).with_cookie(return_to.cookie).with_cookies(visit.into_cookies()))
}

/// `POST /session`: the session after an update, or `null`. The browser client takes any other answer for a failure of
/// the network, so a refusal is `null`, too.
pub(crate) async fn update(setup: &Setup, request: &Request) -> Answer {
    updated(setup, request).await.unwrap_or_else(Answer::no_session)
}

async fn updated(setup: &Setup, request: &Request) -> Result<Answer, Error> {
    csrf::verify(setup, request)?;
    let return_to = ReturnTo::read(setup, request).await?;
    let data = request.data.as_ref();
    let visit = session::update(setup, &request.cookies, data).await?;
    let seen = match setup.config.session.strategy {
        Strategy::Database => data,
        Strategy::Jwt => None, // the `jwt` callback has seen it
    };
    let shown = shown(setup, visit.session(), seen).await;
    Ok(Answer::json(shown).with_cookie(return_to.cookie).with_cookies(visit.into_cookies()))
}

async fn shown(setup: &Setup, session: Option<&Session>, update: Option<&Value>) -> Value {
    let Some(session) = session else { return Value::Null };
    setup.config.events.session(session).await;
    setup.config.callbacks.session(session, default_shape(session), update).await
}

fn default_shape(session: &Session) -> Value {
    let user = &session.user;
    json!({
        "user": { "name": user.name, "email": user.email, "image": user.image },
        "expires": iso_8601(session.expires),
    })
}

pub(super) fn iso_8601(moment: OffsetDateTime) -> String {
    moment.format(&ISO_8601).unwrap_or_default()
}

/// `GET /csrf`: a token for a form.
pub(crate) async fn csrf_token(setup: &Setup, request: &Request) -> Result<Answer, Error> {
    let return_to = ReturnTo::read(setup, request).await?;
    let token = csrf::token(setup, &request.cookies)?;
    Ok(Answer::json(json!({ "csrfToken": token.value() }))
        .with_cookie(token.set_cookie().cloned())
        .with_cookie(return_to.cookie))
}

/// `POST /_log`: the browser client of NextAuth.js v4 reports its errors. Anybody can write anything there, so nothing
/// of it is kept.
pub(crate) fn log() -> Answer {
    Answer::json(json!({}))
}

/// `GET /providers`: what can be signed in with.
pub(crate) fn providers(setup: &Setup) -> Answer {
    let entry = |way: WayIn<'_>| {
        let id = way.id();
        let shown = json!({
            "id": id, "name": way.name(), "type": way.kind(),
            "signinUrl": setup.action_url(&format!("/signin/{id}")),
            "callbackUrl": setup.action_url(&format!("/callback/{id}")),
        });
        (id.to_owned(), shown)
    };
    Answer::json(Value::Object(setup.ways_in().map(entry).collect::<Map<_, _>>()))
}

/// Whoever does not say how to sign in, or comes without the credentials, goes to the page that asks.
///
/// # Errors
/// [`ErrorKind::ReturnToTooLong`](crate::ErrorKind::ReturnToTooLong).
pub(crate) async fn choose(setup: &Setup, request: &Request) -> Result<Answer, Error> {
    let return_to = ReturnTo::read(setup, request).await?;
    Ok(Answer::redirect(setup.action_url("/signin")).with_cookie(return_to.cookie))
}

/// `GET /signin`: the page to sign in, or the application's own.
pub(crate) async fn sign_in_page(setup: &Setup, request: &Request) -> Result<Answer, Error> {
    let return_to = ReturnTo::read(setup, request).await?;
    let callback_url = return_to.after_sign_in(setup);
    let error = request.query.last("error");
    if let Some(own) = &setup.config.pages.sign_in {
        let mut parameters = vec![("callbackUrl", callback_url.as_str())];
        parameters.extend(error.map(|error| ("error", error)));
        return Ok(Answer::redirect(with_query(own, &parameters)).with_cookie(return_to.cookie));
    }
    let token = csrf::token(setup, &request.cookies)?;
    let frame = Frame::new(setup, request.language());
    let template = page::SignIn {
        frame: &frame,
        notice: error.map(Notice::parse),
        reference: reference(request),
        ways: Ways::of(setup),
        address: request.query.last("email"),
        csrf_token: token.value(),
        callback_url: &callback_url,
    };
    let page = frame.page(StatusCode::OK, &template).leading_to(&provider_origins(setup));
    Ok(Answer::page(page).with_cookie(token.set_cookie().cloned()).with_cookie(return_to.cookie))
}

/// The origins that the forms of a sign-in page lead to.
pub(crate) fn provider_origins(setup: &Setup) -> Vec<String> {
    let mut origins: Vec<String> =
        setup.config.registrations.iter().filter_map(authorization_origin).collect();
    origins.sort();
    origins.dedup();
    origins
}

/// `GET /error`: what went wrong, or the application's own page for it.
pub(crate) async fn error_page(setup: &Setup, request: &Request) -> Result<Answer, Error> {
    let return_to = ReturnTo::read(setup, request).await?;
    let error = request.query.last("error");
    if let Some(own) = &setup.config.pages.error {
        let parameters: Vec<_> = error.map(|error| ("error", error)).into_iter().collect();
        return Ok(Answer::redirect(with_query(own, &parameters)).with_cookie(return_to.cookie));
    }
    let word = request.query.last("code");
    let notice = error.map_or(Notice::Unknown, |error| Notice::parse_both(error, word));
    let status = match notice {
        Notice::Code(Code::Configuration) => StatusCode::INTERNAL_SERVER_ERROR,
        Notice::Code(Code::AccessDenied | Code::Verification) | Notice::Suspended => {
            StatusCode::FORBIDDEN
        }
        _ => StatusCode::OK,
    };
    let frame = Frame::new(setup, request.language());
    let page = frame.page(status, &Problem::new(&frame, notice, reference(request)));
    Ok(Answer::page(page).with_cookie(return_to.cookie))
}

/// The reference that belongs to an error, if it has the form of one of ours.
fn reference(request: &Request) -> Option<&str> {
    request.query.last("ref").filter(|reference| page::is_reference(reference))
}
