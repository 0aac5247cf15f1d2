//! From bytes on the socket to a request with a place.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use url::form_urlencoded;

use crate::answer::Answer;
use crate::endpoint::locate;
use crate::request::Request;

/// No form of the protocol comes near this size.
const LARGEST_BODY: usize = 64 * 1024;

/// Reads a request.
///
/// # Errors
///
/// The answer to one that leads nowhere (404) or is too large (413).
pub(crate) async fn read(request: axum::extract::Request) -> Result<Request, Answer> {
    let (head, body) = request.into_parts();
    let place = locate(head.uri.path()).ok_or_else(|| {
        Answer::text(StatusCode::NOT_FOUND, "No look-alike has anything at this address.\n")
    })?;
    Ok(Request {
        face: place.face,
        endpoint: place.endpoint,
        detail: place.detail,
        method: head.method,
        query: pairs(head.uri.query().unwrap_or_default().as_bytes()),
        form: form(&head.headers, body).await?,
        headers: head.headers,
    })
}

/// The parameters of a form; none of a body of another type.
///
/// # Errors
///
/// The answer to a body that is too large (413).
pub(crate) async fn form(
    headers: &HeaderMap,
    body: axum::body::Body,
) -> Result<Vec<(String, String)>, Answer> {
    let body = axum::body::to_bytes(body, LARGEST_BODY).await.map_err(|_| {
        Answer::text(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large for a form.\n")
    })?;
    Ok(if is_form(headers) { pairs(&body) } else { Vec::new() })
}

pub(crate) fn pairs(encoded: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(encoded).into_owned().collect()
}

fn is_form(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media_type
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| value.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}
