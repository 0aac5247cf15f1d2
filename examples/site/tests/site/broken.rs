//! LOG-04 and LOG-01: what breaks tells a person a reference and nothing else, and the log no secret, however closely it
//! listens.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Stdio;
use std::thread;

use axum::Router;
use axum::routing::get;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, X_CONTENT_TYPE_OPTIONS};

use crate::binary::{Folder, free_port, get as fetch, wait_for};
use crate::support::{Answer, Running, SESSION};

const REFERRER_POLICY: HeaderName = HeaderName::from_static("referrer-policy");
/// What nobody may learn from an answer.
const INSIDE: [&str; 7] =
    ["hunter2", "panicked", ".rs:", "sqlx", "SELECT", "closed pool", "BACKTRACE"];

/// A page of the site that is our fault, and says so with a reference.
#[track_caller]
fn assert_is_our_fault(answer: &Answer, status: StatusCode) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(INSIDE.iter().find(|word| answer.text.contains(**word)), None, "{}", answer.text);
    let reference = answer.text.split("class=\"reference\">Reference ").nth(1).unwrap();
    let reference = reference.split('<').next().unwrap();
    assert!(
        reference.len() == 8 && reference.chars().all(|letter| letter.is_ascii_hexdigit()),
        "{reference}"
    );
    assert_eq!(answer.header(CACHE_CONTROL), "private, no-store");
    for name in [CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS, REFERRER_POLICY] {
        assert!(answer.has(name.clone()), "{name}");
    }
}

#[tokio::test]
async fn log_04_a_handler_that_panics_is_a_page_with_a_reference() {
    let site = Running::start().await;
    let pages = Router::new()
        .route("/broken", get(async || -> &'static str { panic!("postgres://app:hunter2@db") }))
        .route("/whole", get(async || "whole"));
    let beside = site.serve_beside(pages).await;
    let broken = site.ask_beside(beside, "/broken").await;
    assert_is_our_fault(&broken, StatusCode::INTERNAL_SERVER_ERROR);
    let again = site.ask_beside(beside, "/broken").await;
    assert_ne!(again.text, broken.text, "each has a reference of its own");
    assert_eq!(site.ask_beside(beside, "/whole").await.text, "whole");
}

#[tokio::test]
async fn log_04_a_database_that_is_gone_is_a_page_with_a_reference() {
    let site = Running::start().await;
    assert_eq!(site.get_as("/dashboard/history", SESSION).await.status, StatusCode::OK);
    site.lose_the_database().await;
    let answer = site.get_as("/dashboard/history", SESSION).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text);
    assert_eq!(INSIDE.iter().find(|word| answer.text.contains(**word)), None, "{}", answer.text);
    assert_eq!(site.get("/terms").await.status, StatusCode::OK, "the process goes on");
}

/// Secrets in each place of a request from which a careless log would have them.
const SECRETS: [&str; 6] = [
    "canary-of-a-code",
    "canary-of-a-state",
    "canary-of-a-cookie",
    "canary-of-a-form",
    "canary-of-a-header",
    "canary-of-a-link",
];

#[test]
#[cfg(unix)]
fn log_01_the_quietest_level_tells_no_secret_and_every_line_is_an_event() {
    let (folder, port) = (Folder::new("quiet"), free_port());
    let variables = [("PORT", port.as_str()), ("RUST_LOG", "trace"), ("LOG_FORMAT", "json")];
    let mut site =
        folder.site(&[], &variables).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = site.stderr.take().unwrap();
    let reading = thread::spawn(move || {
        let mut text = String::new();
        log.read_to_string(&mut text).unwrap();
        text
    });
    wait_for(&mut site, 3);
    fetch(&port, "/api/auth/callback/google?code=canary-of-a-code&state=canary-of-a-state");
    fetch(&port, "/api/auth/callback/email?token=canary-of-a-link&email=marta%40ruiz.example");
    fetch(&port, "/not-me/canary-of-a-link");
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
    let form = "csrfToken=canary-of-a-form&email=marta%40ruiz.example";
    let lines = [
        "POST /api/auth/signin/email HTTP/1.1".to_owned(),
        format!("Host: localhost:{port}"),
        "Cookie: authjs.session-token=canary-of-a-cookie; authjs.csrf-token=canary-of-a-cookie"
            .to_owned(),
        "Authorization: Bearer canary-of-a-header".to_owned(),
        "Content-Type: application/x-www-form-urlencoded".to_owned(),
        format!("Content-Length: {}", form.len()),
        "Connection: close".to_owned(),
    ];
    write!(stream, "{}\r\n\r\n{form}", lines.join("\r\n")).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("MissingCSRF"), "{answer}");
    site.kill().unwrap();
    site.wait().unwrap();
    let log = reading.join().unwrap();
    assert!(["sqlx::query", "betancourt_auth"].iter().all(|target| log.contains(target)), "{log}");
    for line in log.lines() {
        serde_json::from_str::<serde_json::Value>(line)
            .unwrap_or_else(|_| panic!("no event: {line}"));
        let told = SECRETS.iter().chain(&["ruiz"]).find(|secret| line.contains(**secret));
        assert_eq!(told, None, "{line}");
    }
}
