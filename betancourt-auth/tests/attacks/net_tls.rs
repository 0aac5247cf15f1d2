//! Providers whose TLS is not what it should be.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use betancourt_auth::Config;
use betancourt_auth::http_client::{BundledClient, ClientRules};
use betancourt_auth::provider::{Registration, oidc};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::{House, Peer, Place, Stage};

/// What a server that knows nothing newer than TLS 1.1 says to whom that is not enough: a fatal `protocol_version`.
const TOO_OLD: [u8; 7] = [0x15, 0x03, 0x02, 0x00, 0x02, 0x02, 0x46];

/// A server that answers the first bytes with these, whatever they were.
async fn saying(answer: &'static [u8]) -> Peer {
    Peer::treating(move |mut socket, _, counts| async move {
        // Whoever hangs up early has seen enough.
        let _ = socket.read(&mut [0; 4096]).await;
        let _ = socket.write_all(answer).await;
        counts.written.fetch_add(answer.len(), Ordering::SeqCst);
    })
    .await
}

/// A certificate that has ended, is for another, is nobody's or of another house; TLS of another age, or none.
pub(crate) async fn net_07_tls_that_is_broken(place: Place) {
    let (house, another) = (House::new(), House::new());
    let broken = [
        ("expired", Peer::issuing(house.certificate("localhost", 2020), None).await),
        (
            "of-another-name",
            Peer::issuing(house.certificate("elsewhere.example", 2100), None).await,
        ),
        ("self-signed", Peer::issuing(House::self_signed("localhost"), None).await),
        ("of-another-house", Peer::issuing(another.certificate("localhost", 2100), None).await),
        ("too-old", saying(&TOO_OLD).await),
        ("in-clear", saying(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await),
    ];
    let sound = Peer::issuing(house.certificate("localhost", 2100), None).await;
    let all = broken.iter().map(|(id, peer)| (*id, peer.port)).chain([("sound", sound.port)]);
    let registrations: Vec<_> = all
        .map(|(id, port)| {
            Registration::new(oidc(id, id, format!("https://localhost:{port}")), "id", "secret")
        })
        .collect();
    let mut rules = ClientRules::default();
    rules.roots = Some(house.root.clone());
    let client = Arc::new(BundledClient::with(&rules).unwrap());
    let change = move |config: &mut Config| {
        config.registrations.extend(registrations.clone());
        config.http_client = Some(Arc::clone(&client) as _);
    };
    let world = Stage::new(place).config(change).start().await;
    let before = world.snapshot().await;
    for (number, (id, peer)) in broken.iter().enumerate() {
        let mut browser = world.browser();
        let answer = browser.submit(&format!("/auth/signin/{id}"), &[]).await;
        answer.assert_refused("ProviderUnavailable");
        let refused = world.log.events("provider.tls");
        assert_eq!(refused.len(), number + 1, "{id}: {}", world.log.text());
        assert_eq!(refused[number]["fields"]["provider"], *id);
        assert!(peer.connections() > 0 && peer.requests() == 0, "{id} was told something");
    }
    world.assert_unchanged(&before).await;

    let answer = world.browser().submit("/auth/signin/sound", &[]).await;
    let authorize = format!("https://localhost:{}/authorize?", sound.port);
    assert!(answer.location().as_str().starts_with(&authorize), "{answer:?}");
    assert_eq!(sound.requests(), 1);
}
