//! Sends one request over a socket and follows nothing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use url::{Url, form_urlencoded};

/// A request about to be sent.
pub(crate) struct Sending(http::request::Builder, Bytes);

/// An answer, read to its end.
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

pub(crate) fn get(url: impl AsRef<str>) -> Sending {
    request(Method::GET, url)
}

pub(crate) fn post<N: AsRef<str>, V: AsRef<str>>(url: impl AsRef<str>, form: &[(N, V)]) -> Sending {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let Sending(request, _) = request(Method::POST, url);
    Sending(request.header(CONTENT_TYPE, "application/x-www-form-urlencoded"), body.into())
}

pub(crate) fn request(method: Method, url: impl AsRef<str>) -> Sending {
    Sending(Request::builder().method(method).uri(url.as_ref()), Bytes::new())
}

impl Sending {
    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value), self.1)
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header(AUTHORIZATION.as_str(), &format!("Bearer {token}"))
    }

    /// Id and secret as RFC 6749 §2.3.1 writes them: each form-encoded, then joined.
    pub(crate) fn basic(self, id: &str, secret: &str) -> Self {
        let encode =
            |text: &str| -> String { form_urlencoded::byte_serialize(text.as_bytes()).collect() };
        let joined = STANDARD.encode(format!("{}:{}", encode(id), encode(secret)));
        self.header(AUTHORIZATION.as_str(), &format!("Basic {joined}"))
    }

    pub(crate) async fn send(self) -> Response {
        self.try_send().await.unwrap()
    }

    pub(crate) async fn try_send(self) -> Result<Response, hyper_util::client::legacy::Error> {
        let (head, body) = self.open().await?;
        let body = body.collect().await.unwrap().to_bytes();
        Ok(Response { status: head.status, headers: head.headers, body })
    }

    /// Waits for the head of the answer alone.
    pub(crate) async fn open(
        self,
    ) -> Result<
        (http::response::Parts, impl http_body::Body<Data = Bytes, Error: std::fmt::Debug> + Unpin),
        hyper_util::client::legacy::Error,
    > {
        let client = Client::builder(TokioExecutor::new()).build_http();
        let request = self.0.body(Full::new(self.1)).unwrap();
        Ok(client.request(request).await?.into_parts())
    }
}

impl Response {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// The query of the address it leads to.
    pub(crate) fn location(&self) -> Vec<(String, String)> {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text());
        let location = Url::parse(self.header(LOCATION.as_str())).unwrap();
        location.query_pairs().into_owned().collect()
    }
}
