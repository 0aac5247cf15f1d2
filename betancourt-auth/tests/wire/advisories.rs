//! The advisories that were published about Auth.js and NextAuth.js, each by its identifier: none of them is true here.

use betancourt_auth::testing::Outbox;
use betancourt_auth::{NoRandomness, OsRandom, Random, Strategy};
use betancourt_auth_dev::Face;
use http::header::{AUTHORIZATION, HeaderMap};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use time::Duration;
use url::Url;
use url::form_urlencoded::byte_serialize;

use crate::support::{APP, Ask, World, error_of, json, location};

const SESSION: &str = "authjs.session-token";

/// To whom mail goes when somebody asks for it to an address.
async fn recipients(address: &str) -> Vec<String> {
    let mut world = World::live(|_| {}).await;
    world.ask_for_mail(address).await;
    world.outbox.mails().into_iter().map(|mail| mail.to).collect()
}

/// An address was checked first and normalized afterwards: `＠` became a second `@`.
#[tokio::test]
async fn ghsa_7rqj_j65f_68wh_an_address_that_changes_after_the_check() {
    for hostile in [
        "ana@corp.example\u{ff20}evil.example",
        "ana\u{ff20}evil.example@corp.example",
        "ana@corp.example\u{ff0c}evil@evil.example",
    ] {
        assert_eq!(recipients(hostile).await, [""; 0], "{hostile}");
    }
    assert_eq!(recipients("ana\u{ff20}corp.example").await, ["ana@corp.example"]);
}

/// A quoted local part sent mail to a mailbox elsewhere.
#[tokio::test]
async fn ghsa_5jpx_9hw9_2fx4_an_address_within_an_address() {
    for hostile in [
        "\"ana@evil.example\"@corp.example",
        "\"ana\"@corp.example",
        "<ana@evil.example>@corp.example",
    ] {
        assert_eq!(recipients(hostile).await, [""; 0], "{hostile}");
    }
    assert_eq!(recipients("ana@corp.example").await, ["ana@corp.example"]);
}

/// Several addresses in one field all got the link.
#[tokio::test]
async fn cve_2022_35924_several_addresses_in_one_field() {
    for hostile in [
        "ana@corp.example,evil@evil.example",
        "ana@corp.example;evil@evil.example",
        "ana@corp.example evil@evil.example",
        "ana@corp.example\r\nbcc: evil@evil.example",
    ] {
        assert_eq!(recipients(hostile).await, [""; 0], "{hostile:?}");
    }
    let mut world = World::live(|_| {}).await;
    world
        .post("/signin/email", &[("email", "ana@corp.example"), ("email", "evil@evil.example")])
        .await;
    world.auth.settle().await;
    assert!(world.outbox.mails().is_empty(), "nor in two");
}

/// The address was written into the mail as markup.
#[tokio::test]
async fn cve_2022_31127_markup_in_an_address() {
    for hostile in
        ["<img/src=x>@corp.example", "ana&lt;b&gt;@corp.example", "\"><b>\"@corp.example"]
    {
        assert_eq!(recipients(hostile).await, [""; 0], "{hostile}");
    }
    let quoted = "'onload='x@corp.example";
    let mut world = World::live(|_| {}).await;
    world.ask_for_mail(quoted).await;
    let mail = world.outbox.newest_to(quoted).unwrap();
    assert!(
        !mail.html.contains("'onload='"),
        "an apostrophe may stand in an address, not in markup: {}",
        mail.html
    );
}

/// A store took a link by its address and never looked at the token.
#[tokio::test]
async fn cve_2022_39263_a_token_that_nobody_compares() {
    let mut world = World::live(|_| {}).await;
    world.ask_for_mail("ana@corp.example").await;
    let mail = world.outbox.newest_to("ana@corp.example").unwrap();
    let link = Url::parse(Outbox::link(&mail).unwrap()).unwrap();
    let genuine: Vec<_> = link.query_pairs().into_owned().collect();
    for wrong in ["", "0", &"0".repeat(64)] {
        let forged = genuine
            .iter()
            .map(|(name, value)| (&**name, if name == "token" { wrong } else { value }));
        let forged: Vec<_> = forged.collect();
        let answer = world.post("/callback/email", &forged).await;
        assert!(error_of(&location(&answer)).is_some(), "{wrong}");
        assert_eq!(world.session().await, Value::Null);
    }
    let genuine: Vec<_> = genuine.iter().map(|(name, value)| (&**name, &**value)).collect();
    assert_eq!(location(&world.post("/callback/email", &genuine).await), APP);
}

