//! The application, made with Rocket.
#![expect(clippy::needless_pass_by_value, reason = "Rocket hands guards over by value")]

use std::collections::HashSet;
use std::sync::Mutex;

use betancourt_auth::Auth;
use betancourt_auth_rocket::{SignedIn, fairing};
use rocket::config::{Config, LogLevel, Shutdown};
use rocket::fairing::AdHoc;
use rocket::futures::SinkExt as _;
use rocket::{get, routes};
use rocket_ws::{Channel, WebSocket};
use tokio::sync::oneshot;

use super::Application;

/// It ends with the test.
pub(super) struct Served(rocket::Shutdown);

impl Application for Served {
    async fn start(port: u16, auth: Auth) -> Self {
        let (tell, told) = oneshot::channel();
        let tell = Mutex::new(Some(tell));
        let ready = AdHoc::on_liftoff("ready", move |rocket| {
            let _ = tell.lock().unwrap().take().unwrap().send(rocket.shutdown());
            Box::pin(async {})
        });
        let shutdown = Shutdown { ctrlc: false, signals: HashSet::new(), ..Shutdown::default() };
        let config = Config { port, log_level: LogLevel::Off, shutdown, ..Config::debug_default() };
        let pages = routes![dashboard, live];
        let app = rocket::custom(config).mount("/", pages).attach(fairing(&auth)).attach(ready);
        tokio::spawn(async move { drop(app.launch().await) });
        Self(told.await.unwrap())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.0.clone().notify();
    }
}

#[get("/dashboard")]
fn dashboard(user: SignedIn) -> String {
    format!("Hello {}", user.name())
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
