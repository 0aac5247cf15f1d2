//! What a provider's server says about people who signed out there, and what others say in its name.

use std::sync::{Arc, Mutex};

use betancourt_auth::AuditKind;
use betancourt_auth::store::{AccountStore as _, Store as _, UserStore as _};
use betancourt_auth_dev::{Endpoint, Face, Tamper};
use serde_json::{Value, json};
use time::Duration;

use crate::support::forger::{self, Claims};
use crate::support::herald::{EVENT, Herald, issuer_and_audience, with, without};
use crate::support::{
    ANA, Browser, CAMILA, Forger, From, JULIAN, Place, Request, Stage, World, at_once,
};

const REFUSED: &str = "logout.token_refused";

/// What Google calls somebody.
async fn subject(world: &World, email: &str) -> String {
    let user = world.store.user_by_email(email).await.unwrap().unwrap();
    world.store.accounts(&user.id).await.unwrap().remove(0).key.subject
}

/// Fails unless that token signs somebody out: the positive twin of every refusal.
async fn assert_ends(world: &World, browser: &mut Browser, token: &str) {
    assert_eq!(browser.knock().await, 200);
    world.tell(token).await.assert_status(200);
    assert_eq!(browser.knock().await, 401);
}

/// A signature that is none, or somebody else's; another issuer; another audience.
pub(crate) async fn logout_03_a_token_that_is_not_the_providers(place: Place) {
    let (world, herald) = Herald::start(place).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let ana = subject(&world, ANA).await;
    let claims = || with(herald.about(&world, "google-session-0"), "sub", ana.clone());
    let header =
        |algorithm: &str| json!({ "alg": algorithm, "kid": "herald", "typ": "logout+jwt" });

    for algorithm in ["none", "None", "nOnE", "", "HS256", "ES384", "PS256", "EdDSA"] {
        for unsigned in [true, false] {
            let payload = Value::Object(claims()).to_string();
            let token = if unsigned {
                forger::token(&header(algorithm), &payload, |_| Vec::new())
            } else {
                herald.sign_as(&header(algorithm), &claims())
            };
            world.assert_untold(&token, REFUSED).await;
        }
    }
    let shared = |key: Vec<u8>, named: &str| {
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &key);
        let payload = Value::Object(claims()).to_string();
        forger::token(&header(named), &payload, |signed| {
            ring::hmac::sign(&key, signed).as_ref().to_vec()
        })
    };
    let secret = world.net.lookalikes.client(Face::Google).secret().as_bytes().to_vec();
    for (key, named) in [(secret.clone(), "HS256"), (secret, "ES256"), (Vec::new(), "HS256")] {
        world.assert_untold(&shared(key, named), REFUSED).await;
    }
    let genuine = herald.sign(&claims());
    let (signed, _) = genuine.rsplit_once('.').unwrap();
    for token in [
        Forger::on_p256().token(&header("ES256"), &claims()),
        herald.sign_as(&header("RS256"), &claims()),
        herald.sign_as(&json!({ "alg": "ES256", "kid": "herald", "crit": ["b64"] }), &claims()),
        herald.sign_as(&json!({ "alg": "ES256", "kid": "nobody's" }), &claims()),
        format!("{signed}."),
        signed.to_owned(),
        String::new(),
        "a.b.c".to_owned(),
    ] {
        world.assert_untold(&token, REFUSED).await;
    }

    of_another_issuer_or_for_another_client(&world, &herald, &claims()).await;
    at_another_place(&world, &genuine).await;

    assert_ends(&world, &mut browser, &genuine).await;
}

/// Names that are nearly right.
async fn of_another_issuer_or_for_another_client(world: &World, herald: &Herald, claims: &Claims) {
    let claims = || claims.clone();
    let (issuer, audience) = issuer_and_audience(world);
    for issuer in
        ["https://evil.test".to_owned(), format!("{issuer}/"), issuer.to_uppercase(), String::new()]
    {
        world.assert_untold(&herald.sign(&with(claims(), "iss", issuer)), REFUSED).await;
    }
    for audience in [
        json!("somebody-else"),
        json!([audience, "somebody-else"]),
        json!([]),
        json!({ "aud": audience }),
        json!(format!("{audience} ")),
    ] {
        world.assert_untold(&herald.sign(&with(claims(), "aud", audience)), REFUSED).await;
    }
    for missing in ["iss", "aud"] {
        world.assert_untold(&herald.sign(&without(claims(), missing)), REFUSED).await;
    }
}