/// The link of a mail led to whichever host the request had named.
#[tokio::test]
async fn cve_2021_25994_a_link_to_the_host_of_a_request() {
    let mut world = World::live(|_| {}).await;
    let token = world.csrf().await;
    let form = [("csrfToken", &*token), ("email", "ana@corp.example")];
    for host in ["evil.example", "localhost:3000.evil.example", "evil.example:3000"] {
        let ask = Ask::post("/auth/signin/email", &form).header("host", host);
        assert_eq!(world.send(ask).await.status(), 400, "{host}");
    }
    world.auth.settle().await;
    assert_eq!(world.outbox.mails(), []);
    let forwarded =
        Ask::post("/auth/signin/email", &form).header("x-forwarded-host", "evil.example");
    world.send(forwarded).await;
    world.auth.settle().await;
    let mail = world.outbox.newest_to("ana@corp.example").unwrap();
    assert!(Outbox::link(&mail).unwrap().starts_with(&format!("{APP}/auth/callback/email?")));
    assert!(!mail.html.contains("evil.example"));
}

/// An attempt that was begun with one provider was finished with another one.
#[tokio::test]
async fn ghsa_x445_f3h2_j279_check_cookies_of_another_provider() {
    let mut world = World::live(|_| {}).await;
    let begun = world.post("/signin/facebook", &[]).await;
    let callback = world.approve(&location(&begun)).await;
    let swapped = callback.replace("/callback/facebook", "/callback/google");
    let answer = world.get(&swapped).await;
    assert_eq!(error_of(&location(&answer)).as_deref(), Some("OAuthCallbackError"));
    assert_eq!(world.session().await, Value::Null);
    assert_eq!(world.sign_in_at(Face::Google).await, APP);
}

/// A bearer token with a broken percent sign threw.
#[tokio::test]
async fn ghsa_xmf8_cvqr_rfgj_a_bearer_token_that_cannot_be_decoded() {
    let mut world = World::with(|config| config.session.strategy = Strategy::Jwt).await;
    world.sign_in().await;
    for (token, is_somebody) in
        [("%", false), ("%E0%A4%A", false), ("%zz%", false), (&*world.jar[SESSION], true)]
    {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
        assert_eq!(world.auth.session(&headers).await.unwrap().is_some(), is_somebody, "{token}");
    }
}

/// Randomness that runs out on demand.
#[derive(Debug, Default)]
struct Exhaustible(OsRandom, AtomicBool);

impl Random for Exhaustible {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        if self.1.load(Ordering::SeqCst) { Err(NoRandomness) } else { self.0.fill(bytes) }
    }
}

/// The answer of a server that was set up wrongly was taken for a session.
#[tokio::test]
async fn ghsa_8fpg_xm3f_6cx3_an_error_that_looks_like_a_session() {
    let random = Arc::new(Exhaustible::default());
    let shared = Arc::clone(&random);
    let mut world = World::with(move |config| {
        config.session.strategy = Strategy::Jwt;
        config.random = shared;
    })
    .await;
    world.sign_in().await;
    assert!(world.session().await["user"].is_object());
    world.clock.advance(Duration::hours(25));
    random.1.store(true, Ordering::SeqCst);
    let answer = world.get("/session").await;
    assert_eq!(
        (answer.status().as_u16(), json(&answer)),
        (503, serde_json::json!({ "error": "Unavailable" }))
    );
    let mut headers = HeaderMap::new();
    headers.insert("cookie", format!("{SESSION}={}", world.jar[SESSION]).parse().unwrap());
    assert!(world.auth.session(&headers).await.is_err(), "not nobody, and not somebody");
    let elsewhere = world.send(Ask::get("/auth/session").header("host", "evil.example")).await;
    assert_eq!(
        (elsewhere.status().as_u16(), &elsewhere.body()[..]),
        (400, &b"\"Bad request.\""[..])
    );
}

