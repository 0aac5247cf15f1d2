//! The adapter's promises, through a real axum application: guards, cookies, limits, failures.
#![cfg(test)]

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use betancourt_auth::clock::{Clock, SystemClock};
use betancourt_auth::store::{Keeping, MemoryStore, NewSession, Store};
use betancourt_auth::{
    Account, AccountKey, Auth, Config, SessionDetails, StoredToken, User, UserId,
};
use betancourt_auth_axum::{MaybeSignedIn, Role, SignedIn, layer, routes};
use betancourt_auth_sqlx::SqlStore;
use bytes::Bytes;
use http::header::{ACCEPT, CACHE_CONTROL, COOKIE, HOST, LOCATION, SET_COOKIE, VARY};
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use time::Duration;
use tower::ServiceExt;

const TOKEN: &str = "a-session-token-of-the-usual-length-0123456";

#[derive(Debug)]
struct Admin;

impl betancourt_auth::Role for Admin {
    const NAME: &'static str = "ADMIN";
}

async fn dashboard(user: SignedIn) -> String {
    format!("Hello {}", user.name())
}

async fn home(visitor: MaybeSignedIn, same: Option<SignedIn>) -> String {
    assert_eq!(visitor.user().is_some(), same.is_some());
    visitor.user().map_or("nobody".into(), |user| user.display_name().into())
}

async fn admin(admin: Role<Admin>) -> String {
    format!("At your service, {}", admin.name())
}

fn app(auth: &Auth) -> Router {
    let inner = Router::new().route("/deep", get(dashboard));
    Router::new()
        .route("/", get(home))
        .route("/public", get(|| async { "public" }))
        .route("/dashboard", get(dashboard))
        .route("/admin", get(admin))
        .nest("/inner", inner)
        .merge(routes(auth))
        .layer(layer(auth))
}

fn config() -> Config {
    Config::new("http://localhost:3000", "a secret of at least 32 characters!!").unwrap()
}

/// An application in which Ana is signed in, with a session that was last extended `ago`.
async fn signed_in(role: &str, ago: Duration) -> Auth {
    let store = MemoryStore::default();
    let mut user = User::new(UserId::new("ana"));
    user.name = Some("Ana Prada".into());
    let account = Account::new(AccountKey::new("google", "1042"), user.id.clone(), "oidc");
    let began = SystemClock.now() - ago;
    let session = NewSession {
        token: StoredToken::hashed(TOKEN),
        keeping: Keeping::Stored,
        user_id: user.id.clone(),
        expires: began + Duration::days(30),
        details: SessionDetails::new(began, "google"),
        origin: None,
        replaces: Vec::new(),
        keep: 10,
    };
    store.sign_up(&user, Some(&account), &session, &[]).await.unwrap();
    let auth = Auth::new(config(), store).unwrap();
    auth.set_role(&user.id, role).await.unwrap();
    auth
}

struct Asked {
    path: &'static str,
    cookie: bool,
    headers: Vec<(&'static str, &'static str)>,
}

fn ask(path: &'static str) -> Asked {
    Asked { path, cookie: false, headers: vec![("accept", "text/html")] }
}

impl Asked {
    fn signed_in(self) -> Self {
        Self { cookie: true, ..self }
    }

    fn by_script(self) -> Self {
        Self { headers: vec![("accept", "application/json"), ("sec-fetch-mode", "cors")], ..self }
    }

    async fn of(self, auth: &Auth) -> Response<Bytes> {
        let mut request = Request::get(self.path).header(HOST, "localhost:3000");
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        if self.cookie {
            request = request.header(COOKIE, format!("authjs.session-token={TOKEN}"));
        }
        send(auth, request.body(Body::empty()).unwrap()).await
    }
}

async fn send(auth: &Auth, request: Request<Body>) -> Response<Bytes> {
    let response = app(auth).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
}

