//! What an action answers, before it becomes an HTTP response.

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_TYPE, EXPIRES, HeaderMap, HeaderName, HeaderValue, LOCATION, PRAGMA,
    REFERRER_POLICY, RETRY_AFTER, SET_COOKIE, STRICT_TRANSPORT_SECURITY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::config::{Environment, Setup};
use crate::error::{Code, Error, Landing};
use crate::language::Language;
use crate::page::Page;
use crate::request::{Request, language, wants_json, wants_page};

/// The body of Auth.js for a request it cannot make sense of.
const BAD_REQUEST: &str = "\"Bad request.\"";
/// RFC 6797 §6.1. Other hosts of the domain are not ours to speak for.
const A_YEAR_OF_HTTPS: HeaderValue = HeaderValue::from_static("max-age=31536000");
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("60");

/// An answer: what to do, and the cookies to keep or forget.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) deed: Deed,
    pub(crate) cookies: Vec<HeaderValue>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

/// What an answer does.
#[derive(Debug)]
pub(crate) enum Deed {
    /// Sends the browser on, or tells a script where to go.
    Redirect(String),
    /// Shows a page.
    Page(Page),
    /// Tells a script something.
    Json(Value),
    /// Something stopped the request.
    Refusal(Error),
    /// Something stopped the request of a script that reads a session, or `null`.
    NoSession(Error),
    /// Something stopped the request of a script that reads statuses.
    Failure(Error),
    /// A security event was taken (RFC 8935 §2.2).
    Accepted,
    /// Something is wrong with a security event (RFC 8935 §2.3).
    EventRefused(Error),
}

impl Answer {
    fn new(deed: Deed) -> Self {
        Self { deed, cookies: Vec::new(), headers: Vec::new() }
    }

    pub(crate) fn redirect(to: impl Into<String>) -> Self {
        Self::new(Deed::Redirect(to.into()))
    }

    pub(crate) fn page(page: Page) -> Self {
        Self::new(Deed::Page(page))
    }

    pub(crate) fn json(value: Value) -> Self {
        Self::new(Deed::Json(value))
    }

    pub(crate) fn failure(error: Error) -> Self {
        Self::new(Deed::Failure(error))
    }

    pub(crate) fn accepted() -> Self {
        Self::new(Deed::Accepted)
    }

    pub(crate) fn event_refused(error: Error) -> Self {
        Self::new(Deed::EventRefused(error))
    }

    pub(crate) fn no_session(error: Error) -> Self {
        Self::new(Deed::NoSession(error))
    }

    pub(crate) fn with_cookie(mut self, cookie: Option<HeaderValue>) -> Self {
        self.cookies.extend(cookie);
        self
    }

    pub(crate) fn with_cookies(mut self, cookies: impl IntoIterator<Item = HeaderValue>) -> Self {
        self.cookies.extend(cookies);
        self
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}

impl From<Error> for Answer {
    fn from(error: Error) -> Self {
        Self::new(Deed::Refusal(error))
    }
}

/// How the caller wants to be answered.
#[derive(Clone, Debug)]
pub(crate) struct Manner {
    method: Method,
    reader: Reader,
    language: Language,
}

/// Who reads the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    /// A browser that shows it.
    Person,
    /// A script that wants `{"url": …}` instead of redirects.
    AuthJsClient,
    /// The same in the manner of NextAuth.js v4, which reads some statuses, too.
    NextAuthClient,
    /// Another script.
    Script,
}

impl Manner {
    /// How a request wants to be answered.
    pub(crate) fn of(method: &Method, headers: &HeaderMap) -> Self {
        let reader = match (wants_json(headers), wants_page(method, headers)) {
            (true, _) => Reader::AuthJsClient,
            (false, true) => Reader::Person,
            (false, false) => Reader::Script,
        };
        Self { method: method.clone(), reader, language: language(headers) }
    }

    /// The same for an action. The client of NextAuth.js v4 says in its form what later ones say in a header.
    pub(crate) fn of_action(request: &Request) -> Self {
        let manner = Self::of(&request.method, &request.headers);
        let is_v4 =
            manner.reader != Reader::AuthJsClient && request.form.last("json") == Some("true");
        if is_v4 { Self { reader: Reader::NextAuthClient, ..manner } } else { manner }
    }

    pub(crate) fn is_for_a_person(&self) -> bool {
        self.reader == Reader::Person
    }

