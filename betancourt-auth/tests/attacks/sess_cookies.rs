//! What comes as a session cookie, and how ours are made.

use betancourt_auth::provider::Registration;
use betancourt_auth::store::MemoryStore;
use betancourt_auth::{Auth, Config, Environment};
use betancourt_auth_dev::Face;

use crate::support::{ANA, Adapter, Place, Request, SANTIAGO, Stage, World};

const SESSION: &str = "__Secure-authjs.session-token";

/// Things that never were a session: nobody is signed in, nothing breaks, and the store is not even asked.
pub(crate) async fn sess_03_garbage(place: Place) {
    let world = World::start(place).await;
    let mut genuine = world.signed_in(Face::Google, ANA).await;
    let asked = world.store.watch.asked();
    let huge = "a".repeat(64 * 1024);
    let garbage: [&[u8]; 11] = [
        huge.as_bytes(),
        b"",
        b"x",
        b"\xff\xfe\xfd-is-not-a-text-in-any-way",
        b"%ff%fe%fd-is-not-a-text-in-any-way",
        b"%zz%-bad-percent-escapes-all-over",
        b"not=base64=at=all=and=long=enough",
        b"\"quoted-and-long-enough-to-be-one\"",
        b"with some spaces, and long enough",
        b"null\x00-byte-and-long-enough-to-be",
        b"../../../../../../../../etc/passwd",
    ];
    for value in garbage {
        let cookie = [SESSION.as_bytes(), b"=", value].concat();
        if value.contains(&0) {
            let request = Request::get("/auth/session").header("cookie", &cookie);
            world.browser().send(request).await.assert_status(400);
            continue;
        }
        for (target, status, body) in
            [("/auth/session", 200, "null"), ("/", 200, "nobody"), ("/dashboard", 401, "{")]
        {
            let request = Request::get(target).by_script().header("cookie", &cookie);
            let answer = world.browser().send(request).await;
            assert_eq!(answer.status, status, "{value:?}: {answer:?}");
            assert!(answer.body.starts_with(body), "{value:?}: {answer:?}");
            if is_seen(place, &cookie) {
                assert_eq!(answer.clears(), [SESSION], "{value:?}: {answer:?}");
            }
        }
    }
    for credential in ["Bearer", "Bearer ", "Bearer \u{fe0f}", "Bearer a.b.c", "Basic ////"] {
        let request = Request::get("/auth/session").header("authorization", credential);
        assert_eq!(world.browser().send(request).await.body, "null");
    }
    assert_eq!(world.store.watch.asked(), asked, "the store was asked");

    // A cookie of somebody else's on the same site may be as odd as it likes.
    let mixed =
        [b"other=\xff%ff; ", SESSION.as_bytes(), b"=", genuine.session().unwrap().as_bytes()]
            .concat();
    let who = if is_seen(place, &mixed) { "Ana Restrepo" } else { "nobody" };
    let beside = Request::get("/").header("cookie", mixed);
    assert_eq!(world.browser().send(beside).await.body, who);
    assert_eq!(genuine.knock().await, 200);
}

/// Rocket drops a header that is no UTF-8, and with it whatever it holds.
fn is_seen(place: Place, header: &[u8]) -> bool {
    place.adapter() == Adapter::Axum || std::str::from_utf8(header).is_ok()
}

