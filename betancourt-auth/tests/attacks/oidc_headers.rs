//! Headers that bring a key along, lead to one, or name one in a hostile way.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use betancourt_auth::provider::Algorithm;
use betancourt_auth_dev::{Face, Tamper};
use serde_json::{Value, json};

use crate::support::forger::{Claims, id_token};
use crate::support::{
    CanaryHost, Forger, Place, Stage, World, ask_for_more, at_google, signed_with,
};

/// The genuine token with one thing more in its header, under the genuine signature.
fn header(name: &'static str, value: Value) -> Tamper {
    Tamper::id_token(move |token| token.header[name] = value.clone())
}

/// The attacker's own token, with that header.
fn of_the_attacker(attacker: &Forger, header: Value) -> Tamper {
    let attacker = attacker.clone();
    id_token(move |claims: Claims| attacker.token(&header, &claims))
}

/// Keys come from the provider's key set alone. What a header says of them leads nowhere: to no key, no host, no file
/// and no line in the log.
pub(crate) async fn oidc_15_a_header_that_brings_its_own_key(place: Place) {
    let both_kinds = at_google(|registration| {
        ask_for_more(registration);
        signed_with(registration, &[Algorithm::Rs256, Algorithm::Es256]);
    });
    let world = Stage::new(place).config(both_kinds).start().await;
    let attacker = Forger::on_p256();
    let host = CanaryHost::serving(&json!({ "keys": [attacker.jwk("mine")] })).await;
    let certificate = STANDARD.encode(attacker.jwk("mine").to_string());
    let (keys_there, certificate_there) = (host.url("/keys"), host.url("/certificate.pem"));
    for header in [
        json!({ "alg": "ES256", "jwk": attacker.jwk("mine") }),
        json!({ "alg": "ES256", "kid": "mine", "jwk": attacker.jwk("mine") }),
        json!({ "alg": "ES256", "kid": "mine", "jku": keys_there }),
        json!({ "alg": "ES256", "jku": keys_there, "x5u": certificate_there }),
        json!({ "alg": "ES256", "kid": "mine", "x5c": [certificate] }),
        json!({ "alg": "ES256", "kid": keys_there }),
    ] {
        world.assert_rejected(vec![of_the_attacker(&attacker, header)], "id_token.signature").await;
    }
    host.assert_unvisited().await;

    hostile_names(&world).await;
    // The genuine token is as good with all of it, because nobody looks.
    let harmless = [
        ("jwk", attacker.jwk("mine")),
        ("jku", host.url("/keys").into()),
        ("x5u", host.url("/certificate.pem").into()),
    ];
    let harmless = harmless.map(|(name, value)| header(name, value));
    world.assert_accepted(harmless.to_vec()).await;
    host.assert_unvisited().await;
}

/// Names of keys that would be something else to whoever does more than look them up.
async fn hostile_names(world: &World) {
    for name in [
        "' OR '1'='1' --",
        "'; DROP TABLE users; --",
        "../../../../etc/passwd",
        "/dev/null",
        "file:///etc/passwd",
        "a\u{0}b",
        "%00",
        "line\r\nbreak",
        "",
    ] {
        let tampers = vec![header("kid", name.into())];
        world.assert_rejected(tampers, "id_token.signature").await;
        assert!(name.is_empty() || !world.log.text().contains(name), "{name:?} is in the log");
    }
    for name in [json!(7), json!(["a"]), json!({}), json!(true), Value::Null] {
        world.assert_rejected(vec![header("kid", name)], "id_token.malformed").await;
    }
    // The header is measured before anybody reads it; and what is longer than any answer is not read to its end.
    for length in [8 * 1024, 64 * 1024, 600 * 1024] {
        let tampers = vec![header("kid", "k".repeat(length).into())];
        world.assert_rejected(tampers, "id_token.malformed").await;
    }
    let before = world.snapshot().await;
    let endless =
        world.at_hostile_google(vec![header("kid", "k".repeat(1024 * 1024).into())]).await;
    endless.assert_refused("ProviderUnavailable");
    world.log.refusal("provider.unreachable", Face::Google.id());
    world.assert_unchanged(&before).await;
    for critical in [json!(["exp"]), json!([]), Value::Null] {
        world.assert_rejected(vec![header("crit", critical)], "id_token.algorithm").await;
    }
}
