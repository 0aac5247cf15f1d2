//! Who says which host we are: the configuration, and nobody else.

use betancourt_auth::TrustedProxies;
use betancourt_auth_dev::Face;
use serde_json::Value;

use crate::support::{ANA, ASK, Adapter, JULIAN, Place, Request, Stage, World, exchange};

/// Another host in `Host`, twice, or in the request's target: the very first request of a server, too.
pub(crate) async fn redir_07_a_host_that_is_not_ours(place: Place) {
    let world = Stage::new(place).mail().start().await;
    let (mut browser, host) = (world.browser(), world.net.host.clone());
    let providers = || Request::get("/auth/providers").by_script();
    browser.send(providers().header("host", "evil.example")).await.assert_status(400);
    world.log.once("host.unknown");

    for foreign in
        ["evil.example", "evil@HOST", "HOST.evil.example", "HOST@evil.example", "localhost:1"]
    {
        let foreign = foreign.replace("HOST", &host);
        browser.send(providers().header("host", &foreign)).await.assert_status(400);
        let mut start = browser.form(&[]).await;
        start.push(("callbackUrl".into(), "/dashboard".into()));
        start.push(("email".into(), ANA.into()));
        let form: Vec<_> = start.iter().map(|(name, value)| (&**name, &**value)).collect();
        for way in ["/auth/signin/google", ASK] {
            let start = Request::post(way, &form).header("host", &foreign);
            let answer = browser.send(start).await;
            answer.assert_status(400);
            assert!(!format!("{answer:?}").contains("evil"), "{answer:?}");
        }
    }
    let twice = providers().header("host", &host).header("host", "evil.example");
    browser.send(twice).await.assert_status(400);
    let absolute = Request::get("http://evil.example/auth/providers").header("host", &host);
    let absolute = browser.send(absolute).await;
    match place.adapter() {
        Adapter::Axum => absolute.assert_status(400),
        // Rocket forgets the host of such a target, so the one in `Host` counts, which is ours.
        Adapter::Rocket => assert_leads_to_us(&absolute.json(), &world),
    }
    let without = b"GET /auth/providers HTTP/1.1\r\nconnection: close\r\n\r\n";
    exchange(world.net.doors[0], without).await.assert_status(400);
    assert_eq!(browser.handshake(), None);
    assert!(world.net.lookalikes.log().is_empty());
    assert_eq!(world.mails().await, []);

    assert_leads_to_us(&browser.send(providers()).await.json(), &world);
    browser.sign_in(Face::Google, ANA).await;
    // `letter` holds the link of a mail to our own origin, whatever the proxies in between say.
    let form = browser.form(&[("email", JULIAN)]).await;
    let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    let start = Request::post(ASK, &form).header("x-forwarded-host", "evil.example");
    browser.send(start).await.assert_sent();
    let letter = world.letter(JULIAN).await;
    assert!(!letter.mail.html.contains("evil") && !letter.mail.text.contains("evil"));
}

fn assert_leads_to_us(providers: &Value, world: &World) {
    for provider in providers.as_object().unwrap().values() {
        for address in ["signinUrl", "callbackUrl"] {
            let address = provider[address].as_str().unwrap();
            assert!(address.starts_with(&format!("{}/auth/", world.net.origin)), "{address}");
        }
    }
}

const FORWARDED: [(&str, &str); 6] = [
    ("x-forwarded-host", "evil.example"),
    ("x-forwarded-proto", "http"),
    ("x-forwarded-port", "1"),
    ("x-forwarded-prefix", "/evil"),
    ("x-original-host", "evil.example"),
    ("forwarded", "host=evil.example;proto=http"),
];

/// Forwarding headers of somebody who is no proxy of ours change nothing; from a listed proxy only our own host counts.
pub(crate) async fn redir_08_forwarding_headers_of_a_stranger(place: Place) {
    let world = World::start(place).await;
    for (name, value) in FORWARDED {
        let mut browser = world.browser();
        let form = browser.form(&[("callbackUrl", "/dashboard")]).await;
        let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
        let begun =
            browser.send(Request::post("/auth/signin/google", &form).header(name, value)).await;
        let redirect_uri = format!("{}/auth/callback/google", world.net.origin);
        let authorize = begun.location();
        assert!(
            authorize
                .query_pairs()
                .any(|(name, value)| name == "redirect_uri" && value == redirect_uri)
        );
        assert!(browser.handshake().unwrap().0.starts_with("__Host-"), "{begun:?}");

        let callback = world.net.approve(authorize.as_str(), ANA).await;
        let followed = crate::support::callback_request(&callback).header(name, value);
        let landing = browser.send(followed).await;
        landing.assert_welcome();
        assert_eq!(landing.location().as_str(), format!("{}/dashboard", world.net.origin));
    }
    behind_a_proxy(place).await;
}

async fn behind_a_proxy(place: Place) {
    let trust = |config: &mut betancourt_auth::Config| {
        config.trusted_proxies = TrustedProxies::parse("127.0.0.0/8").unwrap();
    };
    let world = Stage::new(place).config(trust).start().await;
    let mut browser = world.browser();
    let providers = Request::get("/auth/providers").by_script();
    let hostile = providers.clone().header("x-forwarded-host", "evil.example");
    browser.send(hostile).await.assert_status(400);
    let ours =
        providers.header("host", "10.0.0.7:8080").header("x-forwarded-host", &world.net.host);
    assert_leads_to_us(
        &browser.send(ours.header("x-forwarded-proto", "http")).await.json(),
        &world,
    );
    browser.sign_in(Face::Google, ANA).await;
}
