//! The browser client of Auth.js, unmodified, at a server of ours.

use std::path::Path;
use std::process::Command;

use betancourt_auth::Strategy;
use betancourt_auth_dev::{Face, LookAlikes};
use betancourt_auth_sqlx::SqlStore;
use serde_json::{Value, json};

use crate::app::{App, BASE_PATH, free_origin, pages_of};
use crate::{script, tools};

/// A page with the client of one version in it, for a browser.
fn bundled(node: &Path, package: &str) -> Vec<u8> {
    let folder = Path::new(tools::FOLDER).join("authjs");
    let mut esbuild = Command::new(node);
    esbuild.current_dir(&folder).arg("node_modules/esbuild/bin/esbuild").arg("client/page.jsx");
    esbuild.args([
        "--bundle",
        "--minify",
        "--format=iife",
        "--jsx=automatic",
        "--log-level=warning",
    ]);
    esbuild.arg(format!("--alias:auth-client={package}/react"));
    // What bundlers for browsers put in the place of variables that only a server has.
    esbuild
        .args([r#"--define:process.env.NODE_ENV="production""#, r#"--define:process={"env":{}}"#]);
    let bundled = esbuild.output().unwrap();
    assert!(bundled.status.success(), "{}", String::from_utf8_lossy(&bundled.stderr));
    bundled.stdout
}

async fn plays(package: &str, strategy: Strategy) {
    let (Some(chromium), Some(node)) = (tools::chromium(), tools::node_with_authjs()) else {
        return;
    };
    let origin = free_origin();
    let look_alikes = LookAlikes::start(&format!("{origin}{BASE_PATH}")).await.unwrap();
    let store = SqlStore::connect("sqlite::memory:").await.unwrap();
    let _app = App::start(&origin, store, pages_of(bundled(node, package)), |config| {
        config.registrations = look_alikes.registrations();
        config.session.strategy = strategy;
    })
    .await;
    let input = json!({
        "chromium": chromium.to_str(),
        "origin": origin,
        "name": format!("{package}-{strategy:?}").to_lowercase(),
        "providers": [
            { "id": "google", "type": "oidc", "person": "ana-restrepo@gmail.com", "name": "Ana Restrepo" },
            { "id": "facebook", "type": "oauth" },
            { "id": "apple", "type": "oidc" },
            { "id": Face::Microsoft.id(), "type": "oidc" },
        ],
    });
    let play = || script::run(node, "browser-client.mjs", &input, |_| Value::Null);
    tokio::task::block_in_place(play);
}

#[tokio::test(flavor = "multi_thread")]
async fn v5_with_stored_sessions() {
    plays("next-auth-5", Strategy::Database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v5_with_sealed_sessions() {
    plays("next-auth-5", Strategy::Jwt).await;
}
