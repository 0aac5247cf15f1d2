//! The routes: every action below the base path, by every method.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, OriginalUri};
use axum::response::Response;
use axum::routing::any;
use betancourt_auth::{Auth, ErrorKind, LARGEST_BODY, Peer};
use http::Request;
use http_body_util::{BodyExt, LengthLimitError, Limited};

/// Serves every action below the base path of `auth`. Merge it into the application's own router, not into one that is
/// nested somewhere.
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
    let path = format!("{}/{{*action}}", auth.mount_path());
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
    let response = match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(body) => auth.handle(Request::from_parts(parts, body.to_bytes())).await,
        Err(error) if error.is::<LengthLimitError>() => auth.unread(ErrorKind::BodyTooLong),
        Err(_) => auth.unread(ErrorKind::BodyBroken),
    };
    response.map(Body::from)
}
