//! Addresses to return to: on our own origin, or none.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use betancourt_auth::hook::Callbacks;
use betancourt_auth_dev::Face;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::support::{Answer, CAMILA, Place, Request, Stage, World, exchange};

/// An address of another origin, wherever one can be handed in.
pub(crate) async fn redir_01_an_address_of_a_foreign_origin(place: Place) {
    let world = World::start(place).await;
    let foreign = "https://evil.example/catch?all=1";
    let home = format!("{}/", world.net.origin);

    assert_eq!(lands(&world, foreign).await.as_str(), home);
    let event = world.log.once("redirect.refused");
    assert_eq!(
        (&event["span"]["action"], &event["span"]["network"]),
        (&"signin".into(), &"127.0.0.0".into())
    );

    let mut browser = world.signed_in(Face::Facebook, CAMILA).await;
    let query = "callbackUrl=https%3A%2F%2Fevil.example%2Fcatch%3Fall%3D1";
    let page = browser.get(&format!("/auth/signin?{query}")).await;
    let field = format!("name=\"callbackUrl\" value=\"{}\"", world.net.origin);
    assert!(page.body.contains(&field), "{page:?}");
    assert!(!page.body.contains("evil"), "{page:?}");
    let form = browser.form(&[("callbackUrl", foreign)]).await;
    let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    let by_script = Request::post("/auth/signout", &form).header("x-auth-return-redirect", "1");
    assert_eq!(browser.send(by_script).await.json()["url"], world.net.origin);
    assert_eq!(
        browser.submit("/auth/signout", &[("callbackUrl", foreign)]).await.location().as_str(),
        home
    );
    assert_eq!(world.log.events("redirect.refused").len(), 4);

    assert_eq!(
        lands(&world, "/dashboard?tab=2#top").await.as_str(),
        format!("{home}dashboard?tab=2#top")
    );
    assert_eq!(world.log.events("redirect.refused").len(), 4);
}

/// Slashes and backslashes that browsers read as the beginning of a host.
pub(crate) async fn redir_02_addresses_without_a_scheme(place: Place) {
    let world = World::start(place).await;
    let foreign = [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "///evil.example",
        "/./\\evil.example",
        "/.//evil.example",
        "/..//evil.example",
        "////evil.example/%2e%2e",
        "\\/evil.example",
    ];
    all_land_at_home(&world, &foreign).await;
    assert_eq!(lands(&world, "/./dashboard").await.path(), "/dashboard");
}

/// What a parser throws away, and what a second decoding would find.
pub(crate) async fn redir_03_control_characters_and_double_encoding(place: Place) {
    let world = World::start(place).await;
    let foreign = [
        "/\t/evil.example",
        "/\r/evil.example",
        "\n//evil.example",
        "/\0/evil.example",
        "h\tttps://evil.example",
        " //evil.example",
        "/dashboard\r\nSet-Cookie: evil=1",
        "/dashboard\r\n\r\n<script>evil()</script>",
    ];
    all_land_at_home(&world, &foreign).await;
    let decoded_once = lands(&world, "%2f%2felsewhere.example").await;
    assert_eq!(decoded_once.path(), "/%2f%2felsewhere.example");

    // The same answer, header by header, as without the line breaks.
    let mut browser = world.browser();
    let injected =
        "/auth/signin?callbackUrl=/%0d%0aSet-Cookie:%20evil=1&error=x%0d%0aSet-Cookie:%20evil=1";
    let names =
        |answer: &Answer| answer.headers.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let plain = browser.clone().get("/auth/signin").await;
    let hostile = browser.get(injected).await;
    assert_eq!(names(&hostile), names(&plain));
    assert!(!hostile.body.contains("evil"), "{hostile:?}");

    // Raw bytes that no browser would send.
    for byte in ["\t", "\0", "\r", "\u{1}"] {
        let head = format!("GET /auth/signin?callbackUrl=/{byte}/evil.example HTTP/1.1\r\n");
        let rest = format!("host: {}\r\nconnection: close\r\n\r\n", world.net.host);
        let answer = exchange(world.net.doors[0], format!("{head}{rest}").as_bytes()).await;
        answer.assert_status(400);
        assert!(!format!("{answer:?}").contains("evil"), "{answer:?}");
    }
}

/// Schemes that run something, or open something else than a page.
pub(crate) async fn redir_04_other_schemes(place: Place) {
    let world = World::start(place).await;
    let blob = format!("blob:{}/evil", world.net.origin);
    let foreign = [
        "javascript:evil()",
        "JaVaScRiPt:evil()",
        "java\tscript:evil()",
        "data:text/html,<script>evil()</script>",
        "vbscript:evil",
        "com.evil.app://callback",
        "intent://evil#Intent;end",
        "file:///evil",
        "ws://evil.example",
        &blob,
    ];
    all_land_at_home(&world, &foreign).await;
    for wanted in foreign {
        let query: String = url::form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
        for page in ["signin", "signout"] {
            let page = world.browser().get(&format!("/auth/{page}?callbackUrl={query}")).await;
            assert_eq!(page.status, 200);
            assert!(!page.body.contains("evil"), "{page:?}");
        }
    }
    assert_eq!(lands(&world, "/dashboard").await.path(), "/dashboard");
}