/// A sibling subdomain sets a second cookie of the same name: then neither counts. A twin without prefix never does.
pub(crate) async fn sess_04_a_cookie_tossed_by_a_sibling(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let genuine = browser.session().unwrap();
    let other = world.signed_in(Face::Google, ANA).await.session().unwrap();
    assert!(browser.jar.find("authjs.csrf-token").unwrap().0.starts_with("__Host-"));

    let before = world.snapshot().await;
    for (first, second) in [(&genuine, &other), (&other, &genuine), (&genuine, &genuine)] {
        let cookies = format!("{SESSION}={first}; {SESSION}={second}");
        let request = |target: &str| Request::get(target).by_script().header("cookie", &cookies);
        let answer = world.browser().send(request("/auth/session")).await;
        assert_eq!((&*answer.body, answer.clears()), ("null", vec![SESSION]));
        world.browser().send(request("/dashboard")).await.assert_status(401);
    }
    assert_eq!(world.log.events("cookie.duplicate").len(), 6);

    // Names that a browser does not hold to the prefix, and that a careless reader takes for ours.
    let twin = "authjs.session-token";
    let names = [
        "authjs.session-token",
        "__%53ecure-authjs.session-token",
        "__secure-authjs.session-token",
        "\u{2000}__Secure-authjs.session-token",
        "\u{85}__Secure-authjs.session-token",
        "__Host-authjs.session-token",
    ];
    for name in names {
        let alone = Request::get("/dashboard").by_script();
        let alone = alone.header("cookie", format!("{name}={genuine}"));
        world.browser().send(alone).await.assert_status(401);
    }
    let beside = format!("{twin}={other}; {SESSION}={genuine}; {twin}=x");
    let beside = Request::get("/").header("cookie", beside);
    assert_eq!(world.browser().send(beside).await.body, "Ana Restrepo");

    // The same with the cookie of an attempt.
    let mut starting = world.browser();
    let callback = starting.begin_as(Face::Google, ANA).await;
    let (name, sealed) = starting.handshake().unwrap();
    starting.jar.plant(&name, &sealed);
    starting.follow(&callback).await.assert_status(400);
    world.assert_unchanged(&before).await;
    assert_eq!(browser.knock().await, 200);
}

/// Every cookie of every test is held to `Secure`, `HttpOnly`, `SameSite`, `Path=/` and no `Domain` by the browser's
/// jar. Here all of them are seen, by https and in clear; and production refuses to go in clear.
pub(crate) async fn sess_05_every_cookie_is_protected(place: Place) {
    let stages = [
        (
            Stage::new(place),
            [
                "__Secure-authjs.session-token",
                "__Host-authjs.csrf-token",
                "__Host-authjs.handshake.",
            ],
        ),
        (
            Stage::new(place).in_clear(),
            ["authjs.session-token", "authjs.csrf-token", "authjs.handshake."],
        ),
    ];
    for (stage, names) in stages {
        let world = stage.start().await;
        let mut seen = Vec::new();
        for (face, person) in [(Face::Google, ANA), (Face::Apple, SANTIAGO)] {
            let mut browser = world.browser();
            let target = format!("/auth/signin/{}", face.id());
            let begun = browser.submit(&target, &[]).await;
            let callback = world.net.approve(begun.location().as_str(), person).await;
            let signed_in = browser.follow(&callback).await;
            let signed_out = browser.submit("/auth/signout", &[]).await;
            assert_eq!(signed_out.clears(), [names[0]]);
            seen.extend([begun, signed_in, signed_out]);
        }
        for name in names {
            assert!(
                seen.iter().any(|answer| answer.sets().iter().any(|set| set.starts_with(name))),
                "{name}"
            );
            assert!(
                seen.iter().any(|answer| answer.clears().iter().any(|set| set.starts_with(name)))
                    || name == names[1]
            );
        }
    }
    production_goes_by_https();
}

fn production_goes_by_https() {
    let start = |url: &str, environment: Option<Environment>| {
        let mut config = Config::new(url, "canary-that seals what leaves our hands").unwrap();
        config.environment = environment.unwrap_or(config.environment);
        config.registrations = Vec::<Registration>::new();
        Auth::new(config, MemoryStore::default()).map(drop).map_err(|error| error.to_string())
    };
    for (url, environment) in
        [("http://app.example.com", None), ("http://localhost:3000", Some(Environment::Production))]
    {
        let sentence = start(url, environment).unwrap_err();
        assert!(sentence.contains("AUTH_URL") && sentence.contains("https://"), "{sentence}");
    }
    assert_eq!(start("https://app.example.com", None), Ok(()));
    assert_eq!(start("http://localhost:3000", None), Ok(()));
}
