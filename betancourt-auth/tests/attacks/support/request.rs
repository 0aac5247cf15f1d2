//! A request before it is written to the socket: what a browser would send, or somebody who pretends to be one.

use std::net::SocketAddr;

use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::form_urlencoded;

use super::answer::Answer;

/// Whose page makes the browser send a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum From {
    /// A page of ours, or the person's own hand.
    Us,
    /// A page of another site, which the browser leaves for ours.
    AnotherSite,
    /// A page of another site, which stays where it is: an image, a frame, a prefetch.
    Inside,
}

/// A request of a browser.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: String,
    pub(crate) from: From,
}

impl Request {
    pub(crate) fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: String::new(),
            from: From::Us,
        }
        .header("accept", "text/html")
    }

    pub(crate) fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    pub(crate) fn post(target: &str, form: &[(&str, &str)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        Self { body, ..Self::new("POST", target) }
            .header("content-type", "application/x-www-form-urlencoded")
    }

    /// The same request by a script that reads JSON.
    pub(crate) fn by_script(mut self) -> Self {
        self.headers.retain(|(name, _)| name != "accept");
        self.header("accept", "application/json").header("sec-fetch-mode", "cors")
    }

    /// The same request with one more header.
    pub(crate) fn header(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let mut headers = self.headers;
        headers.push((name.to_owned(), value.as_ref().to_vec()));
        Self { headers, ..self }
    }

    /// The same request with another value of a header.
    pub(crate) fn with(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.header(name, value)
    }

    pub(crate) fn from(self, from: From) -> Self {
        Self { from, ..self }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(known, _)| known == name)
    }

    /// The request as it goes over the wire.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        bytes.extend(format!("content-length: {}\r\n", self.body.len()).into_bytes());
        bytes.extend(b"connection: close\r\n\r\n");
        bytes.extend(self.body.as_bytes());
        bytes
    }
}

/// The same request as an adapter hands it on which does not know where it came from.
impl std::convert::From<Request> for http::Request<Bytes> {
    fn from(request: Request) -> Self {
        let mut handed_on = http::Request::builder().method(&*request.method).uri(request.target);
        for (name, value) in request.headers {
            handed_on = handed_on.header(name, value);
        }
        handed_on.body(request.body.into()).unwrap()
    }
}

/// Writes bytes to a socket and reads whatever comes back until it is closed.
pub(crate) async fn exchange(door: SocketAddr, bytes: &[u8]) -> Answer {
    try_exchange(door, bytes).await.expect("no answer")
}

/// The same, of a server that may be dead, or die before it answers.
pub(crate) async fn try_exchange(door: SocketAddr, bytes: &[u8]) -> Option<Answer> {
    let mut socket = TcpStream::connect(door).await.ok()?;
    // A server may answer and hang up before it has read all: then the answer counts, not the write.
    let _ = socket.write_all(bytes).await;
    let mut raw = Vec::new();
    let _ = socket.read_to_end(&mut raw).await;
    (!raw.is_empty()).then(|| Answer::parse(&raw))
}
