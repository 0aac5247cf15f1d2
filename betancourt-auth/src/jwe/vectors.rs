//! What the real packages of Auth.js made, read here; what they refused, refused here. (Tests.)
#![expect(clippy::print_stdout, reason = "the run says how many vectors it used")]

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use super::*;
use crate::secret::OsRandom;

const VECTORS: &str = include_str!("../../tests/vectors/authjs/jwe.json");

/// Entries that we decide otherwise on purpose, and why.
const DEVIATIONS: &[(&str, &str)] = &[(
    "v5-cbc-no-kid-old-secret-in-array",
    "a token that names no key is tried with every secret, so that a rotation signs nobody out",
)];

#[derive(Deserialize)]
struct File {
    key_derivation: Vec<Derivation>,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Derivation {
    generation: String,
    enc: String,
    secret: String,
    salt: String,
    length: usize,
    key_hex: String,
    kid: Option<String>,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    decoder: String,
    secret: Value,
    salt: String,
    now: i64,
    token: String,
    expect: String,
    claims: Option<Claims>,
}

fn file() -> File {
    serde_json::from_str(VECTORS).unwrap()
}

fn generation(name: &str) -> Generation {
    match name {
        "v5" => Generation::Five,
        "v4" => Generation::Four,
        other => panic!("{other}"),
    }
}

impl Vector {
    fn keyring(&self) -> Keyring {
        let secrets = match &self.secret {
            Value::Array(secrets) => {
                secrets.iter().map(|secret| secret.as_str().unwrap()).collect()
            }
            secret => vec![secret.as_str().unwrap()],
        };
        let secrets: Vec<_> = secrets.into_iter().map(Secret::new).collect();
        Keyring::new(&secrets, generation(&self.decoder), &self.salt).unwrap()
    }

    fn open(&self) -> Option<Claims> {
        let now = OffsetDateTime::from_unix_timestamp(self.now).unwrap();
        open(&self.keyring(), &self.token, now).map(|opened| opened.payload.claims)
    }
}

/// All that a token says.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(try_from = "Claims")]
struct Everything {
    claims: Claims,
    term: Term,
}

impl TryFrom<Claims> for Everything {
    type Error = &'static str;

    fn try_from(claims: Claims) -> Result<Self, Self::Error> {
        let moment = |name| match claims.get(name) {
            None => Ok(None),
            Some(moment) => moment.as_f64().map(Some).ok_or("a moment is a number"),
        };
        let term = Term { begins: moment("nbf")?, ends: moment("exp")? };
        moment("iat")?;
        Ok(Self { claims, term })
    }
}

impl Payload for Everything {
    fn term(&self) -> Term {
        self.term
    }
}

fn open(keyring: &Keyring, token: &str, now: OffsetDateTime) -> Option<Opened<Everything>> {
    keyring.open(token, now)
}

#[test]
fn every_key_is_derived_as_there() {
    let derivations = file().key_derivation;
    for given in &derivations {
        let secret = Secret::new(given.secret.as_str());
        let bytes = key::derive(&secret, generation(&given.generation), &given.salt).unwrap();
        assert_eq!(crate::secret::hex(&bytes[..given.length]), given.key_hex, "{}", given.salt);
        if let Some(kid) = &given.kid {
            let encryption = Encryption::parse(&given.enc).unwrap();
            assert_eq!(&Key::new(encryption, &bytes).unwrap().id, kid, "{}", given.salt);
        }
    }
    assert_eq!(derivations.len(), 19);
    println!("jwe.json, key_derivation: {} of {} used", derivations.len(), derivations.len());
}

#[test]
fn every_token_is_read_or_refused_as_there() {
    let vectors = file().vectors;
    for vector in &vectors {
        let deviates = DEVIATIONS.iter().any(|(id, _)| *id == vector.id);
        match vector.expect.as_str() {
            "error" if deviates => {
                let claims = vector.open().unwrap_or_else(|| panic!("{}", vector.id));
                assert_eq!(claims["name"], "Ada Lovelace", "{}", vector.id);
            }
            "ok" => assert_eq!(vector.open(), vector.claims, "{}", vector.id),
            "error" | "null" => assert_eq!(vector.open(), None, "{}", vector.id),
            other => panic!("{other}"),
        }
    }
    let ids: BTreeSet<_> = vectors.iter().map(|vector| vector.id.as_str()).collect();
    assert_eq!((ids.len(), vectors.len()), (56, 56));
    assert!(DEVIATIONS.iter().all(|(id, _)| ids.contains(id)));
    let (used, apart) = (vectors.len(), DEVIATIONS.len());
    println!(
        "jwe.json, vectors: {used} of {used} used, {apart} of them decided otherwise on purpose"
    );
}

#[test]
fn what_is_sealed_here_opens_here_and_says_which_secret_did_it() {
    let now = OffsetDateTime::from_unix_timestamp(1_748_779_200).unwrap();
    let Value::Object(claims) = json!({ "sub": "cm3x9", "iat": 1_748_779_200 }) else { panic!() };
    let keyring = |secrets: &[&str]| {
        let secrets: Vec<_> = secrets.iter().map(|secret| Secret::new(*secret)).collect();
        Keyring::new(&secrets, Generation::Five, "authjs.session-token").unwrap()
    };
    for encryption in [Encryption::A256CbcHs512, Encryption::A256Gcm] {
        let token = keyring(&["old"]).seal(encryption, &claims, &OsRandom::default()).unwrap();
        let opened = |secrets: &[&str]| open(&keyring(secrets), &token, now);
        let payload = || Everything::try_from(claims.clone()).unwrap();
        let by = |by_newest| Some(Opened { payload: payload(), by_newest });
        assert_eq!(opened(&["old", "older"]), by(true));
        assert_eq!(opened(&["new", "old"]), by(false));
        assert_eq!(opened(&["new"]), None);
    }
}

#[test]
fn every_changed_character_is_noticed() {
    for vector in file().vectors.iter().filter(|vector| vector.expect == "ok").take(2) {
        let keyring = vector.keyring();
        let now = OffsetDateTime::from_unix_timestamp(vector.now).unwrap();
        for index in 0..vector.token.len() {
            let mut changed = vector.token.clone().into_bytes();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(open(&keyring, &changed, now), None, "character {index}");
            assert_eq!(open(&keyring, &vector.token[..index], now), None, "cut at {index}");
        }
        assert_eq!(open(&keyring, &format!("{}.", vector.token), now), None);
        assert_eq!(open(&keyring, &format!("{}.A", vector.token), now), None);
    }
}
