//! An application of ours on a socket, with a page that asks for an access token.

use std::future::IntoFuture as _;

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use betancourt_auth::store::MemoryStore;
use betancourt_auth::{Auth, Config};
use betancourt_auth_axum::{SignedIn, layer, routes};
use betancourt_auth_dev::conformance::Suite;
use http::StatusCode;
use tokio::net::TcpListener;

/// An application that listens, and is not served yet.
pub(crate) struct App {
    origin: String,
    /// Where its auth routes begin.
    pub(crate) base: String,
    pub(crate) listener: TcpListener,
}

pub(crate) async fn listen() -> App {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    App { base: format!("{origin}/auth"), origin, listener }
}

impl App {
    /// Serves it until the runtime ends.
    pub(crate) fn serve(self, suite: &Suite) {
        let mut config = Config::new(&self.origin, "a secret of at least 32 characters!!").unwrap();
        config.registrations = suite.registrations();
        config.rate.attempts = u32::MAX; // the suite signs in far more often than people do
        let auth = Auth::new(config, MemoryStore::default()).unwrap();
        let app = Router::new()
            .route("/access/{provider}", get(access))
            .merge(routes(&auth))
            .layer(layer(&auth))
            .with_state(auth);
        tokio::spawn(axum::serve(self.listener, app).into_future());
    }
}

/// An access token of whoever is signed in, as an application needs it to call the provider's API.
async fn access(
    State(auth): State<Auth>,
    Path(provider): Path<String>,
    user: SignedIn,
) -> Result<String, StatusCode> {
    let token = auth.access_token(&user.user().id, &provider).await;
    token.map(|token| token.token.expose().to_owned()).map_err(|_| StatusCode::BAD_GATEWAY)
}
