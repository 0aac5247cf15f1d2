//! One name for the site: whoever comes under another loopback name is sent there, and nobody comes under a third.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use betancourt_auth::Peer;
use http::header::HOST;
use http::{Method, StatusCode};
use url::Url;

use crate::settings::is_loopback;
use crate::site::Site;

/// Probes come by address, not by name.
const PROBES: [&str; 2] = ["/healthz", "/readyz"];

/// Lets a request pass that names the site.
pub async fn only_ours(State(site): State<Site>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| Peer(peer.ip()));
    let is_ours = site.auth.is_addressed(request.uri(), request.headers(), peer);
    if is_ours || PROBES.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    match under_our_name(&site.auth.config().url, &request) {
        Some(address) => Redirect::temporary(address.as_str()).into_response(),
        None => (StatusCode::MISDIRECTED_REQUEST, "This site has another name.\n").into_response(),
    }
}

/// The same page under the name that sessions belong to, for a visit under another name of this machine.
fn under_our_name(ours: &Url, request: &Request) -> Option<Url> {
    let named = request.headers().get(HOST)?.to_str().ok()?;
    let named = Url::parse(&format!("http://{named}/")).ok()?;
    let visits = [Method::GET, Method::HEAD].contains(request.method());
    if !visits || !is_loopback(ours) || !is_loopback(&named) {
        return None;
    }
    let mut address = ours.clone();
    address.set_path(request.uri().path());
    address.set_query(request.uri().query());
    Some(address)
}
