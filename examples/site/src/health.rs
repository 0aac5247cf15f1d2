//! Is it alive, and can it work? For who watches over it.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderName};

use crate::site::Site;

const NO_STORE: [(HeaderName, &str); 1] = [(CACHE_CONTROL, "no-store")];

type Probe = (StatusCode, [(HeaderName, &'static str); 1], &'static str);

/// `/healthz`: the process answers. `/readyz`: its database does, too.
pub fn routes() -> Router<Site> {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready))
}

async fn alive() -> Probe {
    (StatusCode::OK, NO_STORE, "alive\n")
}

async fn ready(State(site): State<Site>) -> Probe {
    match site.auth.store().ping().await {
        Ok(()) => (StatusCode::OK, NO_STORE, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, NO_STORE, "the database does not answer\n"),
    }
}
