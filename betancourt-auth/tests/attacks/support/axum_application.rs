//! An application as its author would write it with axum, around the actions.

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::response::sse::{Event, Sse};
use axum::routing::{get, post};
use axum::{Extension, Router};
use betancourt_auth::testing::site::Admin;
use betancourt_auth::{Auth, Ending};
use betancourt_auth_axum::{MaybeSignedIn, Role, SignedIn, require_role, require_sign_in};
use http::StatusCode;
use rocket::futures::stream::{self, Stream};
use tokio::net::TcpListener;
use tracing::Dispatch;
use tracing::instrument::WithSubscriber as _;

pub(crate) async fn serve(listener: TcpListener, auth: Auth, log: Dispatch) {
    let members = Router::new()
        .route("/room", get(async || "the room"))
        .fallback(async || "the archive")
        .layer(require_sign_in());
    let office =
        Router::new().route("/books", get(async || "the books")).layer(require_role::<Admin>());
    let app = Router::new()
        .route("/", get(name))
        .route("/public", get(async || "public"))
        .route("/admin", get(async |admin: Role<Admin>| admin.name().to_owned()))
        .route("/access/{provider}", get(access_token))
        .route("/dashboard", get(async |user: SignedIn| user.name().to_owned()))
        .route("/deleted/{code}", post(deleted))
        .route("/broken", get(async || -> &'static str { panic!("{}", super::store::LAST_WORDS) }))
        .route("/careless", get(careless))
        .route("/live", get(live))
        .route("/events", get(events))
        .nest("/members", members)
        .nest("/office", office)
        .merge(betancourt_auth_axum::routes(&auth))
        .layer(betancourt_auth_axum::layer(&auth))
        .layer(Extension(auth))
        .layer(from_fn_with_state(log, into_log));
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await.unwrap();
}

async fn name(user: MaybeSignedIn) -> String {
    user.user().map_or_else(|| "nobody".to_owned(), |user| user.display_name().to_owned())
}

async fn careless(user: Option<SignedIn>) -> &'static str {
    if user.is_some() { "somebody" } else { "nobody" }
}

/// The access token of whoever is signed in, as a page of theirs would need it; or why there is none.
async fn access_token(
    user: SignedIn,
    Path(provider): Path<String>,
    Extension(auth): Extension<Auth>,
) -> (StatusCode, String) {
    match auth.access_token(&user.user().id, &provider).await {
        Ok(access) => (StatusCode::OK, access.token.expose().to_owned()),
        Err(error) => (error.status(), error.reason().to_owned()),
    }
}

/// What an application does when it has deleted everything of somebody who asked their provider for that. Whether it was
/// the first to say so.
async fn deleted(Path(code): Path<String>, Extension(auth): Extension<Auth>) -> String {
    auth.finish_deletion(&code, Ending::DeleteUser).await.unwrap().to_string()
}

/// Says hello, and stays until its visitor has signed out.
async fn live(user: SignedIn, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async move |mut socket: WebSocket| {
        let hello = Message::Text(format!("Hello {}", user.name()).into());
        if socket.send(hello).await.is_ok() {
            user.signed_out().await;
        }
        let _ = socket.send(Message::Close(None)).await; // they may be gone
    })
}

/// The same as a stream of events.
async fn events(user: SignedIn) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    Sse::new(stream::unfold((user, false), async |(user, greeted)| {
        if greeted {
            user.signed_out().await;
            return None;
        }
        let hello = Event::default().data(format!("Hello {}", user.name()));
        Some((Ok(hello), (user, true)))
    }))
}

/// Hands everything that is said while a request is served to the log of its world.
async fn into_log(State(log): State<Dispatch>, request: Request, next: Next) -> Response {
    next.run(request).with_subscriber(log).await
}
