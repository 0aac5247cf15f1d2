//! The other ways into the application of a scenario: credentials that it judges itself, and mail that nobody delivers.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use betancourt_auth::mailer::{Mail, MailError, Mailer};
use betancourt_auth::provider::{
    Authorize, AuthorizeError, CredentialsProvider, EmailProvider, Field, Opening, Submitted,
};
use betancourt_auth::{User, UserId};
use serde_json::Value;
use time::Duration;

use crate::recording::Scenario;
use crate::report;

/// The id of the user to whom the recorded application gave none.
pub(crate) const NO_ID: &str = "drawn by the application";

/// The judgement of the recorded application.
#[derive(Debug)]
struct Recorded;

#[async_trait]
impl Authorize for Recorded {
    async fn authorize(&self, submitted: &Submitted) -> Result<User, AuthorizeError> {
        match (submitted.field("username"), submitted.field("password")) {
            (Some("ada"), Some("pw")) => {
                let mut ada = user("u-1", "Ada");
                ada.email = Some("ada@example.com".to_owned());
                Ok(ada)
            }
            (Some("boom"), _) => Err(AuthorizeError::Failed("boom".into())),
            (Some("coded"), _) => Err(AuthorizeError::Rejected { code: "locked".into() }),
            (Some("noid"), _) => Ok(user(NO_ID, "X")),
            (Some("numid"), _) => Ok(user("7", "Seven")),
            _ => Err(AuthorizeError::rejected()),
        }
    }
}

fn user(id: &str, name: &str) -> User {
    let mut user = User::new(UserId::new(id));
    user.name = Some(name.to_owned());
    user
}

/// Mail that was sent. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outbox(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    sent: Vec<Mail>,
    is_down: bool,
}

impl Outbox {
    /// What was sent since the last time.
    pub(crate) fn take(&self, secrets: &[String]) -> Vec<Value> {
        let sent = std::mem::take(&mut self.0.lock().unwrap().sent);
        let link = |mail: &Mail| {
            let words = mail.text.split_whitespace();
            words.filter(|word| word.contains("/callback/")).collect::<String>()
        };
        sent.iter().map(|mail| report::mail(&mail.to, &link(mail), secrets)).collect()
    }
}

#[async_trait]
impl Mailer for Outbox {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let mut state = self.0.lock().unwrap();
        if state.is_down {
            return Err(MailError::because("nobody delivers this"));
        }
        state.sent.push(mail.clone());
        Ok(())
    }
}

/// Sign-in by mail, if the scenario has it: with the lifetime of Auth.js, and its way to act when a link is opened.
pub(crate) fn email(scenario: &Scenario, outbox: &Outbox) -> Option<EmailProvider> {
    outbox.0.lock().unwrap().is_down = scenario.id == "email-send-fails";
    let mut email = EmailProvider::new(Arc::new(outbox.clone()));
    email.max_age = Duration::days(1);
    email.opening = Opening::SignsIn;
    has(scenario, "email").then_some(email)
}

/// Sign-in with credentials, if the scenario has it.
pub(crate) fn credentials(scenario: &Scenario) -> Option<CredentialsProvider> {
    let fields = [Field::text("username", "User"), Field::password("password", "Password")];
    let mut credentials = CredentialsProvider::new(Arc::new(Recorded)).with_fields(fields);
    // Refusals are slow so that nobody can measure them; nobody measures them here.
    credentials.refusal_takes = std::time::Duration::ZERO;
    has(scenario, "credentials").then_some(credentials)
}

fn has(scenario: &Scenario, way: &str) -> bool {
    let named = scenario.setup["providers"].as_str().unwrap_or_default();
    let is_needed = way == "credentials" && scenario.id == "cookie-overrides"
        || way == "email" && scenario.id == "html-pages-custom";
    named.contains(way) || is_needed
}
