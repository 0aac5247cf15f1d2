//! The smallest whole application: the text in the README, word for word.

use axum::{Router, routing::get};
use betancourt_auth_axum::{SignedIn, layer, routes};
use betancourt_auth_sqlx::SqlStore;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let auth = betancourt_auth::Auth::from_env(SqlStore::connect("sqlite://app.db").await?)?;
    let app = Router::new().route("/", get(home)).merge(routes(&auth)).layer(layer(&auth));
    let listener = tokio::net::TcpListener::bind(auth.config().url.authority()).await?;
    Ok(axum::serve(listener, app).await?)
}

async fn home(user: SignedIn) -> String {
    format!("Hello {}", user.name())
}
