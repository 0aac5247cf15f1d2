//! An axum application of ours, served by this process.

use std::net::{SocketAddr, TcpListener};

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use betancourt_auth::store::Store;
use betancourt_auth::{Auth, Config};
use betancourt_auth_axum::{layer, routes};
use tokio::task::JoinHandle;

/// What Auth.js reads, too: one secret for all servers of a suite.
pub(crate) const SECRET: &str = "one secret for both, of 32 characters and more";
/// Where Auth.js has its actions in a Next.js application.
pub(crate) const BASE_PATH: &str = "/api/auth";

/// An application that runs. It ends with the test.
pub(crate) struct App {
    auth: Auth,
    server: JoinHandle<()>,
}

impl App {
    /// Serves `pages` and the actions of sign-in at an origin of this machine.
    pub(crate) async fn start(
        origin: &str,
        store: impl Store + 'static,
        pages: Router,
        configure: impl FnOnce(&mut Config),
    ) -> Self {
        let mut config = Config::new(origin, SECRET).unwrap();
        config.base_path = BASE_PATH.to_owned();
        configure(&mut config);
        let address = ("127.0.0.1", config.url.port().unwrap());
        let auth = Auth::new(config, store).unwrap();
        let app = pages.merge(routes(&auth)).layer(layer(&auth));
        let app = app.into_make_service_with_connect_info::<SocketAddr>();
        let listener = tokio::net::TcpListener::bind(address).await.unwrap();
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { auth, server }
    }

    /// What the application itself would hold.
    pub(crate) fn auth(&self) -> &Auth {
        &self.auth
    }

    /// Ends it, and waits until nobody listens any more.
    pub(crate) async fn stop(mut self) {
        self.server.abort();
        assert!((&mut self.server).await.unwrap_err().is_cancelled());
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// An origin of this machine that nobody listens at.
pub(crate) fn free_origin() -> String {
    format!("http://localhost:{}", free_port())
}

/// A port of this machine that nobody listens at.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Pages that do nothing but run a script.
pub(crate) fn pages_of(script: Vec<u8>) -> Router {
    const PAGE: &str = concat!(
        "<!doctype html><html lang=en><title>Page</title><link rel=icon href=data:,>",
        "<div id=page></div><script src=/page.js></script>"
    );
    let javascript = [("content-type", "text/javascript; charset=utf-8")];
    Router::new()
        .route("/", get(Html(PAGE)))
        .route("/members", get(Html(PAGE)))
        .route("/page.js", get((javascript, script)))
}
