//! More requests than connections.

use std::time::Duration;

use betancourt_auth::testing::CrashPoint;
use betancourt_auth_dev::Face;
use tokio::time::timeout;

use crate::support::{Answer, Ground, Order, Town, at_once, exchange, in_full, singer};

const CALLBACKS: usize = 500;

/// Five connections, and one, for five hundred callbacks: they queue, and none waits for itself. Whoever waits too long
/// is sent away, and when the load drops everybody is let in.
pub(crate) async fn fault_08_more_callbacks_than_connections(ground: Ground) {
    for connections in [5, 1] {
        // All of them are different ones where that may take its time.
        let people = if in_full() { CALLBACKS } else { 20 };
        let told = |order: &mut Order| order.connections = connections;
        let Some(town) = Town::start_with(ground, 1, people, told).await else { return };
        let mut callbacks = Vec::new();
        for number in 0..people {
            let mut browser = town.browser();
            let callback = browser.begin_as(Face::Google, &singer(Face::Google, number)).await;
            callbacks.push(Town::callback(&browser, &callback));
        }
        let knock = |number: usize| {
            let (door, bytes) = (town.net.doors[0], callbacks[number % people].clone());
            async move { exchange(door, &bytes).await }
        };
        let answers = at_once((0..CALLBACKS).map(knock)).await;
        let (welcome, refused): (Vec<_>, Vec<_>) =
            answers.into_iter().partition(Answer::sets_a_session);
        assert_eq!(welcome.len(), people, "with {connections} connections");
        welcome.iter().for_each(Answer::assert_welcome);
        refused.iter().for_each(|answer| answer.assert_refused("OAuthCallbackError"));
        assert_eq!(town.books.rows().await.users, i64::try_from(people).unwrap());
    }
    overloaded(ground).await;
}

/// All connections are taken by requests that do not come to an end.
async fn overloaded(ground: Ground) {
    let told = |order: &mut Order| {
        order.connections = 1;
        order.patience = Duration::from_secs(1);
    };
    let Some(mut town) = Town::start_with(ground, 1, 12, told).await else { return };
    let mut callbacks = Vec::new();
    for number in 0..12 {
        let mut browser = town.browser();
        let callback = browser.begin_as(Face::Google, &singer(Face::Google, number)).await;
        callbacks.push((browser, callback));
    }
    let (browser, callback) = callbacks.pop().unwrap();
    let bytes = Town::callback(&browser, &callback);
    // In the midst of its transaction: after the handshake, who it could be, and the beginning.
    town.hold_at(0, CrashPoint::BeforeStatement(5)).await;
    let door = town.net.doors[0];
    let stuck = tokio::spawn(async move { exchange(door, &bytes).await });
    town.reached(0).await;

    let queued = callbacks.iter().map(|(browser, callback)| {
        let bytes = Town::callback(browser, callback);
        async move { exchange(door, &bytes).await }
    });
    let queued = timeout(Duration::from_secs(20), at_once(queued.collect::<Vec<_>>())).await;
    for answer in queued.expect("they wait for ever") {
        answer.assert_status(503);
        assert!(answer.header("retry-after").is_some(), "{answer:?}");
    }
    assert_eq!(town.books.rows().await.users, 0);

    // Whoever held the connection goes away, and it serves the next ones.
    stuck.abort();
    assert!(stuck.await.unwrap_err().is_cancelled());
    for number in 0..11 {
        town.signed_in(Face::Google, &singer(Face::Google, number)).await;
    }
    assert_eq!(town.books.rows().await.users, 11);
}
