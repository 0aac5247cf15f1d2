//! The opener of sealed sessions: a token that nobody sealed opens nothing, however close it comes to one that was.
#![no_main]

use std::sync::LazyLock;

use betancourt_auth::parts::Opener;
use betancourt_auth::{Encryption, NoRandomness, Random};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

const COOKIE: &str = "authjs.session-token";

static OPENER: LazyLock<Opener> = LazyLock::new(|| {
    Opener::new("a secret of at least 32 characters!!", COOKIE).expect("keys for the cookie")
});
static TOKENS: LazyLock<[String; 2]> =
    LazyLock::new(|| [Encryption::A256CbcHs512, Encryption::A256Gcm].map(genuine));

/// The same each time, so that what a run has learnt is of use to the next one.
#[derive(Debug)]
struct Still;

impl Random for Still {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        bytes.fill(7);
        Ok(())
    }
}

fn genuine(encryption: Encryption) -> String {
    let claims = json!({ "sub": "ada", "iat": 0, "exp": 1_000_000, "jti": "x", "plan": "pro" });
    let claims: Map<String, Value> = serde_json::from_value(claims).expect("an object");
    OPENER.seal(encryption, &claims, &Still).expect("a token")
}

fn opens(token: &str) -> bool {
    OPENER.open(token, OffsetDateTime::UNIX_EPOCH).is_some()
}

// Two places and what stands between them afterwards.
fuzz_target!(|change: (u16, u16, &str)| {
    let (one, other, instead) = change;
    assert!(!opens(instead) || TOKENS.iter().any(|token| token == instead));
    for token in &*TOKENS {
        let at = |place: u16| usize::from(place) % (token.len() + 1);
        let (from, to) = (at(one).min(at(other)), at(one).max(at(other)));
        let changed = format!("{}{instead}{}", &token[..from], &token[to..]);
        assert_eq!(opens(&changed), changed == *token);
    }
});
