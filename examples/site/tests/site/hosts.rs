//! Under which names the site answers, and what it adds where people reach it over https.

use http::StatusCode;
use http::header::{COOKIE, HOST, LOCATION, SET_COOKIE, STRICT_TRANSPORT_SECURITY};

use crate::support::{Running, SESSION};

#[tokio::test]
async fn a_visit_under_another_loopback_name_is_sent_to_ours() {
    let site = Running::start().await;
    let localhost = format!("localhost:{}", site.address.port());
    let answer = site.ask("/dashboard?tab=2", &[(HOST, &localhost)]).await;
    assert_eq!(answer.status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(answer.header(LOCATION), format!("http://{}/dashboard?tab=2", site.address));
    assert_eq!(site.get("/terms").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_name_that_is_none_of_ours_gets_nothing() {
    let site = Running::start().await;
    for name in ["evil.test", "127.0.0.1.evil.test", "10.0.0.1"] {
        let answer = site.ask("/?callbackUrl=%2Fdashboard", &[(HOST, name)]).await;
        assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{name}");
        assert!(answer.text.contains("Not this house") && !answer.has(SET_COOKIE), "{name}");
    }
    assert_eq!(site.ask("/healthz", &[(HOST, "10.0.0.1")]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn over_https_cookies_and_browsers_are_held_to_it() {
    let site = Running::start_under("https://studio.example.com").await;
    let host = [(HOST, "studio.example.com")];
    let answer = site.ask("/?callbackUrl=%2Fdashboard", &host).await;
    assert!(answer.header(STRICT_TRANSPORT_SECURITY).starts_with("max-age=63072000"));
    assert!(answer.header(SET_COOKIE).starts_with("__Host-authjs.csrf-token="));
    assert!(answer.header(SET_COOKIE).contains("; Secure"));
    let session = format!("__Secure-authjs.session-token={SESSION}");
    let named = [(HOST, "studio.example.com"), (COOKIE, session.as_str())];
    assert!(site.ask("/dashboard", &named).await.text.contains("Ana Prada"));

    let plain = Running::start().await;
    assert!(!plain.get("/").await.has(STRICT_TRANSPORT_SECURITY));
}

#[tokio::test]
async fn probes_tell_alive_from_able_to_work() {
    let site = Running::start().await;
    assert_eq!(site.get("/healthz").await.status, StatusCode::OK);
    assert_eq!(site.get("/readyz").await.status, StatusCode::OK);
    site.lose_the_database().await;
    assert_eq!(site.get("/healthz").await.status, StatusCode::OK);
    assert_eq!(site.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
}
