//! Answers of providers that lead elsewhere, never end, or are nothing that can be read.

use std::sync::atomic::Ordering;

use betancourt_auth::Config;
use betancourt_auth::provider::{Registration, oidc};
use betancourt_auth::store::UserStore as _;
use betancourt_auth_dev::{Body, Endpoint, Face, Tamper};
use http::StatusCode;
use http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use serde_json::json;
use time::Duration;
use tokio::io::AsyncWriteExt as _;

use crate::support::{
    ANA, Answer, CAMILA, CanaryHost, Peer, Place, Stage, World, json_answer, metadata, read_request,
};

const MIB: usize = 1024 * 1024;

/// Signs in until something is refused, and says how.
async fn goes(world: &World, face: Face, person: &str) -> Answer {
    let mut browser = world.browser();
    let answer = browser.submit(&format!("/auth/signin/{}", face.id()), &[]).await;
    if answer.location().path().starts_with("/auth/") {
        return answer;
    }
    let callback = world.net.approve(answer.location().as_str(), person).await;
    browser.follow(&callback).await
}

/// Discovery, keys, tokens or documents are said to be elsewhere now.
pub(crate) async fn net_02_an_answer_that_leads_elsewhere(place: Place) {
    let canary = CanaryHost::serving(&json!({ "keys": [], "access_token": "a" })).await;
    let places = [
        (Face::Google, ANA, Endpoint::Discovery),
        (Face::Google, ANA, Endpoint::Keys),
        (Face::Google, ANA, Endpoint::Token),
        (Face::Facebook, CAMILA, Endpoint::Token),
        (Face::Facebook, CAMILA, Endpoint::UserInfo),
    ];
    for (face, person, endpoint) in places {
        for status in [301, 302, 303, 307, 308] {
            let world = World::start(place).await;
            let before = world.snapshot().await;
            let to = canary.url("/elsewhere").parse::<http::HeaderValue>().unwrap();
            world.tamper(
                face,
                Tamper::answer(endpoint, move |answer| {
                    answer.status = StatusCode::from_u16(status).unwrap();
                    answer.headers.insert(LOCATION, to.clone());
                }),
            );
            goes(&world, face, person).await.assert_refused("ProviderUnavailable");
            world.assert_unchanged(&before).await;
            world.log.refusal("provider.unreachable", face.id());
            world.net.lookalikes.behave(face);
            world.wait(Duration::seconds(11));
            goes(&world, face, person).await.assert_welcome();
        }
    }
    canary.assert_unvisited().await;
}

/// Pictures that are scripts, documents, files of the machine, addresses inside, or too long.
pub(crate) async fn net_03_a_picture_that_is_none(place: Place) {
    let canary = CanaryHost::serving(&json!({})).await;
    let hostile = [
        "javascript:alert(1)".to_owned(),
        "data:image/png;base64,AAAA".to_owned(),
        "file:///etc/passwd".to_owned(),
        "http://10.0.0.1/picture.png".to_owned(),
        format!("https://pictures.example/{}", "a".repeat(20_000)),
    ];
    let inside = canary.url("/picture.png").replace("http:", "https:");
    let sound = "https://pictures.example/ana.png".to_owned();
    let kept = [inside, sound].map(|picture| (picture.clone(), Some(picture)));
    for (picture, expected) in hostile.map(|picture| (picture, None)).into_iter().chain(kept) {
        let world = World::start(place).await;
        world.tamper(
            Face::Google,
            Tamper::id_token(move |token| token.claims["picture"] = picture.clone().into()),
        );
        let mut browser = world.browser();
        browser.sign_in(Face::Google, ANA).await;
        let user = world.store.user_by_email(ANA).await.unwrap().unwrap();
        assert_eq!(user.image, expected);
        let page = browser.get("/auth/signin").await;
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'"), "{policy}");
    }
    canary.assert_unvisited().await;
}

/// Begins an answer in that way and goes on with these bytes, until nobody reads or it has been far too much.
async fn going_on(head: &'static str, chunk: Vec<u8>) -> Peer {
    Peer::treating(move |mut socket, _, counts| {
        let chunk = chunk.clone();
        async move {
            if read_request(&mut socket).await.is_none() {
                return;
            }
            let mut sent = socket.write_all(head.as_bytes()).await;
            while sent.is_ok() && counts.written.load(Ordering::SeqCst) < 64 * MIB {
                sent = socket.write_all(&chunk).await;
                counts.written.fetch_add(chunk.len(), Ordering::SeqCst);
            }
        }
    })
    .await
}

/// An issuer that would notice if a packed answer was asked for.
async fn unpacked() -> Peer {
    Peer::treating(|mut socket, port, _| async move {
        if let Some(request) = read_request(&mut socket).await {
            assert!(!request.to_lowercase().contains("accept-encoding"), "{request}");
            let document = metadata(&format!("http://127.0.0.1:{port}"), None);
            // Whoever hangs up early has seen enough.
            let _ = socket.write_all(&json_answer(&document)).await;
        }
    })
    .await
}

