//! Signed tokens (RFC 7515): taken apart, held to the configured algorithms, and verified. What they say, others judge.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde_json::{Map, Value};
use time::Duration;

use super::jwks;
use crate::provider::{Algorithm, Credential, Registration};

/// How far a provider's clock and ours may be apart.
pub(super) const SKEW: Duration = Duration::seconds(60);
const LONGEST_TOKEN: usize = 64 * 1024;
const LONGEST_HEADER: usize = 4 * 1024;

/// Why a token is not the provider's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Its parts cannot be read.
    Malformed,
    /// Its header names none of the configured algorithms, or another kind of token.
    Algorithm,
    /// The set has no key that could have signed it; a newer set might.
    UnknownKey,
    /// The signature is somebody else's.
    Signature,
}

/// A token in its three parts (RFC 7515 §7.1).
pub(super) struct Parts<'a> {
    header: Map<String, Value>,
    payload: &'a str,
    signature: Vec<u8>,
    signed: &'a [u8],
}

impl<'a> Parts<'a> {
    pub(super) fn split(token: &'a str) -> Result<Self, Fault> {
        Self::read(token).ok_or(Fault::Malformed)
    }

    fn read(token: &'a str) -> Option<Self> {
        let (signed, signature) =
            token.rsplit_once('.').filter(|_| token.len() <= LONGEST_TOKEN)?;
        let (header, payload) =
            signed.split_once('.').filter(|(header, _)| header.len() <= LONGEST_HEADER)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        Some(Self { header: object(header)?, payload, signature, signed: signed.as_bytes() })
    }

    /// The configured algorithm that the header names: the token only says which of those it is (RFC 8725 §3.1). A
    /// header with `crit`, or whose `typ` is none of `kinds` (RFC 8725 §3.11), names none; it may lack a `typ`.
    pub(super) fn algorithm(
        &self,
        configured: &[Algorithm],
        kinds: &[&str],
    ) -> Result<Algorithm, Fault> {
        let is_of = |kind: &str| kinds.iter().any(|known| kind.eq_ignore_ascii_case(known));
        let suits = self.header.get("typ").is_none_or(|kind| kind.as_str().is_some_and(is_of));
        let named =
            text(&self.header, "alg").filter(|_| suits && !self.header.contains_key("crit"));
        let known =
            named.and_then(|named| configured.iter().find(|algorithm| algorithm.is_called(named)));
        known.copied().ok_or(Fault::Algorithm)
    }

    /// The signature is that of one of the keys, or with HMAC that of our client secret. Answers with the issuer for
    /// which alone the key signs, where the set says so. Key material in the header never counts.
    pub(super) fn check_signature<'k>(
        &self,
        algorithm: Algorithm,
        registration: &Registration,
        keys: &'k Value,
    ) -> Result<Option<&'k str>, Fault> {
        if algorithm == Algorithm::Hs256 {
            let secret = match &registration.credential {
                Credential::Secret(secret) if !secret.expose().is_empty() => secret,
                // Without a secret, anybody could have made the signature.
                Credential::Secret(_) | Credential::AppleKey(_) | Credential::PrivateKey(_) => {
                    return Err(Fault::Signature);
                }
            };
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
            let verified = hmac::verify(&key, self.signed, &self.signature);
            return verified.map(|()| None).map_err(|_| Fault::Signature);
        }
        let candidates = jwks::candidates(keys, algorithm, self.key_id()?);
        if candidates.is_empty() {
            return Err(Fault::UnknownKey);
        }
        let signed = |key: &&jwks::Key<'k>| key.verifies(algorithm, self.signed, &self.signature);
        match candidates.iter().find(signed) {
            Some(key) => Ok(key.issuer()),
            // The token names no key: a newer set might have it.
            None if !self.header.contains_key("kid") => Err(Fault::UnknownKey),
            None => Err(Fault::Signature),
        }
    }

    fn key_id(&self) -> Result<Option<&str>, Fault> {
        match self.header.get("kid") {
            None => Ok(None),
            Some(kid) => kid.as_str().map(Some).ok_or(Fault::Malformed),
        }
    }

    /// What it says. Nothing of it counts before the signature was checked.
    pub(super) fn claims(&self) -> Option<Map<String, Value>> {
        object(self.payload)
    }
}

/// A JSON object in base64url, as header and payload are.
fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// A claim that is a text.
pub(super) fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    members.get(name).and_then(Value::as_str)
}

/// A NumericDate (RFC 7519 §2) in whole seconds. Anything but a number that is a moment is none.
pub(super) fn seconds(value: &Value) -> Option<i64> {
    const YEAR_9999: f64 = 253_402_300_799.0;
    let seconds = value.as_f64().filter(|seconds| (0.0..=YEAR_9999).contains(seconds))?;
    #[expect(clippy::cast_possible_truncation, reason = "the range above fits")]
    let whole = seconds as i64;
    Some(whole)
}
