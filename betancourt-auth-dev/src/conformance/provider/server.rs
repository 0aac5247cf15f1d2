//! The socket on which all issuers listen.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use http::StatusCode;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::answer::Answer;
use crate::conformance::provider::Issuer;
use crate::conformance::seen::Visit;
use crate::server::{guard, read};

/// A provider that serves until this is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    _stop: oneshot::Sender<()>,
}

/// Listens on a port of 127.0.0.1; 0 takes a free one. Also tells under which origin.
pub(crate) async fn listen(port: u16) -> io::Result<(TcpListener, String)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let origin = format!("http://127.0.0.1:{}", listener.local_addr()?.port());
    Ok((listener, origin))
}

impl Running {
    /// Serves the issuers on the current tokio runtime.
    pub(crate) fn start(listener: TcpListener, issuers: Vec<Arc<Issuer>>) -> Self {
        let issuers: Arc<[_]> = issuers.into();
        let (stop, stopped) = oneshot::channel::<()>();
        let answer = move |request| {
            let issuers = Arc::clone(&issuers);
            async move { respond(&issuers, request).await.into_response() }
        };
        let serving = axum::serve(listener, axum::Router::new().fallback(answer))
            .with_graceful_shutdown(async move { drop(stopped.await) });
        tokio::spawn(serving.into_future());
        Self { _stop: stop }
    }
}

async fn respond(issuers: &[Arc<Issuer>], request: axum::extract::Request) -> Answer {
    let (head, body) = request.into_parts();
    if let Some(refused) = guard::refuse(&head.uri, &head.headers) {
        return refused;
    }
    let path = head.uri.path();
    let found = issuers.iter().find_map(|issuer| Some((issuer, issuer.below(path)?)));
    let Some((issuer, rest)) = found else {
        return Answer::text(StatusCode::NOT_FOUND, "No issuer has anything at this address.\n");
    };
    let form = match read::form(&head.headers, body).await {
        Ok(form) => form,
        Err(refused) => return refused,
    };
    let visit = Visit {
        endpoint: issuer.endpoint(rest),
        query: read::pairs(head.uri.query().unwrap_or_default().as_bytes()),
        method: head.method,
        headers: head.headers,
        form,
    };
    issuer.answer(visit).await
}