/// A genuine token where no other than that provider's counts, or where none does.
async fn at_another_place(world: &World, genuine: &str) {
    // Another provider has its own keys, and some have none.
    for provider in ["microsoft-entra-id", "facebook", "nobody"] {
        let route = format!("/auth/backchannel-logout/{provider}");
        let post = Request::post(&route, &[("logout_token", genuine)]);
        world.browser().send(post.from(From::AnotherSite)).await.assert_status(400);
    }
    // Nor does it count anywhere but in the body, once.
    for form in [
        vec![],
        vec![("token", genuine)],
        vec![("logout_token", genuine), ("logout_token", genuine)],
    ] {
        world.tell_at(0, &form).await.assert_status(400);
    }
    let query = format!("/auth/backchannel-logout/google?logout_token={genuine}");
    world.browser().send(Request::post(&query, &[])).await.assert_status(400);
    world.browser().get(&query).await.assert_status(400);
}

/// A genuine signature under something else than a logout token: nothing that the same key signed for another end counts.
pub(crate) async fn logout_04_a_token_about_something_else(place: Place) {
    let (world, herald) = Herald::start(place).await;
    let seen = Arc::<Mutex<Claims>>::default();
    let into = Arc::clone(&seen);
    world.tamper(
        Face::Google,
        Tamper::json(Endpoint::Token, move |answer| {
            *into.lock().unwrap() = forger::claims_of(answer["id_token"].as_str().unwrap());
        }),
    );
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let claims = || herald.about(&world, "google-session-0");

    world.assert_untold(&herald.sign(&without(claims(), "events")), REFUSED).await;
    for events in [
        json!({}),
        json!({ "https://schemas.openid.net/secevent/risc/event-type/account-disabled": {} }),
        json!({ "http://schemas.openid.net/event/backchannel-logout/": {} }),
        json!({ EVENT: null }),
        json!({ EVENT: true }),
        json!({ EVENT: [] }),
        json!([EVENT]),
        json!(EVENT),
        json!(null),
    ] {
        world.assert_untold(&herald.sign(&with(claims(), "events", events)), REFUSED).await;
    }
    for nonce in [json!("nonce"), json!(""), json!(null)] {
        world.assert_untold(&herald.sign(&with(claims(), "nonce", nonce)), REFUSED).await;
    }
    // The ID token of this very session, as it was, and with more and more of a logout token.
    let mut id_token = seen.lock().unwrap().clone();
    assert_eq!(id_token["sid"], "google-session-0");
    let header = json!({ "alg": "ES256", "kid": "herald", "typ": "JWT" });
    world.assert_untold(&herald.sign_as(&header, &id_token), REFUSED).await;
    id_token.insert("jti".to_owned(), json!("an-id"));
    world.assert_untold(&herald.sign_as(&header, &id_token), REFUSED).await;
    id_token.insert("events".to_owned(), json!({ EVENT: {} }));
    world.assert_untold(&herald.sign_as(&header, &id_token), REFUSED).await;
    // Only its nonce told it apart by now.
    id_token.remove("nonce").unwrap();
    assert_ends(&world, &mut browser, &herald.sign_as(&header, &id_token)).await;
    // And a logout token signs nobody in.
    world
        .assert_rejected(
            vec![forger::id_token({
                let forger = Forger::on_p256();
                move |genuine| {
                    let header = json!({ "alg": "ES256", "kid": "another", "typ": "logout+jwt" });
                    forger.token(&header, &with(genuine, "events", json!({ EVENT: {} })))
                }
            })],
            "id_token.algorithm",
        )
        .await;
}

/// A token counts once and for two minutes, says what it is and whom it means; and floods are held back.
pub(crate) async fn logout_05_a_token_again_too_late_or_too_often(place: Place) {
    let stage = Stage::new(place).servers(2);
    let (world, herald) = Herald::start_on(stage).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let claims = || herald.about(&world, "google-session-0");
    let at = |seconds: i64| with(claims(), "iat", world.now().unix_timestamp() + seconds);
    for claims in [
        at(-121),
        at(-3600),
        at(300),
        with(claims(), "exp", world.now().unix_timestamp() - 61),
        without(claims(), "iat"),
        with(claims(), "iat", json!("now")),
        without(claims(), "jti"),
        with(claims(), "jti", ""),
        with(claims(), "jti", 7),
        without(claims(), "sid"),
        with(claims(), "sid", ""),
        with(claims(), "sid", json!(["google-session-0"])),
        with(claims(), "sub", 7),
        with(claims(), "sid", "x".repeat(256)),
    ] {
        world.assert_untold(&herald.sign(&claims), REFUSED).await;
    }
    for kind in ["at+jwt", "secevent+jwt", "dpop+jwt", ""] {
        let header = json!({ "alg": "ES256", "kid": "herald", "typ": kind });
        world.assert_untold(&herald.sign_as(&header, &claims()), REFUSED).await;
    }

    // The same token once more, also at another server, ends nothing that has begun since.
    let token = herald.sign(&at(-100));
    assert_ends(&world, &mut browser, &token).await;
    browser.sign_in(Face::Google, ANA).await;
    for door in [0, 1] {
        world.tell_at(door, &[("logout_token", &token)]).await.assert_status(400);
    }
    assert_eq!(world.log.events("logout.replayed").len(), 2);
    assert_eq!(browser.knock().await, 200);
    // Many at once: one counts.
    let token = herald.sign(&claims());
    let told = (0..20).map(|number| {
        let mut server = world.browser();
        server.door = number % 2;
        let post = Request::post("/auth/backchannel-logout/google", &[("logout_token", &token)]);
        async move { server.send(post.from(From::AnotherSite)).await.status }
    });
    let answers = at_once(told).await;
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|status| [200, 400].contains(status)), "{answers:?}");
    assert_eq!(browser.knock().await, 401);
    // Every kind that a logout token may call itself.
    for header in [
        json!({ "alg": "ES256", "kid": "herald" }),
        json!({ "alg": "ES256", "kid": "herald", "typ": "JWT" }),
        json!({ "alg": "ES256", "kid": "herald", "typ": "Logout+JWT" }),
    ] {
        browser.sign_in(Face::Google, ANA).await;
        assert_ends(&world, &mut browser, &herald.sign_as(&header, &claims())).await;
    }
    // One without an end of its own counts as long as any other.
    browser.sign_in(Face::Google, ANA).await;
    assert_ends(&world, &mut browser, &herald.sign(&without(claims(), "exp"))).await;

    a_flood(place).await;
}

