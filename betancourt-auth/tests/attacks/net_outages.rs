//! Providers that say nothing, say it slowly, or are not there.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use betancourt_auth::Config;
use betancourt_auth::http_client::{BundledClient, ClientRules};
use betancourt_auth::provider::{Registration, oidc};
use betancourt_auth_dev::{Endpoint, Face, Tamper};
use http::StatusCode;
use time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::{Instant, sleep, timeout};

use crate::support::{ANA, Peer, Place, Stage, VALENTINA, World, read_request};

/// How many people wait at once for a provider that says nothing.
const WAITING: usize = 5;
const SOON: std::time::Duration = std::time::Duration::from_secs(30);

/// One that takes every connection and says nothing, until the other side has had enough.
async fn silent() -> Peer {
    Peer::treating(|mut socket, _, _| async move {
        while socket.read(&mut [0; 1024]).await.is_ok_and(|read| read > 0) {}
    })
    .await
}

/// One that answers a byte at a time, and would go on for minutes.
async fn dripping() -> Peer {
    Peer::treating(|mut socket, _, counts| async move {
        if read_request(&mut socket).await.is_none() {
            return;
        }
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n".as_slice();
        let mut sent = socket.write_all(head).await;
        while sent.is_ok() {
            sleep(std::time::Duration::from_millis(50)).await;
            sent = socket.write_all(b" ").await;
            counts.written.fetch_add(1, Ordering::SeqCst);
        }
    })
    .await
}

async fn world(place: Place, ports: [u16; 2], exchange: Duration) -> World {
    let change = move |config: &mut Config| {
        for (id, port) in ["silent", "dripping"].into_iter().zip(ports) {
            let provider = oidc(id, id, format!("http://127.0.0.1:{port}"));
            config.registrations.push(Registration::new(provider, "id", "secret"));
        }
        let mut rules = ClientRules::default();
        rules.exchange = exchange;
        config.http_client = Some(Arc::new(BundledClient::with(&rules).unwrap()));
    };
    Stage::new(place).config(change).start().await
}

/// It ends by itself, its sockets are let go, and who signs in elsewhere does not wait for it.
pub(crate) async fn net_04_a_provider_that_says_nothing(place: Place) {
    assert_eq!(ClientRules::default().connect, Duration::seconds(3));
    assert_eq!(ClientRules::default().exchange, Duration::seconds(10));
    let (silent, dripping) = (silent().await, dripping().await);
    let ports = [silent.port, dripping.port];

    // A short limit, and both end by it.
    let impatient = world(place, ports, Duration::milliseconds(500)).await;
    for (id, peer) in [("silent", &silent), ("dripping", &dripping)] {
        let began = Instant::now();
        let mut browser = impatient.browser();
        let path = format!("/auth/signin/{id}");
        let answer = timeout(SOON, browser.submit(&path, &[])).await;
        answer
            .expect("it goes on for as long as the provider likes")
            .assert_refused("ProviderUnavailable");
        assert!(began.elapsed() >= std::time::Duration::from_millis(400), "{id} had no chance");
        let let_go = async {
            while peer.counts().closed.load(Ordering::SeqCst) < peer.connections() {
                sleep(std::time::Duration::from_millis(10)).await;
            }
        };
        timeout(SOON, let_go).await.expect("the socket is kept");
    }

    // A limit that this test will not see the end of, and nobody else waits.
    let patient = world(place, ports, Duration::minutes(5)).await;
    let waiting: Vec<_> = (0..WAITING)
        .map(|number| {
            let mut browser = patient.browser();
            let id = if number % 2 == 0 { "silent" } else { "dripping" };
            tokio::spawn(async move { browser.submit(&format!("/auth/signin/{id}"), &[]).await })
        })
        .collect();
    while silent.connections() + dripping.connections() < 4 {
        sleep(std::time::Duration::from_millis(10)).await;
    }
    for (face, person) in [(Face::Google, ANA), (Face::Microsoft, VALENTINA)] {
        let mut browser = patient.browser();
        timeout(SOON, browser.sign_in(face, person)).await.expect("it waits for another provider");
    }
    assert!(waiting.iter().all(|waiting| !waiting.is_finished()));
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
}

/// Down when the server starts, and back an hour later; down for a day when everybody knows its keys.
pub(crate) async fn net_09_a_provider_that_is_down(place: Place) {
    let down = |endpoint| {
        Tamper::answer(endpoint, |answer| answer.status = StatusCode::INTERNAL_SERVER_ERROR)
    };
    let world = World::start(place).await;
    let (faces, pause) = (Face::Google, Duration::seconds(11));
    for endpoint in [Endpoint::Discovery, Endpoint::Keys, Endpoint::Token] {
        world.tamper(faces, down(endpoint));
    }
    let try_it = || async {
        let mut browser = world.browser();
        let answer = browser.submit("/auth/signin/google", &[]).await;
        if answer.location().path().starts_with("/auth/") {
            return answer;
        }
        let callback = world.net.approve(answer.location().as_str(), ANA).await;
        browser.follow(&callback).await
    };
    for _ in 0..4 {
        try_it().await.assert_refused("ProviderUnavailable");
        world.browser().sign_in(Face::Microsoft, VALENTINA).await;
        world.wait(Duration::minutes(15));
    }
    world.net.lookalikes.behave(faces);
    try_it().await.assert_welcome();

    // What it publishes is gone. What was read counts for a day, and not for a moment longer.
    for endpoint in [Endpoint::Discovery, Endpoint::Keys] {
        world.tamper(faces, down(endpoint));
    }
    world.wait(Duration::hours(2));
    try_it().await.assert_welcome();
    world.wait(Duration::hours(21));
    try_it().await.assert_welcome();
    world.wait(Duration::hours(1) + pause);
    try_it().await.assert_refused("ProviderUnavailable");
    world.net.lookalikes.behave(faces);
    world.wait(pause);
    try_it().await.assert_welcome();
}
