//! What becomes of an error: one event in the log, one answer.

use bytes::Bytes;
use http::header::{CONTENT_LANGUAGE, HeaderValue};
use http::{Response, Uri};
use serde_json::json;

use crate::answer::{
    Manner, bad_request, finish, json_response, no_session, retry_later, with_query,
};
use crate::config::Setup;
use crate::error::{Code, Error, ErrorKind, Landing, Severity};
use crate::page::{Frame, Notice, Problem, REFERENCE_LENGTH, REFERENCE_LETTERS};
use crate::request::Request;
use crate::secret;

/// How many characters of an attempt's hash the log has.
const ATTEMPT_LENGTH: usize = 12;

/// Why somebody may not see something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// Nobody is signed in.
    SignedOut,
    /// Somebody is, without the role it takes.
    Forbidden,
}

/// Turns an error into an answer: the only place that does.
pub(crate) fn refuse(
    setup: &Setup,
    request: &Request,
    manner: &Manner,
    error: &Error,
) -> Response<Bytes> {
    let reference = reference(setup);
    log(setup, error, Some(request), Some(&reference));
    let code = error.code();
    let page = match code.landing() {
        Landing::SignIn => setup.sign_in_page(),
        Landing::Error | Landing::Here => setup.error_page(),
    };
    let mut query = vec![("error", code.as_str()), ("ref", reference.as_str())];
    query.splice(1..1, error.word().map(|word| ("code", word)));
    let error_url = setup.absolute(&with_query(&page, &query));
    let frame = Frame::new(setup, manner.language());
    let problem = Problem::new(&frame, Notice::of(error), Some(&reference));
    let shown = if request.brings_an_answer() {
        problem.in_words(code.status())
    } else {
        frame.page(code.status(), &problem).into_response()
    };
    manner.refusal(code, &error_url, shown)
}

/// Turns an error into an answer for a script that reads a session, or `null`.
pub(crate) fn refuse_session(setup: &Setup, request: &Request, error: &Error) -> Response<Bytes> {
    log(setup, error, Some(request), None);
    no_session(error.code())
}

/// Turns an error into an answer for a script that reads statuses.
pub(crate) fn fail(setup: &Setup, request: &Request, error: &Error) -> Response<Bytes> {
    log(setup, error, Some(request), None);
    failure(error)
}

/// Turns an error into an answer for whoever delivers a security event (RFC 8935 §2.3): what is wrong with the token, or
/// that it is worth trying again.
pub(crate) fn refuse_event(setup: &Setup, request: &Request, error: &Error) -> Response<Bytes> {
    log(setup, error, Some(request), None);
    let ErrorKind::MessageRefused(flaw) = error.kind() else { return failure(error) };
    let told = json!({ "err": flaw.registered(), "description": error.reason() });
    let mut response = json_response(error.status(), &told);
    response.headers_mut().insert(CONTENT_LANGUAGE, HeaderValue::from_static("en"));
    response
}

fn failure(error: &Error) -> Response<Bytes> {
    let code = error.code();
    let response = json_response(error.status(), &json!({ "error": code.as_str() }));
    if matches!(code, Code::RateLimited | Code::Unavailable) {
        retry_later(response)
    } else {
        response
    }
}

/// Turns somebody away from a guarded route.
pub(crate) fn deny(setup: &Setup, denial: Denial, uri: &Uri, manner: &Manner) -> Response<Bytes> {
    let response = match (denial, manner.is_for_a_person()) {
        (Denial::SignedOut, true) => {
            let wanted = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
            manner.redirect(&with_query(&setup.sign_in_page(), &[("callbackUrl", wanted)]))
        }
        (Denial::Forbidden, true) => match &setup.config.pages.forbidden {
            Some(own) => manner.redirect(own),
            None => problem(setup, manner, Code::AccessDenied, None),
        },
        (Denial::SignedOut, false) => failure(&ErrorKind::SignedOut.into()),
        (Denial::Forbidden, false) => failure(&ErrorKind::AccessDenied.into()),
    };
    finish(setup, response, Vec::new())
}

/// Says on a guarded route that it cannot be said who is asking, above all when the store cannot tell.
pub(crate) fn unavailable(setup: &Setup, manner: &Manner, error: &Error) -> Response<Bytes> {
    let reference = reference(setup);
    log(setup, error, None, Some(&reference));
    let problem = |code| problem(setup, manner, code, Some(&reference));
    let response = match (error.code(), manner.is_for_a_person()) {
        (Code::Unavailable, true) => retry_later(problem(Code::Unavailable)),
        (code, true) => problem(code),
        (_, false) => failure(error),
    };
    finish(setup, response, Vec::new())
}

/// Says of an action that its request was not read to its end.
pub(crate) fn unread(setup: &Setup, request: Option<&Request>, error: &Error) -> Response<Bytes> {
    log(setup, error, request, None);
    finish(setup, bad_request(error.status()), Vec::new())
}

fn problem(setup: &Setup, manner: &Manner, code: Code, reference: Option<&str>) -> Response<Bytes> {
    let frame = Frame::new(setup, manner.language());
    let problem = Problem::new(&frame, Notice::Code(code), reference);
    frame.page(code.status(), &problem).into_response()
}

/// What a person can quote and an operator can search for. Without randomness it is the same for all.
fn reference(setup: &Setup) -> String {
    let mut bytes = [0; REFERENCE_LENGTH];
    let _ = setup.config.random.fill(&mut bytes);
    let letter = |byte: u8| REFERENCE_LETTERS.get(usize::from(byte) % REFERENCE_LETTERS.len());
    bytes.into_iter().filter_map(letter).map(|letter| char::from(*letter)).collect()
}

/// One event per refusal: the precise reason, never a token, a code, a cookie or an address.
fn log(setup: &Setup, error: &Error, request: Option<&Request>, reference: Option<&str>) {
    let network = request.and_then(Request::network);
    let provider =
        request.and_then(|request| request.parts().rev().find(|part| setup.way_in(part).is_ok()));
    let attempt = request.and_then(|request| request.parameter("state")).map(secret::sha256_hex);
    let attempt = attempt.as_deref().and_then(|hash| hash.get(..ATTEMPT_LENGTH));
    let cause = error.cause();
    let (reason, code) = (error.reason(), error.code().as_str());
    macro_rules! event {
        ($level:ident) => {
            tracing::$level!(reason, code, provider, attempt, network, reference, cause, "refused")
        };
    }
    match error.severity() {
        Severity::Info => event!(info),
        Severity::Warn => event!(warn),
        Severity::Error => event!(error),
    }
}
