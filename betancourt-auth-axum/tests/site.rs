//! The promises of every adapter, kept by an axum application; and the one that is axum's own.
#![cfg(test)]

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::AppendHeaders;
use axum::routing::get;
use betancourt_auth::testing::site::{Admin, Site};
use betancourt_auth::{Auth, Peer, Somebody};
use betancourt_auth_axum::{
    MaybeSignedIn, Role, SignedIn, layer, require_role, require_sign_in, routes,
};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, SET_COOKIE};
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

betancourt_auth::site_conformance!(start);

struct App(Router);

impl Site for App {
    async fn send(&self, request: Request<Bytes>) -> Response<Bytes> {
        let mut request = request.map(Body::from);
        if let Some(Peer(peer)) = request.extensions_mut().remove() {
            request.extensions_mut().insert(ConnectInfo(SocketAddr::from((peer, 40_000))));
        }
        let (parts, body) = self.0.clone().oneshot(request).await.unwrap().into_parts();
        Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
    }
}

async fn start(auth: Auth) -> App {
    let inner = Router::new().route("/deep", get(async |_: SignedIn| "deep"));
    let members = Router::new()
        .route("/room", get(async || "room"))
        .route("/minutes", get(async || "minutes"))
        .layer(require_sign_in());
    let office =
        Router::new().route("/books", get(async || "books")).layer(require_role::<Admin>());
    let pages = Router::new()
        .route("/", get(home))
        .route("/public", get(async || "public"))
        .route("/dashboard", get(dashboard))
        .route("/admin", get(admin))
        .route("/often", get(often))
        .route("/cookies", get(cookies))
        .route("/cached", get(cached))
        .nest("/inner", inner)
        .nest("/members", members)
        .nest("/office", office);
    App(pages.merge(routes(&auth)).layer(layer(&auth)))
}

async fn home(visitor: MaybeSignedIn) -> String {
    visitor.user().map_or("nobody".into(), |user| user.display_name().into())
}

async fn dashboard(user: SignedIn) -> String {
    format!("Hello {}", user.name())
}

async fn admin(admin: Role<Admin>) -> String {
    format!("At your service, {}", admin.name())
}

async fn often(visitor: MaybeSignedIn, user: Option<SignedIn>, _: Role<Admin>) -> &'static str {
    assert_eq!(visitor.user(), user.as_deref().map(Somebody::user));
    "often"
}

async fn cookies(
    _: SignedIn,
) -> (AppendHeaders<[(http::HeaderName, &'static str); 2]>, &'static str) {
    (AppendHeaders([(SET_COOKIE, "a=1"), (SET_COOKIE, "b=2")]), "cookies")
}

async fn cached(_: SignedIn) -> ([(http::HeaderName, &'static str); 1], &'static str) {
    ([(CACHE_CONTROL, "public, max-age=60")], "cached")
}

/// Rocket does not start without its fairing; axum cannot know.
#[tokio::test]
async fn a_missing_layer_says_so() {
    let app = App(Router::new().route("/dashboard", get(dashboard)));
    let answer = app.send(Request::get("/dashboard").body(Bytes::new()).unwrap()).await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(String::from_utf8_lossy(answer.body()).contains("betancourt_auth_axum::layer(&auth)"));
    let auth = {
        let config = betancourt_auth::Config::new(
            "http://localhost:3000",
            "a secret of at least 32 characters!!",
        );
        Auth::new(config.unwrap(), betancourt_auth::store::MemoryStore::default()).unwrap()
    };
    let app = App(app.0.layer(layer(&auth)));
    let answer = app.send(Request::get("/dashboard").body(Bytes::new()).unwrap()).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
}
