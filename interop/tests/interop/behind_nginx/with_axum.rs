//! The application, made with axum.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::ws::{Message, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::get;
use betancourt_auth::Auth;
use betancourt_auth_axum::{SignedIn, layer, routes};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::Application;

/// It ends with the test.
pub(super) struct Served(JoinHandle<()>);

impl Application for Served {
    async fn start(port: u16, auth: Auth) -> Self {
        let pages = Router::new().route("/dashboard", get(dashboard)).route("/live", get(live));
        let app = pages.merge(routes(&auth)).layer(layer(&auth));
        let app = app.into_make_service_with_connect_info::<SocketAddr>();
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        Self(tokio::spawn(async move { axum::serve(listener, app).await.unwrap() }))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn dashboard(user: SignedIn) -> String {
    format!("Hello {}", user.name())
}

async fn live(user: SignedIn, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async move |mut socket| {
        if socket.send(format!("Hello {}", user.name()).into()).await.is_ok() {
            user.signed_out().await;
        }
        let _ = socket.send(Message::Close(None)).await; // they may be gone
    })
}
