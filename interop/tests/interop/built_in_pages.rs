//! The built-in pages and the mail, as people with different eyes, fingers and languages meet them.

use std::sync::{Arc, mpsc};
use std::time::Duration;

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

const PATIENCE: Duration = Duration::from_secs(20);

/// Hands every mail to the test.
#[derive(Debug)]
struct Postman(mpsc::Sender<Mail>);

#[async_trait]
impl Mailer for Postman {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        self.0.send(mail.clone()).unwrap();
        Ok(())
    }
}

/// Admits nobody: the form is looked at, not used.
#[derive(Debug)]
struct Nobody;

#[async_trait]
impl Authorize for Nobody {
    async fn authorize(&self, _submitted: &Submitted) -> Result<User, AuthorizeError> {
        Err(AuthorizeError::rejected())
    }
}

/// Every page that is an address, with a name for its picture.
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
    let (postman, mails) = mpsc::channel();
    let _app = App::start(&origin, MemoryStore::default(), Router::new(), |config| {
        config.registrations = look_alikes.registrations();
        config.email.push(EmailProvider::new(Arc::new(Postman(postman))));
        config.credentials.push(CredentialsProvider::new(Arc::new(Nobody)).with_fields([
            Field::text("username", "User name"),
            Field::password("password", "Password"),
        ]));
    })
    .await;
    let input = json!({
        "chromium": chromium.to_str(),
        "origin": origin,
        "basePath": BASE_PATH,
        "pages": pages(),
    });
    let newest_mail = |_: &Value| {
        let mail = mails.recv_timeout(PATIENCE).unwrap();
        let link = mail.text.split_whitespace().find(|word| word.contains("://"));
        json!({ "html": mail.html, "link": link })
    };
    let play = || script::run(node, "built-in-pages.mjs", &input, newest_mail);
    tokio::task::block_in_place(play);
}
