//! The verifier of ID tokens: what nobody signed is none, and what a hostile provider signed is for us and about somebody.
#![no_main]

use std::sync::LazyLock;

use betancourt_auth::parts::IdTokens;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use time::OffsetDateTime;

const ISSUER: &str = "https://id.test";
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
const CLAIMS: &str = r#"{"iss":"https://id.test","aud":"client","sub":"7","nonce":"nonce","iat":1000000,"exp":1000300}"#;
const NOW: i64 = 1_000_000;

static SHARED: LazyLock<IdTokens> = LazyLock::new(|| IdTokens::shared(ISSUER, "a shared secret"));
static PUBLISHED: LazyLock<IdTokens> = LazyLock::new(|| IdTokens::published(ISSUER));
static GENUINE: LazyLock<String> = LazyLock::new(|| SHARED.sign(HEADER, CLAIMS));

fn verified(token: &str) -> Option<Value> {
    let now = OffsetDateTime::from_unix_timestamp(NOW).expect("a moment");
    SHARED.verify(token, &Value::Null, now)
}

/// A text with something else between two places.
fn changed(text: &str, (one, other): (u16, u16), instead: &str) -> String {
    let at = |place: u16| usize::from(place) % (text.len() + 1);
    let (from, to) = (at(one).min(at(other)), at(one).max(at(other)));
    format!("{}{instead}{}", &text[..from], &text[to..])
}

/// What no change of what is signed can undo.
fn assert_ours(claims: &Value) {
    let is_us = |audience: &Value| *audience == "client";
    let audience = &claims["aud"];
    assert!(is_us(audience) || audience.as_array().is_some_and(|all| all.iter().all(is_us)));
    assert_eq!((&claims["iss"], &claims["nonce"]), (&ISSUER.into(), &IdTokens::NONCE.into()));
    assert!(claims["sub"].as_str().is_some_and(|subject| (1..=255).contains(&subject.len())));
    assert!(claims["exp"].as_f64().is_some_and(|expires| expires > (NOW - 60) as f64));
    assert!(claims.get("events").is_none());
}

// Two places and what stands between them afterwards: in a token, in what is signed, and in the keys.
fuzz_target!(|change: (u16, u16, &str)| {
    let (one, other, instead) = change;
    let token = changed(&GENUINE, (one, other), instead);
    assert_eq!(verified(&token).is_some(), token == *GENUINE);
    let header = changed(HEADER, (one, other), instead);
    let claims = changed(CLAIMS, (one, other), instead);
    for token in [SHARED.sign(&header, CLAIMS), SHARED.sign(HEADER, &claims)] {
        verified(&token).iter().for_each(assert_ours);
    }
    let now = OffsetDateTime::from_unix_timestamp(NOW).expect("a moment");
    let keys = serde_json::from_str(instead).unwrap_or(Value::Null);
    for named in ["RS256", "ES256"] {
        let token = SHARED.sign(&HEADER.replace("HS256", named), CLAIMS);
        assert_eq!(PUBLISHED.verify(&token, &keys, now), None, "an HMAC is no signature");
    }
});