/// Origins that begin, end or go on like ours; ours is known by a port of its own first, then by a bare name.
pub(crate) async fn redir_05_addresses_that_look_like_ours(place: Place) {
    for stage in [Stage::new(place), Stage::new(place).host("app.localhost")] {
        let world = stage.start().await;
        let (ours, host) = (&world.net.origin, &world.net.host);
        let name = host.split(':').next().unwrap();
        let foreign: [&str; 12] = [
            &format!("{ours}@evil.example"),
            &format!("{ours}.evil.example"),
            &format!("{ours}-evil.example"),
            &format!("https://evil.example/{host}"),
            &format!("https://evil.example/?{ours}"),
            &format!("https://evil.example#{ours}"),
            &format!("https://evil.{host}"),
            &format!("https://{name}:1"),
            &format!("http://{host}"),
            &format!("https://evil@{host}/dashboard"),
            &format!("https://127.0.0.1:{}", world.net.doors[0].port()),
            &format!("https://{}", host.replace('l', "\u{13c}")),
        ];
        all_land_at_home(&world, &foreign).await;
        let spelled = format!("HTTPS://{}/dashboard", host.to_uppercase());
        assert_eq!(lands(&world, &spelled).await.as_str(), format!("{ours}/dashboard"));
    }
}

/// An address that is edited on its way, that leads round in circles, or that does not end.
pub(crate) async fn redir_06_edited_looping_and_endless_addresses(place: Place) {
    let rule = Arc::new(ClosedRooms::default());
    let asked = Arc::clone(&rule);
    let world =
        Stage::new(place).config(move |config| config.callbacks = asked.clone()).start().await;

    // Sealed: whoever edits it, has no attempt any more.
    let mut browser = world.browser();
    let callback = browser.begin_as(Face::Facebook, CAMILA).await;
    let (name, sealed) = browser.handshake().unwrap();
    let (head, tail) = sealed.split_at(sealed.len() / 2);
    let other = if tail.starts_with('A') { "B" } else { "A" };
    for edited in [format!("{head}{other}{}", &tail[1..]), format!("{sealed}AAAA"), head.to_owned()]
    {
        let mut editor = browser.clone();
        editor.jar.forget(&name);
        editor.jar.plant(&name, &edited);
        editor.follow(&callback).await.assert_refused("OAuthCallbackError");
    }
    browser.follow(&callback).await.assert_welcome();

    // Held to the rule once more at the moment of use.
    let mut browser = world.browser();
    let callback = browser.begin_as(Face::Facebook, CAMILA).await;
    rule.close(true);
    assert_eq!(browser.follow(&callback).await.location().path(), "/");
    rule.close(false);

    let loops = [
        "/auth/signout",
        "/auth/callback/google?code=x&state=y",
        "/auth/error",
        "/auth",
        "/x/../auth/signout",
    ];
    for round in loops {
        assert_eq!(lands(&world, round).await.path(), "/", "{round}");
    }

    for endless in ["x".repeat(2048), "x".repeat(60_000), "\u{e9}".repeat(1000)] {
        let endless = [("callbackUrl", &*format!("/{endless}"))];
        let mut browser = world.browser();
        browser.submit("/auth/signin/google", &endless).await.assert_status(400);
        let query = Serializer::new(String::new()).extend_pairs(endless).finish();
        browser.submit(&format!("/auth/signin/google?{query}"), &[]).await.assert_status(400);
        assert_eq!(browser.handshake(), None);
    }
    let long = format!("/{}", "x".repeat(2047));
    assert_eq!(lands(&world, &long).await.path(), long);
}

/// Where a person ends up who signs in and wanted to go there.
async fn lands(world: &World, wanted: &str) -> Url {
    let mut browser = world.browser();
    let begun = browser.submit("/auth/signin/facebook", &[("callbackUrl", wanted)]).await;
    assert!(!format!("{begun:?}").contains("evil"), "{begun:?}");
    let callback = world.net.approve(begun.location().as_str(), CAMILA).await;
    let answer = browser.follow(&callback).await;
    assert!(answer.sets_a_session(), "{answer:?}");
    answer.location()
}

/// Fails unless every address is refused, told to the log, and replaced by our front page.
async fn all_land_at_home(world: &World, foreign: &[&str]) {
    let home = Url::parse(&world.net.origin).unwrap();
    for (number, wanted) in foreign.iter().enumerate() {
        assert_eq!(lands(world, wanted).await, home, "{wanted:?}");
        assert_eq!(world.log.events("redirect.refused").len(), number + 1, "{wanted:?}");
    }
}

/// An application that closes all rooms but the hall while somebody is at the provider.
#[derive(Debug, Default)]
struct ClosedRooms(AtomicBool);

impl ClosedRooms {
    fn close(&self, closed: bool) {
        self.0.store(closed, Ordering::SeqCst);
    }
}

#[async_trait]
impl Callbacks for ClosedRooms {
    async fn redirect(&self, url: &Url, base: &Url) -> Url {
        if self.0.load(Ordering::SeqCst) { base.clone() } else { url.clone() }
    }
}
