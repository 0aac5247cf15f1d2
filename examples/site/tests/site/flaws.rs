//! What the original got wrong, and the test that shows each of it mended: the table of the README, checked; and those
//! tests that have no better place.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use betancourt_auth_dev::Face;
use betancourt_auth_sqlx::SqlStore;
use betancourt_site::tables;
use http::StatusCode;
use http::header::{COOKIE, HeaderName, LOCATION, RETRY_AFTER};
use url::Url;

use crate::binary::{Folder, free_port, get, get_from, wait_for};
use crate::support::{Running, in_memory};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const README: &str = include_str!("../../README.md");

/// The rows of the table: a flaw, the file of its test, the name of its test.
fn rows() -> Vec<(&'static str, &'static str, &'static str)> {
    let rows = README.lines().filter(|line| line.starts_with("| F"));
    let cells = rows.map(|row| row.split('|').map(str::trim).collect::<Vec<_>>());
    cells.map(|cells| (cells[1], cells[3].trim_matches('`'), cells[4].trim_matches('`'))).collect()
}

#[test]
fn each_has_a_test_that_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let rows = rows();
    for (flaw, file, test) in &rows {
        let text = fs::read_to_string(root.join(file)).unwrap_or_default();
        assert!(text.contains(&format!("fn {test}(")), "{flaw}: {file} has no {test}");
    }
    // F25 is about passwords, which nobody has here.
    let flaws: Vec<_> = rows.into_iter().map(|(flaw, ..)| flaw).collect();
    let known = (1..=26).filter(|number| *number != 25);
    assert_eq!(flaws, known.map(|number| format!("F{number}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn f10_whoever_tries_too_often_is_told_to_wait() {
    let site = Running::start().await;
    let landing = site.get("/?callbackUrl=%2Fdashboard").await;
    let token = landing.text.split("name=\"csrfToken\" value=\"").nth(1).unwrap();
    let form = format!("csrfToken={}", token.split('"').next().unwrap());
    let cookies = landing.cookies().join("; ");
    // Facebook's address is known without asking anybody.
    let begin = site.url("/api/auth/signin/facebook");
    for attempt in 0..60 {
        let begun = site.post_as(&begin, &form, &cookies).await;
        assert!(begun.header(LOCATION).contains("facebook.com"), "attempt {attempt}");
    }
    let told = site.post_as(&begin, &form, &cookies).await;
    assert_eq!(told.status, StatusCode::TOO_MANY_REQUESTS, "{}", told.header(LOCATION));
    assert!(told.has(RETRY_AFTER), "{}", told.text);
    let forwarded = [(FORWARDED_FOR, "203.0.113.9"), (COOKIE, cookies.as_str())];
    let told = site.submit("/api/auth/signin/facebook", &form, &forwarded).await;
    assert_eq!(told.status, StatusCode::TOO_MANY_REQUESTS, "nobody's word is taken");
}

#[test]
#[cfg(unix)]
fn f14_in_production_it_takes_the_credentials_tells_its_health_and_runs_nothing_of_development() {
    let (folder, port) = (Folder::new("production"), free_port());
    let variables = [
        ("PORT", port.as_str()),
        ("APP_ENV", "production"),
        ("AUTH_URL", "https://studio.example.com"),
        ("AUTH_SECRET", "k6xJ0s2mN8qRv4tYw7zAbCdEfGhIjKlM"),
        ("AUTH_GOOGLE_ID", "the-id-of-the-studio"),
        ("AUTH_GOOGLE_SECRET", "the-secret-of-the-studio"),
        ("DATABASE_URL", "sqlite://production.db"),
    ];
    let mut site = folder.site(&[], &variables);
    let mut site = site.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let said = wait_for(&mut site, 1);
    assert_eq!(said, "Betancourt Audio is at https://studio.example.com/");
    let ask = |path: &str| get_from(&port, path, "studio.example.com", "x=1");
    for probe in ["/healthz", "/readyz"] {
        assert!(ask(probe).starts_with("HTTP/1.1 200"), "{probe}");
    }
    let providers = ask("/api/auth/providers");
    assert!(providers.contains("\"google\"") && !providers.contains("\"facebook\""), "{providers}");
    let landing = ask("/?callbackUrl=%2Fdashboard");
    assert!(landing.contains("/api/auth/signin/google"), "{landing}");
    assert!(!landing.contains("Development:") && !landing.contains("127.0.0.1"), "{landing}");
    assert!(Command::new("kill").args([&site.id().to_string()]).status().unwrap().success());
    assert_eq!(site.wait().unwrap().code(), Some(0));

    // Without them there is nobody to sign in with, and it says so instead of starting.
    let mut without = folder.site(&[], &[&variables[..4], &variables[6..]].concat());
    let refused = without.output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("No provider is configured"));
}

#[tokio::test]
async fn f20_google_is_asked_for_what_is_needed_and_no_more() {
    let (site, _lookalikes) = Running::start_beside_look_alikes().await;
    let landing = site.get("/?callbackUrl=%2Fdashboard").await;
    let token = landing.text.split("name=\"csrfToken\" value=\"").nth(1).unwrap();
    let form = format!("csrfToken={}", token.split('"').next().unwrap());
    let begin = site.url(&format!("/api/auth/signin/{}", Face::Google.id()));
    let begun = site.post_as(&begin, &form, &landing.cookies().join("; ")).await;
    let asked = Url::parse(begun.header(LOCATION)).unwrap();
    let value = |name: &str| {
        asked.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    };
    assert_eq!(value("scope").as_deref(), Some("openid profile email"));
    assert_eq!((value("prompt"), value("access_type")), (None, None), "{asked}");
    assert_eq!(value("code_challenge_method").as_deref(), Some("S256"));
}

#[test]
#[cfg(unix)]
fn f22_no_address_is_logged() {
    let (folder, port) = (Folder::new("addresses"), free_port());
    let mut site = folder
        .site(&[], &[("PORT", &port), ("RUST_LOG", "debug")])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_for(&mut site, 3);
    let path = "/api/auth/users/by_email/?email=marta%40ruiz.example";
    assert!(get(&port, path).starts_with("HTTP/1.1 401"));
    assert!(
        Command::new("kill").args(["-INT", &site.id().to_string()]).status().unwrap().success()
    );
    let log = String::from_utf8(site.wait_with_output().unwrap().stderr).unwrap();
    assert!(log.contains("sqlx::query"), "there is a log: {log}");
    assert!(!log.contains("ruiz") && !log.contains("by_email"), "{log}");
}

#[tokio::test]
async fn f26_nobody_is_an_administrator_before_somebody_says_so() {
    let store: SqlStore = in_memory().await;
    tables::make(&store).await.unwrap();
    let everybody = "SELECT COUNT(*) FROM users";
    let people: i64 =
        sqlx::query_scalar(everybody).fetch_one(store.sqlite_pool().unwrap()).await.unwrap();
    assert_eq!(people, 0);
    let site = Running::start().await;
    assert_eq!(site.get("/admin").await.status, StatusCode::FOUND);
}
