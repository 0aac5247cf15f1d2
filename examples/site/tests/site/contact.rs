//! Somebody writes to the studio.

use std::sync::Arc;

use async_trait::async_trait;
use betancourt_auth::mailer::{Mail, MailError, Mailer};
use betancourt_auth_dev::Mailbox;
use betancourt_auth_sqlx::SqlStore;
use betancourt_site::messages::{self, KEPT_FOR};
use http::StatusCode;
use http::header::{
    ACCEPT, ACCEPT_LANGUAGE, CACHE_CONTROL, HeaderName, LOCATION, ORIGIN, RETRY_AFTER,
};
use url::form_urlencoded::Serializer;

use crate::support::{Answer, Running, SESSION, STUDIO, in_memory};
use crate::{mysql, postgres};

const HEADPHONES: &str = "Tres canciones 🎧\n¿Cuánto <b>cuesta</b>?";
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A mail server that takes nothing.
#[derive(Debug)]
struct Closed;

#[async_trait]
impl Mailer for Closed {
    async fn send(&self, _: &Mail) -> Result<(), MailError> {
        Err(MailError::because("it is closed"))
    }
}

fn form(name: &str, email: &str, message: &str) -> String {
    let pairs = [("name", name), ("email", email), ("message", message), ("website", "")];
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn letter() -> String {
    form("Marta <Ruiz>", "marta@ruiz.example", HEADPHONES)
}

async fn kept(site: &Running) -> usize {
    messages::newest(site.store(), 100).await.unwrap().len()
}

/// Fails unless the answer leads to a page that says so, and gives that page.
async fn read(site: &Running, answer: &Answer, receipt: &str) -> Answer {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(answer.header(LOCATION), format!("/?message={receipt}#contact"));
    site.get(answer.header(LOCATION).split('#').next().unwrap()).await
}

async fn is_kept_and_mailed(store: SqlStore) {
    let mailbox = Mailbox::default();
    let site = Running::start_mailing(store, Arc::new(mailbox.clone())).await;
    let answer = site.submit("/contact", &letter(), &[]).await;
    let page = read(&site, &answer, "mailed").await;
    assert!(page.text.contains("on its way to the studio"), "{}", page.text);

    let newest = messages::newest(site.store(), 2).await.unwrap();
    let [message] = newest.as_slice() else { panic!("{newest:?}") };
    assert_eq!(message.message.text, HEADPHONES);
    assert_eq!(message.message.name, "Marta <Ruiz>");
    assert_eq!(message.message.email, "marta@ruiz.example");
    assert!(message.mailed_at.is_some_and(|mailed| mailed >= message.at));

    let mail = mailbox.newest_to(STUDIO).unwrap();
    assert_eq!(mail.subject, "A message from Marta <Ruiz>");
    assert!(mail.text.contains("marta@ruiz.example") && mail.text.contains(HEADPHONES));
    assert!(mail.html.contains("&#60;b&#62;cuesta") && !mail.html.contains("<b>"), "{}", mail.html);
}

#[tokio::test]
async fn a_message_is_kept_and_mailed() {
    is_kept_and_mailed(in_memory().await).await;
}

#[tokio::test]
async fn postgresql_keeps_it_as_sqlite_does() {
    let Some(url) = postgres::url_after("").await else { return };
    is_kept_and_mailed(SqlStore::connect(&url).await.unwrap()).await;
}

#[tokio::test]
async fn mysql_keeps_it_as_sqlite_does() {
    let Some(url) = mysql::url_after("").await else { return };
    is_kept_and_mailed(SqlStore::connect(&url).await.unwrap()).await;
}

#[tokio::test]
async fn nobody_is_told_that_a_mail_went_out_which_did_not() {
    let without_a_server = Running::start().await;
    let closed = Running::start_mailing(in_memory().await, Arc::new(Closed)).await;
    for site in [without_a_server, closed] {
        let answer = site.submit("/contact", &letter(), &[]).await;
        let page = read(&site, &answer, "kept").await;
        assert!(page.text.contains("it could not be mailed"), "{}", page.text);
        assert_eq!(messages::newest(site.store(), 2).await.unwrap()[0].mailed_at, None);
    }
}

#[tokio::test]
async fn nobody_is_told_that_a_message_is_kept_which_is_not() {
    let mailbox = Mailbox::default();
    let site = Running::start_mailing(in_memory().await, Arc::new(mailbox.clone())).await;
    read(&site, &site.submit("/contact", &letter(), &[]).await, "mailed").await;
    site.lose_the_database().await;
    let answer = site.submit("/contact", &letter(), &[]).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text.contains("could not store your message") && answer.has(RETRY_AFTER));
    assert!(answer.text.contains("marta@ruiz.example"), "nobody types it again");
    assert_eq!(mailbox.mails().len(), 1);
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_nothing_that_was_typed_is_lost() {
    let site = Running::start().await;
    let wrong = form("", "marta@ruiz", "Hola & \"adiós\"");
    let answer = site.submit("/contact", &wrong, &[(ACCEPT_LANGUAGE, "es-CO")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.header(CACHE_CONTROL), "private, no-store");
    assert_eq!(answer.text.matches("aria-invalid=\"true\"").count(), 2);
    assert!(answer.text.contains("Dinos tu nombre") && answer.text.contains("Escribe un correo"));
    assert!(!answer.text.contains("Escribe unas palabras"), "the message is not wrong");
    assert!(answer.text.contains("value=\"marta@ruiz\""));
    assert!(answer.text.contains("Hola &#38; &#34;adiós&#34;</textarea>"));

    let script = site.submit("/contact", &wrong, &[(ACCEPT, "application/json")]).await;
    assert_eq!(script.status, StatusCode::UNPROCESSABLE_ENTITY);
    let told: serde_json::Value = serde_json::from_str(&script.text).unwrap();
    let fields: Vec<_> = told["wrong"].as_object().unwrap().keys().collect();
    assert_eq!(fields, ["name", "email"]);
    assert_eq!(kept(&site).await, 0);

    let script = site.submit("/contact", &letter(), &[(ACCEPT, "application/json")]).await;
    assert_eq!(script.status, StatusCode::CREATED);
    assert!(script.text.contains("could not be mailed") && kept(&site).await == 1);
}

#[tokio::test]
async fn a_message_comes_from_our_own_page() {
    let site = Running::start().await;
    let ours = format!("http://{}", site.address);
    for (name, value) in [
        (ORIGIN, "https://evil.test"),
        (ORIGIN, "null"),
        (ORIGIN, ours.replace("http", "https").as_str()),
    ] {
        let answer = site.submit("/contact", &letter(), &[(name, value)]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{value}");
        assert!(answer.text.contains("not sent from our own page"));
    }
    assert_eq!(
        site.post("/contact", &letter()).await.status,
        StatusCode::FORBIDDEN,
        "no word of it"
    );
    assert_eq!(kept(&site).await, 0);
    let same_site = [(FETCH_SITE, "same-origin")];
    for headers in [&[][..], &same_site] {
        let answer = site.submit("/contact", &letter(), headers).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    }
    assert_eq!(kept(&site).await, 2);
}

#[tokio::test]
async fn a_field_that_no_person_sees_gives_a_program_away() {
    let site = Running::start().await;
    let filled = letter().replace("website=", "website=https%3A%2F%2Fspam.test");
    let answer = site.submit("/contact", &filled, &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("that people do not see"), "a person learns what happened");
    assert_eq!(kept(&site).await, 0);
    assert_eq!(site.submit("/contact", &letter(), &[]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn one_network_writes_five_times_an_hour() {
    let site = Running::start().await;
    for _ in 0..5 {
        assert_eq!(site.submit("/contact", &letter(), &[]).await.status, StatusCode::SEE_OTHER);
    }
    for pretended in ["203.0.113.9", "2001:db8::1"] {
        let answer = site.submit("/contact", &letter(), &[(FORWARDED_FOR, pretended)]).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "nobody's word is taken");
        assert_eq!(answer.header(RETRY_AFTER), "3600");
        assert!(answer.text.contains("wait an hour") && answer.text.contains("marta@ruiz.example"));
    }
    assert_eq!(kept(&site).await, 5);
}

#[tokio::test]
async fn a_message_is_forgotten_after_a_year() {
    let site = Running::start().await;
    site.submit("/contact", &letter(), &[]).await;
    let at = messages::newest(site.store(), 1).await.unwrap()[0].at;
    messages::forget(site.store(), at + KEPT_FOR).await.unwrap();
    assert_eq!(kept(&site).await, 1);
    messages::forget(site.store(), at + KEPT_FOR + time::Duration::SECOND).await.unwrap();
    assert_eq!(kept(&site).await, 0);
}

#[tokio::test]
async fn whoever_is_known_need_not_say_who_they_are() {
    let site = Running::start().await;
    let page = site.get_as("/?about=3", SESSION).await.text;
    assert!(page.contains("value=\"Ana Prada\"") && page.contains("value=\"ana@example.org\""));
    assert!(page.contains("I am interested in: Full Production."));
    assert!(!site.get("/").await.text.contains("value=\"Ana Prada\""));
    let reloaded = site.get("/contact").await;
    assert_eq!((reloaded.status, reloaded.header(LOCATION)), (StatusCode::SEE_OTHER, "/#contact"));
}
