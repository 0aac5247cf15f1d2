//! Tokens that were tampered with, that were made for something else, or that say too much.

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use betancourt_auth::hook::{Callbacks, Sealing};
use betancourt_auth_dev::Face;
use serde_json::{Map, Value, json};
use std::sync::Arc;

use crate::support::{ANA, JULIAN, JweMaker, Place, Request, SECRET, Stage, World};

const SESSION: &str = "__Secure-authjs.session-token";

/// A flipped bit in every segment, a short tag, an initialisation vector of another length: one and the same answer.
pub(crate) async fn jwe_03_every_part_tampered_with(place: Place) {
    let world = World::start(place).await;
    let mut genuine = world.signed_in(Face::Google, ANA).await;
    let token = genuine.session().unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let mut tampered = Vec::new();
    for (number, part) in parts.iter().enumerate().filter(|(_, part)| !part.is_empty()) {
        let bytes = URL_SAFE_NO_PAD.decode(part).unwrap();
        let flips = [0, bytes.len() / 2, bytes.len() - 1].map(|place| {
            let mut bytes = bytes.clone();
            bytes[place] ^= 1;
            bytes
        });
        let cut = [bytes[..bytes.len() - 1].to_vec(), bytes[..1].to_vec(), Vec::new()];
        let longer = [[&*bytes, b"x"].concat(), [&*bytes, &*bytes].concat()];
        for bytes in flips.into_iter().chain(cut).chain(longer) {
            let mut parts: Vec<_> = parts.iter().map(|part| (*part).to_owned()).collect();
            parts[number] = URL_SAFE_NO_PAD.encode(bytes);
            tampered.push(parts.join("."));
        }
    }
    tampered.push(token.replacen("..", ".AAAA.", 1));
    tampered.push(format!("{token}."));
    tampered.push(parts[..4].join("."));
    let asked = world.store.watch.asked();
    for token in &tampered {
        let request = Request::get("/auth/session").by_script();
        let request = request.header("cookie", format!("{SESSION}={token}"));
        let answer = world.browser().send(request).await;
        let said = (answer.status, &*answer.body, answer.clears(), answer.sets_a_session());
        assert_eq!(said, (200, "null", vec![SESSION], false), "{token}");
    }
    assert_eq!(tampered.len(), 4 * 8 + 3);
    assert_eq!(world.store.watch.asked(), asked, "the store was asked");
    assert_eq!(genuine.knock().await, 200);
}

/// Everything that is sealed or hashed with the same secret, put where something else belongs.
pub(crate) async fn jwe_04_tokens_of_another_purpose(place: Place) {
    let world = World::start(place).await;
    let mut signed_in = world.signed_in(Face::Google, ANA).await;
    let session = signed_in.session().unwrap();
    let mut starting = world.browser();
    let callback = starting.begin_as(Face::Google, ANA).await;
    let (handshake_name, handshake) = starting.handshake().unwrap();
    let (csrf_name, csrf) = starting.jar.find("authjs.csrf-token").unwrap();

    // In place of a session: our other cookies, and the tokens that Auth.js seals for other cookies.
    let payload = world.claims_of(ANA).await;
    let other_names = [
        "authjs.session-token",
        "__Secure-authjs.state",
        "__Secure-authjs.pkce.code_verifier",
        "__Secure-authjs.nonce",
        "__Secure-authjs.challenge",
        "__Secure-next-auth.session-token",
        "encodedState",
    ];
    let mut others = vec![handshake.clone(), csrf.clone(), csrf[..64].to_owned()];
    others.extend(other_names.map(|name| JweMaker::new(SECRET, name).seal(&payload)));
    others.push(JweMaker::of_v4(SECRET).seal(&payload));
    for other in &others {
        let mut browser = world.browser();
        browser.jar.plant(SESSION, other);
        assert_eq!(browser.knock().await, 401, "{other}");
    }
    let mut genuine = world.browser();
    genuine.jar.plant(SESSION, &JweMaker::new(SECRET, SESSION).seal(&payload));
    assert_eq!(genuine.knock().await, 200);

    // In place of a handshake, and in place of a form's token.
    for other in [&session, &csrf] {
        let mut browser = starting.clone();
        browser.jar.forget(&handshake_name);
        browser.jar.plant(&handshake_name, other);
        browser.follow(&callback).await.assert_refused("OAuthCallbackError");
    }
    for other in [&session, &handshake] {
        let mut browser = signed_in.clone();
        browser.jar.forget(&csrf_name);
        browser.jar.plant(&csrf_name, other);
        let form = [("csrfToken", other.as_str())];
        browser.send(Request::post("/auth/signout", &form)).await.assert_refused("MissingCSRF");
        assert_eq!(browser.knock().await, 200);
    }
    starting.follow(&callback).await.assert_welcome();
    assert_eq!(signed_in.knock().await, 200);
}