    /// What the person would like to read.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// A redirect, or its JSON form.
    pub(crate) fn redirect(&self, to: &str) -> Response<Bytes> {
        let mut response = match self.reader {
            Reader::AuthJsClient | Reader::NextAuthClient => {
                json_response(StatusCode::OK, &json!({ "url": to }))
            }
            Reader::Person | Reader::Script => self.see(),
        };
        if let Ok(location) = HeaderValue::try_from(to) {
            response.headers_mut().insert(LOCATION, location);
        }
        response
    }

    fn see(&self) -> Response<Bytes> {
        let mut response = Response::new(Bytes::new());
        // After a POST it is 303, which no browser repeats as a POST (RFC 9700 §4.12).
        *response.status_mut() =
            if self.method == Method::POST { StatusCode::SEE_OTHER } else { StatusCode::FOUND };
        response
    }

    /// A refusal: back to a page with the code, or shown in place where the status matters more.
    pub(crate) fn refusal(
        &self,
        code: Code,
        error_url: &str,
        shown: Response<Bytes>,
    ) -> Response<Bytes> {
        let url = json!({ "url": error_url });
        let response = match (code.landing(), self.reader) {
            _ if code == Code::BadRequest => bad_request(StatusCode::BAD_REQUEST),
            (Landing::SignIn | Landing::Error, Reader::AuthJsClient) => {
                json_response(StatusCode::OK, &url)
            }
            (Landing::SignIn | Landing::Error, Reader::NextAuthClient) => {
                json_response(status_of_v4(code), &url)
            }
            (Landing::SignIn | Landing::Error, Reader::Person | Reader::Script) => {
                self.redirect(error_url)
            }
            (Landing::Here, Reader::AuthJsClient | Reader::NextAuthClient) => {
                json_response(code.status(), &url)
            }
            (Landing::Here, Reader::Person) => shown,
            (Landing::Here, Reader::Script) => {
                json_response(code.status(), &json!({ "error": code.as_str() }))
            }
        };
        if matches!(code, Code::RateLimited | Code::Unavailable) {
            retry_later(response)
        } else {
            response
        }
    }
}

/// The client of NextAuth.js v4 reads by the status, too, that somebody was turned away.
fn status_of_v4(code: Code) -> StatusCode {
    let is_read = matches!(code, Code::AccessDenied | Code::CredentialsSignin);
    if is_read { code.status() } else { StatusCode::OK }
}

/// No session, and the status says why: `400`, unless it is we who cannot.
pub(crate) fn no_session(code: Code) -> Response<Bytes> {
    let response = |status| json_response(status, &Value::Null);
    if code == Code::Unavailable {
        retry_later(response(code.status()))
    } else {
        response(StatusCode::BAD_REQUEST)
    }
}

/// Takes note, and has nothing to say.
pub(crate) fn accepted() -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::ACCEPTED;
    response
}

/// JSON as Auth.js types it.
pub(crate) fn json_response(status: StatusCode, value: &Value) -> Response<Bytes> {
    json_text(status, value.to_string())
}

/// A request that Auth.js could not make sense of, either.
pub(crate) fn bad_request(status: StatusCode) -> Response<Bytes> {
    json_text(status, BAD_REQUEST.to_owned())
}

fn json_text(status: StatusCode, text: String) -> Response<Bytes> {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Says that it is worth trying again soon.
pub(crate) fn retry_later(mut response: Response<Bytes>) -> Response<Bytes> {
    response.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
    response
}

/// The headers that every answer of an action has: nobody keeps it, nobody guesses its type, nobody learns the
/// address it came from, and in production nobody asks in clear the next time.
pub(crate) fn finish(
    setup: &Setup,
    mut response: Response<Bytes>,
    cookies: Vec<HeaderValue>,
) -> Response<Bytes> {
    let headers = response.headers_mut();
    if setup.config.environment == Environment::Production {
        headers.entry(STRICT_TRANSPORT_SECURITY).or_insert(A_YEAR_OF_HTTPS);
    }
    headers.entry(VARY).or_insert(HeaderValue::from_static("Cookie"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache, no-store"));
    headers.entry(EXPIRES).or_insert(HeaderValue::from_static("0"));
    headers.entry(PRAGMA).or_insert(HeaderValue::from_static("no-cache"));
    headers.entry(X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    headers.entry(REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
    for cookie in cookies {
        headers.append(SET_COOKIE, cookie);
    }
    response
}

/// A page's path with more in its query.
pub(crate) fn with_query(path: &str, parameters: &[(&str, &str)]) -> String {
    if parameters.is_empty() {
        return path.to_owned();
    }
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    let separator = if path.contains('?') { '&' } else { '?' };
    format!("{path}{separator}{query}")
}
