#![doc = include_str!("../README.md")]

mod extract;
mod layer;

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, OriginalUri};
use axum::response::Response;
use axum::routing::any;
use betancourt_auth::{Auth, Peer};
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};

pub use extract::{MaybeSignedIn, Refusal, Role, SignedIn};
pub use layer::{AuthLayer, AuthService, layer};

/// The largest body an action reads. The forms of sign-in need a small part of it.
const LARGEST_BODY: usize = 64 * 1024;

/// Serves every action below the base path of `auth`. Merge it into the application's router.
///
/// The peer's address counts for rate limits when the application is served by
/// `into_make_service_with_connect_info::<SocketAddr>()`.
///
/// ```
/// # fn app(auth: betancourt_auth::Auth) -> axum::Router {
/// axum::Router::new().merge(betancourt_auth_axum::routes(&auth)).layer(betancourt_auth_axum::layer(&auth))
/// # }
/// ```
pub fn routes<S: Clone + Send + Sync + 'static>(auth: &Auth) -> Router<S> {
    let path = format!("{}/{{*action}}", auth.config().base_path);
    let auth = auth.clone();
    Router::new().route(&path, any(move |request: Request<Body>| serve(auth.clone(), request)))
}

/// From axum's request to the core's and back.
async fn serve(auth: Auth, request: Request<Body>) -> Response {
    let (mut parts, body) = request.into_parts();
    if let Some(OriginalUri(uri)) = parts.extensions.get::<OriginalUri>() {
        parts.uri = uri.clone();
    }
    if let Some(ConnectInfo(peer)) = parts.extensions.get::<ConnectInfo<SocketAddr>>() {
        let peer = Peer(peer.ip());
        parts.extensions.insert(peer);
    }
    match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(body) => auth.handle(Request::from_parts(parts, body.to_bytes())).await.map(Body::from),
        Err(error) => unread(error.is::<LengthLimitError>()),
    }
}

/// A body that is too long, or never came.
fn unread(is_too_long: bool) -> Response {
    let mut response = Response::new(Body::from(Bytes::new()));
    *response.status_mut() =
        if is_too_long { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST };
    response
}