/// Tokens longer than any of ours, and one whose claims go deeper than anybody reads.
pub(crate) async fn jwe_08_tokens_that_are_too_much(place: Place) {
    let world = World::start(place).await;
    world.signed_in(Face::Google, ANA).await;
    let maker = JweMaker::new(SECRET, SESSION);
    let genuine = world.claims_of(ANA).await;
    let with = |claim: &str| format!("{},{claim}}}", genuine.trim_end_matches('}'));
    let deep = format!(r#""deep":{}{}"#, "[".repeat(4_000), "]".repeat(4_000));
    let asked = world.store.watch.asked();
    for token in [
        maker.seal(&with(&format!(r#""long":"{}""#, "x".repeat(16 * 1024)))),
        maker.seal(&with(&deep)),
        format!("{}..{}", "A".repeat(60_000), "A".repeat(60_000)),
    ] {
        let request = Request::get("/dashboard").by_script();
        let request = request.header("cookie", format!("{SESSION}={token}"));
        let answer = world.browser().send(request).await;
        assert_eq!((answer.status, answer.clears()), (401, vec![SESSION]));
    }
    let mebibyte = format!("{SESSION}={}", "A".repeat(1024 * 1024));
    let answer = world.browser().send(Request::get("/").header("cookie", mebibyte)).await;
    assert!((400..500).contains(&answer.status), "{answer:?}");
    assert_eq!(world.store.watch.asked(), asked, "the store was asked");

    let request = Request::get("/dashboard").by_script();
    let shallow = maker.seal(&with(r#""deep":[[[[1]]]],"long":"xxxx""#));
    let request = request.header("cookie", format!("{SESSION}={shallow}"));
    assert_eq!(world.browser().send(request).await.status, 200);
}

/// An application that puts whatever it was sent into the token.
#[derive(Debug)]
struct Careless(Value);

#[async_trait]
impl Callbacks for Careless {
    async fn jwt(
        &self,
        mut token: Map<String, Value>,
        _: &Sealing<'_>,
    ) -> Option<Map<String, Value>> {
        token.extend(self.0.as_object().unwrap().clone());
        Some(token)
    }

    async fn session(
        &self,
        session: &betancourt_auth::Session,
        mut shown: Value,
        _: Option<&Value>,
    ) -> Value {
        shown["claims"] = session.claims.clone().into();
        shown
    }
}

/// Claims that say who it is and how long, from the hand of somebody else.
pub(crate) async fn jwe_08_claims_that_are_not_the_applications(place: Place) {
    let hostile = json!({
        "sub": "somebody-else", "exp": 4_904_539_200_i64, "iat": 4_904_539_200_i64, "nbf": 1, "iss": "x", "aud": "x",
        "jti": "x", "auth_session": { "id": "x", "beginning": null }, "plan": "pro",
    });
    let careless = hostile.clone();
    let world = Stage::new(place)
        .config(move |config| config.callbacks = Arc::new(Careless(careless.clone())))
        .start()
        .await;
    world.signed_in(Face::Google, JULIAN).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let shown = browser.fetch("/auth/session").await.json();
    assert_eq!(
        (&shown["user"]["name"], &shown["claims"]),
        (&json!("Ana Restrepo"), &json!({ "plan": "pro" }))
    );
    world.wait(time::Duration::days(30) + time::Duration::minutes(1));
    assert_eq!(browser.knock().await, 401, "it lived longer than it may");
}
