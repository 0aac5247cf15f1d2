//! The browser client of Auth.js, unmodified, at a server of ours.

use std::fs;
use std::sync::Arc;

use betancourt_auth::Strategy;
use betancourt_auth::provider::CredentialsProvider;
use betancourt_auth_dev::{Face, LookAlikes};
use betancourt_auth_sqlx::SqlStore;
use serde_json::json;

use crate::app::{App, BASE_PATH, free_origin, pages_of};
use crate::members::Members;
use crate::nicknames::Nicknames;
use crate::post_office::PostOffice;
use crate::{authjs, script, tools};

async fn plays(package: &str, strategy: Strategy) {
    let (Some(chromium), Some(node)) = (tools::chromium(), tools::node_with_authjs()) else {
        return;
    };
    let Some(python) = tools::python_with_aiosmtpd() else { return };
    let mut post_office = PostOffice::open(python);
    let origin = free_origin();
    let look_alikes = LookAlikes::start(&format!("{origin}{BASE_PATH}")).await.unwrap();
    let script = authjs::built(node).join(format!("page-{package}.js"));
    let store = SqlStore::connect("sqlite::memory:").await.unwrap();
    let _app = App::start(&origin, store, pages_of(fs::read(script).unwrap()), |config| {
        config.registrations = look_alikes.registrations();
        config.session.strategy = strategy;
        config.email = vec![post_office.email()];
        config.credentials = vec![CredentialsProvider::new(Arc::new(Members))];
        config.callbacks = Arc::new(Nicknames::default());
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
            { "id": "email", "type": "email" },
            { "id": "credentials", "type": "credentials" },
        ],
    });
    let play = || script::run(node, "browser-client.mjs", &input, |_| post_office.next());
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

#[tokio::test(flavor = "multi_thread")]
async fn v4_with_stored_sessions() {
    plays("next-auth-4", Strategy::Database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v4_with_sealed_sessions() {
    plays("next-auth-4", Strategy::Jwt).await;
}
