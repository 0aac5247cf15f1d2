//! The server at which people arrive: sign-in with one provider, whose look-alike is another process.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use betancourt_auth::http_client::{BundledClient, HttpClient as _};
use betancourt_auth::provider::{Protocol, Quirk};
use betancourt_auth::{Auth, Config};
use betancourt_auth_sqlx::SqlStore;
use bytes::Bytes;
use http::{Request, StatusCode};

use crate::Failure;
use crate::child::listen;

/// The argument by which a process is told to be this server.
pub const NAME: &str = "arrivals";

/// Serves sign-in as the environment says, at the address that `AUTH_URL` names and with the people of `DATABASE_URL`,
/// until the process ends. After the ID token, UserInfo is read, too. `GET /ask` asks the provider for two documents, as a
/// callback does, and makes nothing of them.
///
/// # Errors
/// When the port is taken, or the configuration is refused.
#[expect(clippy::disallowed_methods, reason = "a process of its own, told by its environment")]
pub async fn serve() -> Result<(), Failure> {
    let mut config = Config::from_env()?;
    config.rate.attempts = u32::MAX; // everybody comes from one address
    let client = BundledClient::new()?;
    config.http_client = Some(Arc::new(client.clone()));
    let registration = config.registrations.first_mut().ok_or("there is no provider")?;
    registration.provider.quirks.push(Quirk::UserInfo);
    let Protocol::OpenIdConnect { issuer, .. } = &registration.provider.protocol else {
        return Err("the provider speaks no OpenID Connect".into());
    };
    let address = format!("{issuer}/.well-known/openid-configuration");
    let listener = listen(config.url.port().ok_or("AUTH_URL names no port")?).await?;
    let auth = Auth::new(config, SqlStore::connect(&std::env::var("DATABASE_URL")?).await?)?;
    let app = Router::new()
        .route("/ask", get(ask))
        .with_state((client, address))
        .merge(betancourt_auth_axum::routes(&auth));
    Ok(axum::serve(listener, app).await?)
}

async fn ask(State((client, address)): State<(BundledClient, String)>) -> StatusCode {
    for _ in 0..2 {
        let Ok(question) = Request::get(&address).body(Bytes::new()) else {
            return StatusCode::INTERNAL_SERVER_ERROR;
        };
        if client.send(question).await.is_err() {
            return StatusCode::BAD_GATEWAY;
        }
    }
    StatusCode::OK
}
