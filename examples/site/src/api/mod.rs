//! The statistics API: who is here, through which providers, in how many sessions. For administrators, and for
//! reading alone.
//!
//! Its addresses end in a slash, or in `.json`; the actions of sign-in, which share `/api/auth` with it, do neither.

mod accounts;
mod administrators;
mod answer;
mod page;
mod services;
mod sessions;
mod suffix;
mod tokens;
mod users;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, any, get};
use axum::{Json, Router};
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderName, LOCATION};
use http::{HeaderValue, Method, StatusCode, Uri};
use serde::Serialize;
use tower_http::cors::CorsLayer;

use self::answer::{Detail, PRIVATE};
use crate::site::Site;
use crate::start::BASE_PATH;

/// All of it is for reading.
const METHODS: &str = "GET, HEAD, OPTIONS";
const KINDS: [&str; 4] = ["users", "accounts", "sessions", "tokens"];
/// What the API is, for programs that make clients of it.
const DESCRIPTION: &str = include_str!("openapi.json");
/// For everybody, and the same for everybody.
const PUBLIC_JSON: [(HeaderName, &str); 2] =
    [(CACHE_CONTROL, "public, max-age=300"), (CONTENT_TYPE, "application/json")];

/// The routes of the API.
pub fn routes(site: &Site) -> Router<Site> {
    let from_other_origins = CorsLayer::new()
        .allow_origin(site.other_origins.clone())
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::HEAD, Method::OPTIONS]);
    let data = data().layer(from_fn_with_state(site.clone(), administrators::only));
    let otherwise = otherwise(&data.clone().with_state(site.clone()));
    data.merge(otherwise)
        .layer(from_other_origins)
        .route("/api/services", get(services::list))
        .route("/api/openapi.json", get((PUBLIC_JSON, description(site))))
}

/// It names the cookie of the session, which has another name on one's own machine.
fn description(site: &Site) -> Bytes {
    if site.origin().starts_with("https:") {
        Bytes::from_static(DESCRIPTION.as_bytes())
    } else {
        DESCRIPTION.replace("__Secure-", "").into()
    }
}

fn data() -> Router<Site> {
    let at = |path| format!("{BASE_PATH}/{path}");
    Router::new()
        .route(&at(""), read(root))
        .route(&at("users/"), read(users::list))
        .route(&at("users/stats/"), read(users::stats))
        .route(&at("users/by_email/"), read(users::by_email))
        .route(&at("users/{id}/"), read(users::detail))
        .route(&at("accounts/"), read(accounts::list))
        .route(&at("accounts/stats/"), read(accounts::stats))
        .route(&at("accounts/by_user/"), read(accounts::by_user))
        .route(&at("accounts/{id}/"), read(accounts::detail))
        .route(&at("sessions/"), read(sessions::list))
        .route(&at("sessions/stats/"), read(sessions::stats))
        .route(&at("sessions/{id}/"), read(sessions::detail))
        .route(&at("tokens/"), read(tokens::list))
        .route(&at("tokens/{id}/"), read(tokens::detail))
}

/// What ends in `.json` is answered as what ends in a slash; what ends in neither is led there.
fn otherwise(data: &Router) -> Router<Site> {
    let data = data.clone();
    let find = any(move |request: Request| async move {
        match suffix::slashed(request.uri()) {
            Some(uri) => suffix::answer(data, request, uri).await,
            None => slashed(request.method(), request.uri()),
        }
    });
    KINDS
        .into_iter()
        .fold(Router::new(), |routes, kind| {
            let list = format!("{BASE_PATH}/{kind}");
            [list.clone(), format!("{list}.json"), format!("{list}/{{id}}")]
                .iter()
                .fold(routes, |routes, path| routes.route(path, find.clone()))
        })
        .route(&format!("{BASE_PATH}/.json"), find)
}

/// A route for reading. Whoever tries anything else is told so.
fn read<H: Handler<T, Site>, T: 'static>(handler: H) -> MethodRouter<Site> {
    get(handler).fallback(async |method: Method| not_allowed(&method))
}

fn not_allowed(method: &Method) -> Response {
    let detail = Detail::new(format!("Method \"{method}\" not allowed."));
    (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, METHODS)], PRIVATE, Json(detail)).into_response()
}

/// Where everything is.
#[derive(Debug, Serialize)]
struct Root {
    users: String,
    accounts: String,
    sessions: String,
    tokens: String,
}

async fn root(State(site): State<Site>) -> Response {
    let [users, accounts, sessions, tokens] =
        KINDS.map(|kind| format!("{}{BASE_PATH}/{kind}/", site.origin()));
    (PRIVATE, Json(Root { users, accounts, sessions, tokens })).into_response()
}

/// The same address with a slash at its end, for whoever wants to read.
fn slashed(method: &Method, uri: &Uri) -> Response {
    if ![Method::GET, Method::HEAD].contains(method) {
        return not_allowed(method);
    }
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    match HeaderValue::try_from(format!("{}/{query}", uri.path())) {
        Ok(address) => (StatusCode::MOVED_PERMANENTLY, [(LOCATION, address)]).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
