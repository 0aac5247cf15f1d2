//! The same application, made with Rocket.
#![expect(clippy::needless_pass_by_value, reason = "Rocket hands guards over by value")]

use std::collections::HashSet;
use std::path::PathBuf;

use betancourt_auth::Auth;
use betancourt_auth::testing::site::Admin;
use betancourt_auth_rocket::{
    MaybeSignedIn, Role, SignedIn, fairing, require_role, require_sign_in,
};
use rocket::config::{Config, LogLevel, Shutdown as Ending};
use rocket::fairing::AdHoc;
use rocket::futures::SinkExt as _;
use rocket::futures::stream::{self, Stream};
use rocket::http::Status;
use rocket::response::stream::{Event, EventStream};
use rocket::{Shutdown, State, get, routes};
use rocket_ws::{Channel, WebSocket};
use tokio::sync::oneshot;

/// Serves it on a port of this machine until it is told to end; says when it is ready.
pub(crate) async fn serve(port: u16, auth: Auth, ready: oneshot::Sender<Shutdown>) {
    let ending = Ending { ctrlc: false, signals: HashSet::new(), ..Ending::default() };
    let config =
        Config { port, log_level: LogLevel::Off, shutdown: ending, ..Config::debug_default() };
    let ready = std::sync::Mutex::new(Some(ready));
    let tell = AdHoc::on_liftoff("ready", move |rocket| {
        let _ = ready.lock().unwrap().take().unwrap().send(rocket.shutdown());
        Box::pin(async {})
    });
    let pages =
        routes![name, public, admin, access_token, broken, dashboard, careless, live, events];
    let served = rocket::custom(config)
        .mount("/", pages)
        .mount("/members", require_sign_in(routes![room, archive]))
        .mount("/office", require_role::<Admin>(routes![books]))
        .attach(fairing(&auth))
        .attach(tell)
        .manage(auth)
        .launch()
        .await;
    drop(served); // it ends with open connections, and says so
}

#[get("/")]
fn name(user: MaybeSignedIn) -> String {
    user.user().map_or_else(|| "nobody".to_owned(), |user| user.display_name().to_owned())
}

#[get("/public")]
fn public() -> &'static str {
    "public"
}

#[get("/admin")]
fn admin(admin: Role<Admin>) -> String {
    admin.name().to_owned()
}

#[get("/dashboard")]
fn dashboard(user: SignedIn) -> String {
    user.name().to_owned()
}

#[get("/broken")]
fn broken() -> &'static str {
    panic!("{}", super::store::LAST_WORDS)
}

#[get("/careless")]
fn careless(user: Option<SignedIn>) -> &'static str {
    if user.is_some() { "somebody" } else { "nobody" }
}

#[get("/access/<provider>")]
async fn access_token(user: SignedIn, provider: &str, auth: &State<Auth>) -> (Status, String) {
    match auth.access_token(&user.user().id, provider).await {
        Ok(access) => (Status::Ok, access.token.expose().to_owned()),
        Err(error) => (Status::new(error.status().as_u16()), error.reason().to_owned()),
    }
}

#[get("/live")]
fn live(user: SignedIn, upgrade: WebSocket) -> Channel<'static> {
    upgrade.channel(move |mut socket| {
        Box::pin(async move {
            if socket.send(format!("Hello {}", user.name()).into()).await.is_ok() {
                user.signed_out().await;
            }
            socket.close(None).await
        })
    })
}

#[get("/events")]
fn events(user: SignedIn) -> EventStream<impl Stream<Item = Event>> {
    EventStream::from(stream::unfold((user, false), async |(user, greeted)| {
        if greeted {
            user.signed_out().await;
            return None;
        }
        let hello = Event::data(format!("Hello {}", user.name()));
        Some((hello, (user, true)))
    }))
}

#[get("/room")]
fn room() -> &'static str {
    "the room"
}

#[get("/<_path..>", rank = 20)]
fn archive(_path: PathBuf) -> &'static str {
    "the archive"
}

#[get("/books")]
fn books() -> &'static str {
    "the books"
}
