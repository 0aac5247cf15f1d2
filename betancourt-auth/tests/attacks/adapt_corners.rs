//! What guards are forgotten at, and connections that stay open.

use betancourt_auth_dev::Face;

use crate::support::{ANA, Browser, Place, Request, Wire, World, upgrading, upgrading_bytes};

/// Everything that only people who are signed in may see, down to the last corner.
const GUARDED: [&str; 9] = [
    "/dashboard",
    "/admin",
    "/access/google",
    "/members/room",
    "/members/archive/of/1994.txt",
    "/members/%2e%2e/room",
    "/office/books",
    "/live",
    "/events",
];
const METHODS: [&str; 8] = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "TRACE", "PROPFIND"];
const SAID: [&str; 4] = ["Ana", "the room", "the archive", "the books"];

/// Nested routers, fallbacks, streams and upgrades, by every method, for somebody without a session.
pub(crate) async fn adapt_04_corners_that_nobody_guards(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    for target in GUARDED {
        for method in METHODS {
            let request = Request::new(method, target);
            for request in
                [request.clone(), request.clone().by_script(), upgrading(request.by_script())]
            {
                let answer = world.browser().send(request).await;
                assert!(!SAID.iter().any(|said| answer.body.contains(said)), "{method} {answer:?}");
                let is_refused = matches!(answer.status, 302 | 303 | 400 | 401 | 404 | 405);
                assert!(is_refused, "{method} {target}: {answer:?}");
                assert_eq!(answer.all("set-cookie").count(), 0, "{answer:?}");
            }
        }
    }
    for (target, body) in [
        ("/dashboard", "Ana Restrepo"),
        ("/members/room", "the room"),
        ("/members/archive/of/1994.txt", "the archive"),
    ] {
        assert_eq!(browser.get(target).await.body, body);
        assert_eq!(browser.send(Request::new("HEAD", target)).await.status, 200);
    }
}

/// A WebSocket is opened from a page of ours alone, by somebody, and both it and a stream of events end with the session.
pub(crate) async fn adapt_04_connections_that_outlive_their_session(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let live = |origin: &str| upgrading(Request::get("/live").by_script().header("origin", origin));
    for foreign in ["https://evil.example", "null", &format!("{}.evil.example", world.net.origin)] {
        browser.send(live(foreign)).await.assert_status(403);
        world.browser().send(live(foreign)).await.assert_status(403);
    }
    assert_eq!(world.log.events("upgrade.foreign_origin").len(), 6);
    world.browser().send(live(&world.net.origin)).await.assert_status(401);

    let mut sockets = Vec::new();
    for request in [live(&world.net.origin), Request::get("/events").by_script()] {
        let (wire, status) = open(&world, &browser, request).await;
        assert_eq!(status, if sockets.is_empty() { 101 } else { 200 });
        sockets.push(wire);
    }
    let mut elsewhere = world.signed_in(Face::Google, ANA).await;
    let (mut other, _) = open(&world, &elsewhere, live(&world.net.origin)).await;
    browser.submit("/auth/signout", &[]).await;
    for socket in sockets {
        let said = socket.end().await;
        assert!(String::from_utf8_lossy(&said).contains("Hello Ana Restrepo"));
    }
    // The session of another browser goes on, until all of them are ended.
    assert_eq!(elsewhere.knock().await, 200);
    other.until(b"Hello Ana Restrepo").await;
    let users = world.snapshot().await.users;
    let id = betancourt_auth::UserId::new(users[0].split(' ').next().unwrap());
    world.auth.sign_out_everywhere(&id).await.unwrap();
    let said = other.end().await;
    assert!(said.contains(&0x88), "a closing frame (RFC 6455 §5.5.1)");
    elsewhere.send(live(&world.net.origin)).await.assert_status(401);
}

/// Opens a connection, and waits until it has said hello.
async fn open(world: &World, browser: &Browser, request: Request) -> (Wire, u16) {
    let is_upgrade = request.has("upgrade");
    let bytes = browser.dressed(request);
    let bytes = if is_upgrade { upgrading_bytes(&bytes) } else { bytes };
    let mut wire = Wire::open(world.net.doors[0], &bytes).await;
    let status = wire.until(b"Hello Ana Restrepo").await.status;
    (wire, status)
}
