//! Key sets: without names, changed at the last moment, asked for too often, and full of what is no key.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use betancourt_auth::provider::Algorithm;
use betancourt_auth_dev::{Endpoint, Face, Signature, Tamper};
use serde_json::{Value, json};
use time::Duration;

use crate::support::forger::{id_token, keys};
use crate::support::{ANA, Forger, Place, Stage, World, at_google, at_once, in_full, signed_with};

/// After it a key set is read anew.
const LONG: Duration = Duration::hours(2);

/// A provider whose tokens do not say which key signed them.
fn nameless() -> Tamper {
    Tamper::id_token(|token| drop(token.header.as_object_mut().unwrap().remove("kid")))
}

/// A key that could have signed, and has not: a modulus that nobody knows the factors of.
fn another_key(number: u8) -> Value {
    let mut modulus = [number; 256];
    (modulus[0], modulus[255]) = (0xff, 0xff);
    json!({
        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": format!("another-{number}"),
        "n": URL_SAFE_NO_PAD.encode(modulus), "e": "AQAB",
    })
}

/// A member of the provider's own key, changed.
fn own_key(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Tamper {
    Tamper::json(Endpoint::Keys, move |set| change(&mut set["keys"][0]))
}

fn key_sets_read(world: &World) -> usize {
    world.net.lookalikes.seen(Face::Google, Endpoint::Keys).len()
}

/// A token without `kid`: the one key that suits, or one of a few.
pub(crate) async fn oidc_16_a_token_that_names_no_key(place: Place) {
    let world = World::with_user_info(place).await;
    let others = |count| (1..=count).map(another_key).collect::<Vec<_>>();
    world.assert_accepted(vec![nameless()]).await;
    world.wait(LONG);
    world.assert_accepted(vec![nameless(), keys(others(3), others(3))]).await;
    world.wait(LONG);
    let too_many = vec![nameless(), keys(others(4), Vec::new())];
    world.assert_rejected(too_many, "id_token.signature").await;
    world.wait(LONG);

    // What cannot have signed does not count among the few.
    let for_encryption = {
        let mut key = another_key(9);
        key["use"] = "enc".into();
        key
    };
    let for_another_algorithm = {
        let mut key = another_key(8);
        key["alg"] = "PS256".into();
        key
    };
    let unusable = vec![
        json!({ "kty": "oct", "k": "c2VjcmV0" }),
        Forger::on_p256().jwk("on-a-curve"),
        for_encryption,
        for_another_algorithm,
        json!("no key"),
        json!({ "kty": "OKP", "crv": "Ed25519", "x": "AAAA" }),
    ];
    world.assert_accepted(vec![nameless(), keys(unusable, others(2))]).await;
    world.wait(LONG);
    world
        .assert_rejected(
            vec![nameless(), own_key(|key| key["use"] = "enc".into())],
            "id_token.signature",
        )
        .await;
}

/// A key that changes just before it signs is found by asking once more, also where the token does not name it. Made-up names of keys make nobody ask more than
/// once a minute, however many come.
pub(crate) async fn oidc_17_keys_that_change_and_a_flood_of_names(place: Place) {
    let world = Stage::new(place).config(at_google(|registration| {
        signed_with(registration, &[Algorithm::Rs256, Algorithm::Es256]);
    }));
    let world = world.start().await;
    world.assert_accepted(vec![]).await;
    assert_eq!(key_sets_read(&world), 1);
    for (rotation, header) in [
        (1, json!({ "alg": "ES256", "kid": "the-next-one" })),
        (2, json!({ "alg": "ES256", "kid": "the-one-after-it" })),
        (3, json!({ "alg": "ES256" })),
    ] {
        let next = Forger::on_p256();
        let kid = header["kid"].as_str().unwrap_or("without-a-name");
        let published = next.published(kid);
        let signed = id_token(move |claims| next.token(&header, &claims));
        world.assert_accepted(vec![published, signed]).await;
        assert_eq!(key_sets_read(&world), 1 + rotation, "asked once more, and once only");
        world.wait(Duration::seconds(61));
    }

    for read in [5, 6] {
        flood(&world, read).await;
        world.wait(Duration::seconds(61));
    }
    world.browser().sign_in(Face::Google, ANA).await;
}

/// Tokens with a thousand names of keys, many at a time.
async fn flood(world: &World, read: usize) {
    let (waves, at_a_time) = if in_full() { (20, 50) } else { (2, 10) };
    let (before, began) = (world.snapshot().await, Instant::now());
    let number = Arc::<AtomicU32>::default();
    world.tamper(
        Face::Google,
        Tamper::id_token(move |token| {
            let number = number.fetch_add(1, Ordering::SeqCst);
            token.header["kid"] = format!("made-up-{number}").into();
        }),
    );
    for _ in 0..waves {
        let visits = (0..at_a_time).map(|_| world.browser()).map(|mut browser| async move {
            let callback = browser.begin_as(Face::Google, ANA).await;
            browser.follow(&callback).await.assert_refused("OAuthCallbackError");
        });
        at_once(visits).await;
    }
    world.net.lookalikes.behave(Face::Google);
    // The clock runs on while a thousand of them are made.
    let minutes = usize::try_from(began.elapsed().as_secs() / 60).unwrap();
    assert!((read..=read + minutes).contains(&key_sets_read(world)), "{}", key_sets_read(world));
    world.assert_unchanged(&before).await;
}

/// Entries that are no keys, or not this one, between good ones; and far too many of them.
pub(crate) async fn oidc_18_a_key_set_full_of_what_is_no_key(place: Place) {
    let world = World::with_user_info(place).await;
    let shared = b"a key that everybody knows";
    let of_same_name = |mut key: Value, kid: &Value| {
        key["kid"] = kid.clone();
        key
    };
    let poisoned = Tamper::json(Endpoint::Keys, move |set| {
        let genuine = set["keys"][0].clone();
        let kid = &genuine["kid"];
        let mut broken = genuine.clone();
        broken["n"] = "no base64 !".into();
        let mut without_exponent = genuine.clone();
        without_exponent.as_object_mut().unwrap().remove("e");
        let secret = json!({ "kty": "oct", "alg": "HS256", "k": URL_SAFE_NO_PAD.encode(shared) });
        set["keys"] = Value::Array(vec![
            of_same_name(secret, kid),
            of_same_name(Forger::on_p256().jwk(""), kid),
            of_same_name(another_key(1), kid),
            of_same_name(json!({ "kty": "XYZ" }), kid),
            broken,
            without_exponent,
            json!(null),
            json!([genuine]),
            genuine,
        ]);
    });
    world.assert_accepted(vec![poisoned]).await;
    let by_the_secret = Tamper::id_token(move |token| {
        token.header["alg"] = "HS256".into();
        token.signature = Signature::Hmac(shared.to_vec());
    });
    world.assert_rejected(vec![by_the_secret], "id_token.algorithm").await;

    let many = || vec![json!({ "kty": "XYZ" }); 10_000];
    world.wait(LONG);
    world.assert_accepted(vec![keys(Vec::new(), many())]).await;
    world.wait(LONG);
    world.assert_rejected(vec![keys(many(), Vec::new())], "id_token.signature").await;
    for nothing in
        [json!({}), json!([]), json!("keys"), json!({ "keys": {} }), json!({ "keys": null })]
    {
        world.wait(LONG);
        let empty = Tamper::json(Endpoint::Keys, move |set| *set = nothing.clone());
        world.assert_rejected(vec![empty], "id_token.signature").await;
    }

    // More than a mebibyte is not read to its end.
    world.wait(Duration::hours(25));
    let before = world.snapshot().await;
    let endless = Tamper::json(Endpoint::Keys, |set| set["padding"] = "p".repeat(1 << 20).into());
    world.at_hostile_google(vec![endless]).await.assert_refused("ProviderUnavailable");
    world.log.refusal("provider.unreachable", "google");
    world.assert_unchanged(&before).await;
    world.wait(Duration::seconds(11));
    world.assert_accepted(vec![]).await;
}
