//! Out here and out there: RP-Initiated Logout and Back-Channel Logout.

use std::thread::sleep;
use std::time::{Duration, Instant};

use http::Method;
use serde_json::Value;

use super::stage::{Client, Stage, known};
use crate::identity_providers::house::Keeping;
use crate::user_agent::Step;

const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody signs out on one of their devices, and is sent on to the provider, whose server tells ours: all that began in
/// that session there ends, and nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_here_is_sent_on_to_sign_out_there_and_everywhere() {
    let Some(stage) = Stage::open(Keeping::Sqlite, &[Client::on()]).await else { return };
    let (mut phone, mut other) = (stage.somebody(), stage.somebody());
    stage.signs_in(&mut phone, "on", "ana").await;
    stage.signs_in(&mut other, "on", "eva").await;
    let mut tablet = phone.elsewhere();
    stage.signs_in(&mut tablet, "on", "ana").await;

    let Step::Go(to) = tablet.post("/signout").await else { panic!("nobody is sent on") };
    assert_eq!(tablet.is_known_as().await, None);
    assert_eq!(phone.is_known_as().await, known("ana"));
    let asks = tablet.browser.open(&to).await.url;
    let told =
        |name: &str| asks.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned();
    assert_eq!((asks.path(), &*told("prompt")), ("/login.html", "end_session"));
    let session = format!("/{}/session/{}", told("plugin"), told("sid"));
    stage.call(&mut tablet, Method::DELETE, &session, &Value::Null).await;

    let began = Instant::now();
    while phone.is_known_as().await.is_some() {
        // It tells our server after it has answered.
        assert!(began.elapsed() < PATIENCE, "the session has not ended");
        sleep(Duration::from_millis(10));
    }
    assert_eq!(other.is_known_as().await, known("eva"));
}