#[tokio::test]
async fn a_page_sends_nobody_to_sign_in_and_a_script_gets_401() {
    let auth = Auth::new(config(), MemoryStore::default()).unwrap();
    let page = ask("/dashboard?tab=2").of(&auth).await;
    assert_eq!(page.status(), StatusCode::FOUND);
    assert_eq!(page.headers()[LOCATION], "/auth/signin?callbackUrl=%2Fdashboard%3Ftab%3D2");
    let nested = ask("/inner/deep").of(&auth).await;
    assert_eq!(nested.headers()[LOCATION], "/auth/signin?callbackUrl=%2Finner%2Fdeep");
    let script = ask("/dashboard").by_script().of(&auth).await;
    assert_eq!(
        (script.status(), script.body().as_ref()),
        (StatusCode::UNAUTHORIZED, &br#"{"error":"Unauthorized"}"#[..])
    );
    assert_eq!(ask("/").of(&auth).await.body(), "nobody");
}

#[tokio::test]
async fn somebody_gets_in_and_nobody_else_may_keep_the_answer() {
    let auth = signed_in("CLIENT", Duration::ZERO).await;
    let page = ask("/dashboard").signed_in().of(&auth).await;
    assert_eq!((page.status(), page.body().as_ref()), (StatusCode::OK, &b"Hello Ana Prada"[..]));
    assert_eq!(page.headers()[CACHE_CONTROL], "private, no-store");
    assert_eq!(page.headers()[VARY], "Cookie");
    assert!(!page.headers().contains_key(SET_COOKIE), "nothing to renew yet");
    assert_eq!(ask("/").signed_in().of(&auth).await.body(), "Ana Prada");
}

#[tokio::test]
async fn the_role_of_this_moment_counts() {
    let auth = signed_in("CLIENT", Duration::ZERO).await;
    assert_eq!(ask("/admin").signed_in().of(&auth).await.status(), StatusCode::FORBIDDEN);
    let script = ask("/admin").signed_in().by_script().of(&auth).await;
    assert_eq!(script.body(), r#"{"error":"AccessDenied"}"#);
    auth.set_role(&UserId::new("ana"), "ADMIN").await.unwrap();
    assert_eq!(ask("/admin").signed_in().of(&auth).await.body(), "At your service, Ana Prada");
    auth.set_role(&UserId::new("ana"), "CLIENT").await.unwrap();
    assert_eq!(ask("/admin").signed_in().of(&auth).await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_session_in_use_is_renewed_on_whatever_answer_asked_for_it() {
    let auth = signed_in("CLIENT", Duration::hours(25)).await;
    let page = ask("/dashboard").signed_in().of(&auth).await;
    let cookie = page.headers()[SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with(&format!("authjs.session-token={TOKEN}; ")), "{cookie}");
    let again = ask("/dashboard").signed_in().of(&auth).await;
    assert!(!again.headers().contains_key(SET_COOKIE));
}

#[tokio::test]
async fn a_page_that_never_asks_costs_nothing_and_tells_nothing() {
    let auth = Auth::new(config(), down().await).unwrap();
    let page = ask("/public").signed_in().of(&auth).await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(!page.headers().contains_key(VARY) && !page.headers().contains_key(SET_COOKIE));
}

#[tokio::test]
async fn a_store_that_is_down_is_never_nobody() {
    let auth = Auth::new(config(), down().await).unwrap();
    for path in ["/", "/dashboard", "/admin"] {
        let page = ask(path).signed_in().of(&auth).await;
        assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(!page.headers().contains_key(SET_COOKIE), "the cookie is kept");
        let script = ask(path).signed_in().by_script().of(&auth).await;
        assert_eq!(script.body(), r#"{"error":"Unavailable"}"#);
    }
    assert_eq!(
        ask("/").of(&auth).await.status(),
        StatusCode::OK,
        "without a cookie nobody asks the store"
    );
}

#[tokio::test]
async fn a_body_has_a_limit() {
    let auth = Auth::new(config(), MemoryStore::default()).unwrap();
    for (length, status) in
        [(60 * 1024, StatusCode::SEE_OTHER), (70 * 1024, StatusCode::PAYLOAD_TOO_LARGE)]
    {
        let request = Request::post("/auth/signout")
            .header(HOST, "localhost:3000")
            .header(ACCEPT, "text/html");
        assert_eq!(
            send(&auth, request.body(Body::from("x".repeat(length))).unwrap()).await.status(),
            status
        );
    }
}

#[tokio::test]
async fn a_missing_layer_says_so() {
    let request = Request::get("/dashboard").body(Body::empty()).unwrap();
    let response =
        Router::new().route("/dashboard", get(dashboard)).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert!(String::from_utf8_lossy(&body).contains("betancourt_auth_axum::layer(&auth)"));
}

/// A store that cannot be reached.
async fn down() -> SqlStore {
    let store = SqlStore::connect("sqlite::memory:").await.unwrap();
    store.sqlite_pool().unwrap().close().await;
    store
}