/// A sealed check cookie opened the door as a session.
#[tokio::test]
async fn cve_2023_48309_a_check_cookie_as_a_session() {
    for strategy in [Strategy::Database, Strategy::Jwt] {
        let mut world = World::with(|config| {
            config.session.strategy = strategy;
            config.session.reads_v4 = true;
        })
        .await;
        world.post("/signin/facebook", &[]).await;
        let others: Vec<_> = world.jar.values().cloned().collect();
        assert_eq!(others.len(), 3, "csrf token, return address, attempt");
        for value in others {
            for name in [SESSION, "next-auth.session-token"] {
                let swapped = Ask::get("/auth/session").header("cookie", format!("{name}={value}"));
                assert_eq!(world.send(swapped).await.body(), "null", "{name}={value}");
            }
        }
        world.sign_in().await;
        assert_ne!(world.session().await, Value::Null);
    }
}

/// State, nonce and PKCE could be left out.
#[tokio::test]
async fn cve_2023_27490_checks_that_can_be_skipped() {
    let mut world = World::start().await;
    let begun = world.post("/signin/facebook", &[]).await;
    let genuine = world.approve(&location(&begun)).await;
    let jar = world.jar.clone();
    let code = genuine.split(['?', '&']).find(|pair| pair.starts_with("code=")).unwrap();
    let state = genuine.split(['?', '&']).find(|pair| pair.starts_with("state=")).unwrap();
    let hostile = [
        format!("/callback/facebook?{code}"),
        format!("/callback/facebook?{code}&state="),
        format!("/callback/facebook?{code}&state=undefined"),
        format!("/callback/facebook?{code}&{state}x"),
    ];
    for callback in hostile {
        world.jar.clone_from(&jar);
        let answer = world.get(&callback).await;
        assert_eq!(
            error_of(&location(&answer)).as_deref(),
            Some("OAuthCallbackError"),
            "{callback}"
        );
        assert_eq!(world.session().await, Value::Null);
    }
    world.jar.clear();
    let answer = world.get(&genuine).await;
    assert_eq!(
        error_of(&location(&answer)).as_deref(),
        Some("OAuthCallbackError"),
        "without its cookie"
    );
    world.jar = jar;
    assert_eq!(location(&world.get(&genuine).await), APP);
}

/// A return address that could not be parsed kept the handler busy for ever.
#[tokio::test]
async fn cve_2022_31093_a_return_address_that_cannot_be_read() {
    let long = "/".repeat(2_000);
    let hostile = [
        "https://",
        "http:////",
        "://",
        "%",
        "%00",
        "https://[::1",
        "javascript",
        "\u{0}",
        "//",
        "https://%zz/",
        &long,
    ];
    for address in hostile {
        let mut world = World::start().await;
        let encoded: String = byte_serialize(address.as_bytes()).collect();
        let page = world.get(&format!("/signin?callbackUrl={encoded}")).await;
        assert_eq!(page.status(), 200, "{address}");
        let to = world.sign_in_with(&[("callbackUrl", address)]).await;
        assert!(to.starts_with(APP), "{address} led to {to}");
    }
}

/// Return addresses that led to other sites, by the query and by the form.
#[tokio::test]
async fn cve_2022_24858_a_redirect_to_another_site() {
    for address in [
        "https://evil.example",
        "http://localhost:3000.evil.example/",
        "http://localhost:3000@evil.example/",
        "//evil.example",
    ] {
        let mut world = World::start().await;
        assert_eq!(world.sign_in_with(&[("callbackUrl", address)]).await, APP, "{address}");
        let out = world.post("/signout", &[("callbackUrl", address)]).await;
        assert_eq!(location(&out), APP, "{address}");
    }
    let mut world = World::start().await;
    assert_eq!(
        world.sign_in_with(&[("callbackUrl", "/dashboard")]).await,
        format!("{APP}/dashboard")
    );
}

/// The same once more, by addresses that only look relative, and by the cookie.
#[tokio::test]
async fn cve_2022_29214_an_address_that_only_looks_like_ours() {
    for address in [
        "/\\evil.example",
        "/\t/evil.example",
        "\\\\evil.example",
        "http:evil.example:80@x",
        "http://localhost:3000\\@evil.example",
    ] {
        let mut world = World::start().await;
        let encoded: String = byte_serialize(address.as_bytes()).collect();
        world.jar.insert("authjs.callback-url".to_owned(), encoded.replace('+', "%20"));
        let to = world.sign_in().await;
        let host = Url::parse(&to).unwrap().host_str().map(str::to_owned);
        assert_eq!(host.as_deref(), Some("localhost"), "{address} led to {to}");
    }
}