/// Beyond the limit of a network nothing is verified any more, and later everything is as before.
async fn a_flood(place: Place) {
    let few = Stage::new(place).config(|config| config.rate.logouts = 5);
    let (world, herald) = Herald::start_on(few).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let claims = || herald.about(&world, "google-session-0");
    for _ in 0..5 {
        world.tell("a.b.c").await.assert_status(400);
    }
    for token in ["a.b.c".to_owned(), herald.sign(&claims())] {
        let answer = world.tell(&token).await;
        answer.assert_status(429);
        assert!(answer.header("retry-after").is_some(), "{answer:?}");
    }
    assert_eq!(browser.knock().await, 200);
    world.wait(Duration::minutes(10));
    assert_ends(&world, &mut browser, &herald.sign(&claims())).await;
}

/// What a token means ends, all of it and nothing else: a session there, a person there, or both.
pub(crate) async fn logout_06_exactly_what_was_meant_ends(place: Place) {
    let stage = Stage::new(place).servers(2);
    let (world, herald) = Herald::start_on(stage).await;
    let mut browsers = Vec::new();
    for (sid, face, person) in [
        ("a-session-of-ana", Face::Google, ANA),
        ("a-session-of-ana", Face::Google, ANA),
        ("another-of-ana", Face::Google, ANA),
        ("a-session-of-julian", Face::Google, JULIAN),
        ("no-session-of-google", Face::Facebook, CAMILA),
    ] {
        herald.in_session(sid);
        browsers.push(world.signed_in(face, person).await);
    }
    let [ana, julian] = [subject(&world, ANA).await, subject(&world, JULIAN).await];
    let knocks = |browsers: &[Browser]| {
        let browsers = browsers.to_vec();
        async move {
            let mut alive = String::new();
            for (number, mut browser) in browsers.into_iter().enumerate() {
                browser.door = number % 2;
                alive.push(if browser.knock().await == 200 { '+' } else { '-' });
            }
            alive
        }
    };
    assert_eq!(knocks(&browsers).await, "+++++");
    let ends = async |claims: Claims| {
        world.tell(&herald.sign(&claims)).await.assert_status(200);
        knocks(&browsers).await
    };
    let of = |subject: &str, sid: &str| with(herald.about(&world, sid), "sub", subject);
    // Nobody's, another provider's, and what belongs to two people.
    assert_eq!(ends(herald.about(&world, "nobody's")).await, "+++++");
    assert_eq!(ends(herald.about(&world, "no-session-of-google")).await, "+++++");
    assert_eq!(ends(with(herald.claims(&world), "sub", "nobody")).await, "+++++");
    assert_eq!(ends(of(&julian, "a-session-of-ana")).await, "+++++");

    assert_eq!(ends(herald.about(&world, "a-session-of-ana")).await, "--+++");
    assert_eq!(ends(of(&ana, "another-of-ana")).await, "---++");
    for browser in &mut browsers[..3] {
        herald.in_session("a-later-session");
        browser.sign_in(Face::Google, ANA).await;
    }
    assert_eq!(knocks(&browsers).await, "+++++");
    let told = with(herald.claims(&world), "sub", ana);
    world.tell(&herald.sign(&told)).await.assert_status(200);
    assert_eq!(knocks(&browsers).await, "---++");

    let user = world.store.user_by_email(ANA).await.unwrap().unwrap();
    let audit = world.store.audit_log(100).await.unwrap();
    let kind = AuditKind::SignedOutByProvider;
    let events: Vec<_> = audit.into_iter().filter(|event| event.kind == kind).collect();
    assert_eq!(events.len(), 3);
    for event in events {
        assert_eq!(
            (event.user_id, event.provider.as_deref()),
            (Some(user.id.clone()), Some("google"))
        );
    }
}
