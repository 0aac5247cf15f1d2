//! The smallest server that is configured from its environment, for `betancourt-auth-dev conformance`:
//!
//! ```text
//! AUTH_URL=http://localhost:3000/auth AUTH_SECRET="a secret of at least 32 characters!!" \
//! betancourt-auth-dev conformance --for http://localhost:3000/auth --provider keycloak \
//!     --access-page '/access/{provider}' -- cargo run -p betancourt-auth-dev --example server
//! ```

use std::error::Error;

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use betancourt_auth::Auth;
use betancourt_auth::store::MemoryStore;
use betancourt_auth_axum::{SignedIn, layer, routes};
use http::StatusCode;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let auth = Auth::from_env(MemoryStore::default())?;
    let listener = tokio::net::TcpListener::bind(auth.config().url.authority()).await?;
    let app = Router::new()
        .route("/access/{provider}", get(access))
        .merge(routes(&auth))
        .layer(layer(&auth))
        .with_state(auth);
    Ok(axum::serve(listener, app).await?)
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
