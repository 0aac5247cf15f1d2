//! What a face answers, open to tampering until it is sent.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, PRAGMA};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use http_body::Frame;
use serde_json::Value;

/// An answer before it is sent; [`Tamper::answer`](crate::Tamper::answer) may change all of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
}

/// The body of an [`Answer`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Body {
    /// A JSON document.
    Json(Value),
    /// Any other text.
    Text(String),
    /// This text, and then the letter `a` for as long as anybody reads.
    Endless(String),
    /// The headers arrive, the body never does.
    Stalled,
}

impl Answer {
    pub(crate) fn new(status: StatusCode, body: Body) -> Self {
        Self { status, headers: HeaderMap::new(), body }
    }

    pub(crate) fn json(status: StatusCode, value: Value) -> Self {
        Self::new(status, Body::Json(value)).with(CONTENT_TYPE, "application/json")
    }

    pub(crate) fn text(status: StatusCode, text: &str) -> Self {
        Self::new(status, Body::Text(text.to_owned()))
            .with(CONTENT_TYPE, "text/plain; charset=utf-8")
    }

    pub(crate) fn with(mut self, name: HeaderName, value: &'static str) -> Self {
        self.headers.insert(name, HeaderValue::from_static(value));
        self
    }

    /// Keeps the answer out of every cache.
    pub(crate) fn private(self) -> Self {
        self.with(CACHE_CONTROL, "no-store").with(PRAGMA, "no-cache")
    }

    /// Lets a client keep the answer for as long as real providers do, or nearly.
    pub(crate) fn cacheable(self) -> Self {
        self.with(CACHE_CONTROL, "public, max-age=3600, must-revalidate")
    }

    pub(crate) fn into_response(self) -> axum::response::Response {
        let body = match self.body {
            Body::Json(value) => value.to_string().into(),
            Body::Text(text) => text.into(),
            Body::Endless(start) => axum::body::Body::new(Endless::Start(start)),
            Body::Stalled => axum::body::Body::new(Endless::Stalled),
        };
        let mut response = axum::response::Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

/// A body that never ends, by speaking or by keeping silent.
enum Endless {
    Start(String),
    More,
    Stalled,
}

impl http_body::Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = match &mut *self {
            Self::Start(start) => Bytes::from(std::mem::take(start)),
            Self::More => Bytes::from_static(&[b'a'; 16 * 1024]),
            Self::Stalled => return Poll::Pending,
        };
        *self = Self::More;
        Poll::Ready(Some(Ok(Frame::data(next))))
    }
}
