//! The table of the conformance page is what comes of playing the modules against a server of ours.
//!
//! `BETANCOURT_WRITE=1 cargo test -p betancourt-docs --test conformance` writes it anew.
#![cfg(test)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::future::IntoFuture as _;
use std::path::Path;

use axum::Router;
use axum::extract::{Path as Segment, State};
use axum::routing::get;
use betancourt_auth::store::MemoryStore;
use betancourt_auth::{Auth, Config};
use betancourt_auth_axum::{SignedIn, layer, routes};
use betancourt_auth_dev::conformance::{Report, Suite};
use http::StatusCode;
use tokio::net::TcpListener;

const BEGIN: &str = "<!-- The table is made by playing: see docs/tests/conformance.rs. -->\n\n";
const END: &str = "\n<!-- The end of the table. -->\n";

async fn report() -> Report {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let suite = Suite::start(&format!("{origin}/auth")).await.unwrap();
    let suite = suite.access_page("/access/{provider}");
    let mut config = Config::new(&origin, "a secret of at least 32 characters!!").unwrap();
    config.registrations = suite.registrations();
    config.rate.attempts = u32::MAX; // the suite signs in far more often than people do
    let auth = Auth::new(config, MemoryStore::default()).unwrap();
    let app = Router::new()
        .route("/access/{provider}", get(access))
        .merge(routes(&auth))
        .layer(layer(&auth))
        .with_state(auth);
    tokio::spawn(axum::serve(listener, app).into_future());
    suite.play().await
}

async fn access(
    State(auth): State<Auth>,
    Segment(provider): Segment<String>,
    user: SignedIn,
) -> Result<String, StatusCode> {
    let token = auth.access_token(&user.user().id, &provider).await;
    token.map(|token| token.token.expose().to_owned()).map_err(|_| StatusCode::BAD_GATEWAY)
}

/// One line for each module; where it is played in two ways, they have one verdict.
fn table(report: &Report) -> String {
    let mut table =
        String::from("| module | plans | what is played | verdict |\n| --- | --- | --- | --- |\n");
    let mut shown = BTreeSet::new();
    for row in report.rows.iter().filter(|row| shown.insert(row.module)) {
        let same = report.rows.iter().filter(|other| other.module == row.module);
        let plans = same.clone().flat_map(|row| &row.plans).map(ToString::to_string);
        let plans = plans.collect::<Vec<_>>().join(", ");
        assert!(same.clone().all(|other| other.verdict == row.verdict), "{}", row.module);
        let reason = row.verdict.reason().map(|reason| format!(": {reason}")).unwrap_or_default();
        let word = row.verdict.word();
        let (module, about) = (row.module, row.about);
        writeln!(table, "| `{module}` | {plans} | {about} | {word}{reason} |").unwrap();
    }
    table
}

#[tokio::test]
async fn the_table_is_what_comes_of_playing() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/guide/conformance.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (written, after) = rest.split_once(END).unwrap();
    let table = table(&report().await);
    if std::env::var_os("BETANCOURT_WRITE").is_some() {
        fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(written, table, "write it anew with BETANCOURT_WRITE=1");
}