/// A body without an end, one of a gibibyte, and a few bytes that would become eight mebibytes.
pub(crate) async fn net_05_a_body_without_an_end(place: Place) {
    let spaces = " ".repeat(0x10000);
    let chunk = format!("10000\r\n{spaces}\r\n").into_bytes();
    let endless = going_on("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", chunk).await;
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n";
    let gibibyte = going_on(head, spaces.into_bytes()).await;
    let bomb = include_bytes!("bomb.gz");
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        bomb.len()
    );
    let packed = Peer::answering([head.as_bytes(), bomb].concat()).await;
    let sound = unpacked().await;

    let peers = [("endless", &endless), ("gibibyte", &gibibyte), ("packed", &packed)];
    let all = peers.iter().map(|(id, peer)| (*id, peer.port)).chain([("sound", sound.port)]);
    let registrations: Vec<_> = all.map(|(id, port)| at(id, port)).collect();
    let change =
        move |config: &mut Config| config.registrations.extend(registrations.iter().cloned());
    let world = Stage::new(place).config(change).start().await;
    for (id, peer) in peers {
        let answer = world.browser().submit(&format!("/auth/signin/{id}"), &[]).await;
        answer.assert_refused("ProviderUnavailable");
        // What the sockets hold is not ours: a cap of one mebibyte and their buffers.
        assert!(peer.counts().written.load(Ordering::SeqCst) < 16 * MIB, "{id}");
    }
    let answer = world.browser().submit("/auth/signin/sound", &[]).await;
    assert!(answer.location().path().ends_with("/authorize"), "{answer:?}");
}

fn at(id: &'static str, port: u16) -> Registration {
    Registration::new(oidc(id, id, format!("http://127.0.0.1:{port}")), "id", "secret")
}

/// Pages, halves, nothing, and other alphabets, all with the status of success.
pub(crate) async fn net_06_an_answer_that_cannot_be_read(place: Place) {
    const MARK: &str = "marked-by-the-provider";
    let json = format!(r#"{{"access_token":"{MARK}","token_type":"Bearer","keys":[]}}"#);
    let wide: String = json.chars().flat_map(|letter| ['\0', letter]).collect();
    let unreadable = [
        format!("<!doctype html><title>{MARK}</title>"),
        String::new(),
        json[..json.len() - 1].to_owned(),
        wide,
        format!("\u{feff}{json}"),
        format!("[{json}]"),
    ];
    for (endpoint, code) in
        [(Endpoint::Discovery, "ProviderUnavailable"), (Endpoint::Token, "OAuthCallbackError")]
    {
        let world = World::start(place).await;
        let before = world.snapshot().await;
        for text in &unreadable {
            let text = text.clone();
            world.tamper(
                Face::Google,
                Tamper::answer(endpoint, move |answer| {
                    answer.body = Body::Text(text.clone());
                    answer.headers.insert(CONTENT_TYPE, "text/html".parse().unwrap());
                }),
            );
            let answer = goes(&world, Face::Google, ANA).await;
            answer.assert_refused(code);
            assert!(!format!("{answer:?}").contains(MARK), "{answer:?}");
            world.net.lookalikes.behave(Face::Google);
            world.wait(Duration::seconds(11));
        }
        assert!(!world.log.text().contains(MARK), "the body is in the log");
        world.assert_unchanged(&before).await;
        goes(&world, Face::Google, ANA).await.assert_welcome();
    }
}

/// The token endpoint is busy or broken: a code is never sent twice. Discovery is busy, and is left alone as long as it
/// asks for.
pub(crate) async fn net_08_a_provider_that_is_busy(place: Place) {
    let busy = |endpoint, status: u16| {
        Tamper::answer(endpoint, move |answer| {
            answer.status = StatusCode::from_u16(status).unwrap();
            answer.headers.insert(RETRY_AFTER, "60".parse().unwrap());
        })
    };
    for status in [500, 503, 429] {
        let world = World::start(place).await;
        world.tamper(Face::Google, busy(Endpoint::Token, status));
        let mut browser = world.browser();
        let callback = browser.begin_as(Face::Google, ANA).await;
        browser.follow(&callback).await.assert_refused("ProviderUnavailable");
        assert_eq!(world.token_requests(Face::Google), 1);
        browser.follow(&callback).await.assert_refused("OAuthCallbackError");
        assert_eq!(world.token_requests(Face::Google), 1, "the code was sent again");
        world.net.lookalikes.behave(Face::Google);
        browser.sign_in(Face::Google, ANA).await;
    }
    for status in [503, 429] {
        let world = World::start(place).await;
        let asked = || world.net.lookalikes.seen(Face::Google, Endpoint::Discovery).len();
        world.tamper(Face::Google, busy(Endpoint::Discovery, status));
        for seconds in [0, 30, 29] {
            world.wait(Duration::seconds(seconds));
            goes(&world, Face::Google, ANA).await.assert_refused("ProviderUnavailable");
            assert_eq!(asked(), 1, "it asked to be left alone");
        }
        world.net.lookalikes.behave(Face::Google);
        world.wait(Duration::seconds(2));
        goes(&world, Face::Google, ANA).await.assert_welcome();
    }
}
