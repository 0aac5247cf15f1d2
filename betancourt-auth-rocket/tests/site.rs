//! The promises of every adapter, kept by a Rocket application; and those that are Rocket's own.
#![cfg(test)]
#![expect(clippy::needless_pass_by_value, reason = "Rocket hands guards over by value")]

use std::net::SocketAddr;

use betancourt_auth::store::MemoryStore;
use betancourt_auth::testing::WatchedStore;
use betancourt_auth::testing::site::{Admin, Site};
use betancourt_auth::{Auth, Config, Peer};
use betancourt_auth_rocket::{
    MaybeSignedIn, Refusal, Role, SignedIn, fairing, require_role, require_sign_in,
};
use bytes::Bytes;
use http::{Request, Response};
use rocket::http::{CookieJar, Header, Method, Status};
use rocket::local::asynchronous::Client;
use rocket::response::Responder;
use rocket::{Build, Rocket, get, routes};

betancourt_auth::site_conformance!(start);

struct App(Client);

impl Site for App {
    async fn send(&self, request: Request<Bytes>) -> Response<Bytes> {
        let (parts, body) = request.into_parts();
        let method = parts.method.as_str().parse::<Method>().unwrap();
        let mut sent = self.0.req(method, parts.uri.to_string());
        for (name, value) in &parts.headers {
            sent.add_header(Header::new(name.to_string(), value.to_str().unwrap().to_owned()));
        }
        if let Some(Peer(peer)) = parts.extensions.get() {
            sent.set_remote(SocketAddr::from((*peer, 40_000)));
        }
        let answer = sent.body(body).dispatch().await;
        let mut response = Response::builder().status(answer.status().code);
        for header in answer.headers().iter() {
            response = response.header(header.name.as_str(), header.value.as_ref());
        }
        response.body(answer.into_bytes().await.unwrap_or_default().into()).unwrap()
    }
}

async fn start(auth: Auth) -> App {
    let pages = routes![home, public, dashboard, admin, often, cookies, cached];
    let app = rocket()
        .mount("/", pages)
        .mount("/inner", routes![deep])
        .mount("/members", require_sign_in(routes![room, minutes]))
        .mount("/office", require_role::<Admin>(routes![books]))
        .attach(fairing(&auth));
    App(Client::untracked(app).await.unwrap())
}

fn rocket() -> Rocket<Build> {
    rocket::custom(rocket::Config {
        log_level: rocket::config::LogLevel::Off,
        ..Default::default()
    })
}

#[get("/")]
fn home(visitor: MaybeSignedIn) -> String {
    visitor.user().map_or("nobody".into(), |user| user.display_name().into())
}

#[get("/public")]
fn public() -> &'static str {
    "public"
}

#[get("/dashboard")]
fn dashboard(user: SignedIn) -> String {
    format!("Hello {}", user.name())
}

#[get("/admin")]
fn admin(admin: Role<Admin>) -> String {
    format!("At your service, {}", admin.name())
}

#[get("/often")]
fn often(visitor: MaybeSignedIn, user: SignedIn, _admin: Role<Admin>) -> &'static str {
    assert_eq!(visitor.user(), Some(user.user()));
    "often"
}

#[get("/cookies")]
fn cookies(_user: SignedIn, jar: &CookieJar<'_>) -> &'static str {
    jar.add(("a", "1"));
    jar.add(("b", "2"));
    "cookies"
}

#[derive(Responder)]
struct Cached(&'static str, Header<'static>);

#[get("/cached")]
fn cached(_user: SignedIn) -> Cached {
    Cached("cached", Header::new("cache-control", "public, max-age=60"))
}

#[get("/deep")]
fn deep(_user: SignedIn) -> &'static str {
    "deep"
}

#[get("/room")]
fn room() -> &'static str {
    "room"
}

#[get("/minutes")]
fn minutes() -> &'static str {
    "minutes"
}

#[get("/books")]
fn books() -> &'static str {
    "books"
}

