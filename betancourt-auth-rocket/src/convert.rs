//! From Rocket's request to the core's, and from the core's answer to Rocket's.

use std::io::Cursor;

use betancourt_auth::Peer;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use rocket::http::Status;
use rocket::response::Response;

/// Everything of a request but its body. The peer is the one at the other end of the connection: which forwarding
/// header counts is the core's to decide, so Rocket's `client_ip` is not asked.
pub(crate) fn parts(request: &rocket::Request<'_>) -> Parts {
    let (mut parts, ()) = http::Request::new(()).into_parts();
    parts.method = request.method().as_str().parse().unwrap_or_default();
    parts.uri = request.uri().to_string().parse().unwrap_or_default();
    parts.headers = headers(request.headers());
    if let Some(remote) = request.remote() {
        parts.extensions.insert(Peer(remote.ip()));
    }
    parts
}

/// The headers of a request or an answer, but for those that HTTP does not know.
pub(crate) fn headers(of: &rocket::http::HeaderMap<'_>) -> HeaderMap {
    let parsed = of.iter().filter_map(|header| {
        let name = HeaderName::from_bytes(header.name.as_str().as_bytes()).ok()?;
        Some((name, HeaderValue::from_str(&header.value).ok()?))
    });
    parsed.collect()
}

/// The answer, every header line of it kept.
pub(crate) fn response(answer: http::Response<Bytes>) -> Response<'static> {
    let (parts, body) = answer.into_parts();
    let mut response = Response::build().status(Status::new(parts.status.as_u16())).finalize();
    response.set_sized_body(body.len(), Cursor::new(body));
    set_headers(&mut response, &parts.headers);
    response
}

/// Puts headers in the place of those of the same names.
pub(crate) fn set_headers(response: &mut Response<'_>, headers: &HeaderMap) {
    headers.keys().for_each(|name| response.remove_header(name.as_str()));
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        response.adjoin_raw_header(name.as_str().to_owned(), value);
    }
}
