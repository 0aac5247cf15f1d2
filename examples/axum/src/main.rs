//! The smallest complete application with axum. It needs no key: look-alikes stand in for the providers.

use std::net::SocketAddr;

use axum::{Router, response::Html, routing::get};
use betancourt_auth::{Auth, Config};
use betancourt_auth_axum::{MaybeSignedIn, Role, SignedIn, layer, routes};
use betancourt_auth_dev::LookAlikes;
use betancourt_auth_sqlx::SqlStore;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).unwrap_or("http://localhost:3000".into());
    let lookalikes = LookAlikes::start(&format!("{url}/auth")).await?;
    let mut config = Config::new(&url, "everybody knows the secret of an example")?;
    config.registrations = lookalikes.registrations();
    let auth = Auth::new(config, SqlStore::connect("sqlite://example.db").await?)?;
    let pages = Router::new()
        .route("/", get(home))
        .route("/members", get(members))
        .route("/admin", get(admin));
    let app = pages.merge(routes(&auth)).layer(layer(&auth));
    let listener = tokio::net::TcpListener::bind(auth.config().url.authority()).await?;
    Ok(axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await?)
}

async fn home(visitor: MaybeSignedIn) -> Html<&'static str> {
    Html(if visitor.user().is_some() {
        "<h1>Welcome back</h1> <a href=/members>Members</a> <a href=/admin>Administrators</a> <a href='/auth/signout?callbackUrl=/'>Sign out</a>"
    } else {
        "<h1>Welcome</h1> <a href=/members>Members</a> <a href=/auth/signin>Sign in</a>"
    })
}

async fn members(user: SignedIn) -> String {
    format!("Hello {}", user.name())
}

async fn admin(admin: Role<Admin>) -> String {
    format!("At your service, {}", admin.name())
}

#[derive(Debug)]
struct Admin;

impl betancourt_auth::Role for Admin {
    const NAME: &'static str = "ADMIN";
}