fn auth(store: WatchedStore) -> Auth {
    let config = Config::new("http://localhost:3000", "a secret of at least 32 characters!!");
    Auth::new(config.unwrap(), store).unwrap()
}

/// A page as a browser asks for it, with something that may be a session.
fn page(path: &str) -> Request<Bytes> {
    let session = "authjs.session-token=a-session-token-of-the-usual-length-0123456";
    let page = Request::get(path).header("accept", "text/html").header("cookie", session);
    page.body(Bytes::new()).unwrap()
}

#[tokio::test]
async fn without_the_fairing_it_does_not_start() {
    let error = Client::untracked(rocket().mount("/", routes![dashboard])).await.unwrap_err();
    assert!(matches!(error.kind(), rocket::error::ErrorKind::SentinelAborts(_)), "{error}");
    let auth = auth(WatchedStore::new(MemoryStore::default()));
    let whole = rocket().mount("/", routes![dashboard]).attach(fairing(&auth));
    assert!(Client::untracked(whole).await.is_ok());
    let by_hand = rocket().mount("/", require_sign_in(routes![room]));
    let by_hand = App(Client::untracked(by_hand).await.unwrap());
    assert_eq!(by_hand.send(page("/room")).await.status(), 500);
}

#[test]
fn the_readme_shows_the_example() {
    let readme = include_str!("../../README.md");
    let shown = readme.split("```rust\n").nth(2).unwrap().split("```").next().unwrap();
    let (_, example) = include_str!("../examples/minimal_rocket.rs").split_once("\n\n").unwrap();
    assert_eq!(shown, example);
}

#[get("/careless")]
fn careless(user: Option<SignedIn>) -> &'static str {
    if user.is_some() { "somebody" } else { "nobody" }
}

/// `Option` makes nobody of every refusal, but the answer is not the handler's where the store could not tell.
#[tokio::test]
async fn rockets_own_option_does_not_hide_a_store_that_is_down() {
    let store = WatchedStore::new(MemoryStore::default());
    let app = rocket().mount("/", routes![careless]).attach(fairing(&auth(store.clone())));
    let app = App(Client::untracked(app).await.unwrap());
    let nobody = app.send(page("/careless")).await;
    assert_eq!((nobody.status().as_u16(), nobody.body().as_ref()), (200, &b"nobody"[..]));
    store.break_down();
    let down = app.send(page("/careless")).await;
    assert_eq!(down.status(), 503);
    assert!(!String::from_utf8_lossy(down.body()).contains("nobody"));
}

#[get("/polite")]
fn polite(user: Result<SignedIn, Refusal>) -> Result<String, Refusal> {
    Ok(format!("Hello {}", user?.name()))
}

#[get("/stern")]
fn stern(_user: Option<SignedIn>) -> Status {
    Status::Forbidden
}

#[rocket::catch(401)]
fn no_one() -> &'static str {
    "the application's own words"
}

/// What a guard refused is answered as everywhere, whatever catchers there are; what a handler refuses is its own.
#[tokio::test]
async fn a_refusal_needs_no_catcher_and_other_answers_stay() {
    let auth = auth(WatchedStore::new(MemoryStore::default()));
    let app = rocket()
        .mount("/", routes![dashboard, polite, stern])
        .register("/", rocket::catchers![no_one])
        .attach(fairing(&auth));
    let app = App(Client::untracked(app).await.unwrap());
    for path in ["/dashboard", "/polite"] {
        let answer = app.send(page(path)).await;
        let sign_in = format!("/auth/signin?callbackUrl=%2F{}", &path[1..]);
        assert_eq!(answer.status(), 302, "{path}");
        assert_eq!(answer.headers()["location"], sign_in);
        assert!(answer.body().is_empty());
        assert!(answer.headers().contains_key("permissions-policy"), "Rocket's shield stays");
    }
    let stern = app.send(page("/stern")).await;
    assert_eq!(stern.status(), 403);
    assert!(!stern.headers().contains_key("location"));
}
