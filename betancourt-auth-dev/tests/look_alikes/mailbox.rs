//! The mailbox: what the app would have sent can be read, and nothing in it acts by itself.

use betancourt_auth::mailer::{Mail, Mailer as _};
use http::StatusCode;

use crate::support::{get, look_alikes, post};

const LINK: &str = "http://localhost:3000/api/auth/callback/email?token=1&email=ana%40example.com";

#[tokio::test]
async fn a_mail_is_listed_and_shown_in_both_its_forms() {
    let lookalikes = look_alikes().await;
    let list = get(lookalikes.mailbox_url()).send().await;
    assert!(list.text().contains("No mail yet"));
    let html = format!("<html><head></head><body><a href=\"{LINK}\">Sign in</a></body></html>");
    let mail = Mail::new("ana@example.com", "Your <link>", format!("Open\n{LINK}\n"), html);
    lookalikes.mailbox().send(&mail).await.unwrap();

    let list = get(lookalikes.mailbox_url()).send().await;
    assert!(list.text().contains("Your &#60;link&#62;") && list.text().contains("/mail/1"));
    let shown = get(format!("{}/1", lookalikes.mailbox_url())).send().await;
    assert!(shown.text().contains(&format!("<a href=\"{}\">", LINK.replace('&', "&#38;"))));
    assert!(shown.text().contains("sandbox=\"allow-top-navigation-by-user-activation\""));
    let html = get(format!("{}/1/html", lookalikes.mailbox_url())).send().await;
    assert!(html.text().contains("<base target=\"_top\">"));
    let policy = html.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && policy.contains("sandbox"), "{policy}");
}

#[tokio::test]
async fn a_mail_that_is_not_there_is_not_found_and_nothing_can_be_put_in() {
    let lookalikes = look_alikes().await;
    for path in ["/1", "/0", "/x", "/1/html", "ed"] {
        let missing = get(format!("{}{path}", lookalikes.mailbox_url())).send().await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND, "{path}");
    }
    let posted = post(lookalikes.mailbox_url(), &[("to", "ana@example.com")]).send().await;
    assert_eq!(posted.status, StatusCode::METHOD_NOT_ALLOWED);
    let forwarded = get(lookalikes.mailbox_url()).header("via", "a").send().await;
    assert_eq!(forwarded.status, StatusCode::FORBIDDEN);
}
