//! The built-in pages, as people with different eyes, fingers and languages meet them.

use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use betancourt_auth::User;
use betancourt_auth::mailer::{Mail, MailError, Mailer};
use betancourt_auth::provider::{
    Authorize, AuthorizeError, CredentialsProvider, EmailProvider, Field, Submitted,
};
use betancourt_auth::store::MemoryStore;
use betancourt_auth_dev::LookAlikes;
use serde_json::{Value, json};

use crate::app::{App, BASE_PATH, free_origin};
use crate::{script, tools};

/// Sends nothing and admits nobody: the pages are looked at, not used.
#[derive(Debug)]
struct Nobody;

#[async_trait]
impl Mailer for Nobody {
    async fn send(&self, _mail: &Mail) -> Result<(), MailError> {
        Ok(())
    }
}

#[async_trait]
impl Authorize for Nobody {
    async fn authorize(&self, _submitted: &Submitted) -> Result<User, AuthorizeError> {
        Err(AuthorizeError::rejected())
    }
}

/// Every page with a name for its picture.
fn pages() -> Value {
    let page =
        |name: &str, path: &str| json!({ "name": name, "path": format!("{BASE_PATH}{path}") });
    json!([
        page("sign-in", "/signin"),
        page("sign-in-failed", "/signin?error=OAuthAccountNotLinked&ref=K7QW2MXA"),
        page("sign-out", "/signout"),
        page("verify-request", "/verify-request?provider=email&type=email"),
        page("error", "/error?error=Verification&ref=K7QW2MXA"),
        page("error-unknown", "/error"),
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn can_be_used_by_everybody() {
    let (Some(chromium), Some(node)) = (tools::chromium(), tools::node()) else { return };
    let origin = free_origin();
    let look_alikes = LookAlikes::start(&format!("{origin}{BASE_PATH}")).await.unwrap();
    let _app = App::start(&origin, MemoryStore::default(), Router::new(), |config| {
        config.registrations = look_alikes.registrations();
        config.email.push(EmailProvider::new(Arc::new(Nobody)));
        config.credentials.push(CredentialsProvider::new(Arc::new(Nobody)).with_fields([
            Field::text("username", "User name"),
            Field::password("password", "Password"),
        ]));
    })
    .await;
    let input = json!({ "chromium": chromium.to_str(), "origin": origin, "pages": pages() });
    let play = || script::run(node, "built-in-pages.mjs", &input, |_| Value::Null);
    tokio::task::block_in_place(play);
}
