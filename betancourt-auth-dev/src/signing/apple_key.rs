//! The key with which an app signs its client secret for Apple.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair,
    UnparsedPublicKey,
};
use serde_json::{Value, json};

use crate::random;
use crate::signing::pem::pem;

/// Apple refuses a client secret that lives longer: six months, in seconds.
const LONGEST_LIFE: i64 = 15_777_000;

/// How far the app's clock may run ahead of ours.
const SKEW: i64 = 60;

/// An app's key at Apple: what stands in the `.p8` file, and the names it goes by.
///
/// Real Apple keeps the public half only. A look-alike hands out both, because the app has
/// nowhere else to get its half from.
#[derive(Debug)]
pub struct AppleKey {
    team_id: String,
    key_id: String,
    private_key: String,
    pair: EcdsaKeyPair,
}

/// Why a client secret is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SecretRefused {
    #[error("the client secret is no JWT of three parts")]
    Malformed,
    #[error("the client secret must be signed with ES256 by the registered key id")]
    OtherKey,
    #[error("the signature of the client secret does not verify")]
    Signature,
    #[error("the client secret's iss must be the team id")]
    Team,
    #[error("the client secret's sub must be the client id")]
    Client,
    #[error("the client secret's aud must be the issuer")]
    Audience,
    #[error("the client secret has expired, lives longer than six months, or comes from later")]
    Lifetime,
}

impl AppleKey {
    pub(crate) fn make() -> Result<Self, ring::error::Unspecified> {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random)?;
        Ok(Self {
            team_id: random::apple_identifier(),
            key_id: random::apple_identifier(),
            private_key: pem("PRIVATE KEY", document.as_ref()),
            pair: EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random)
                .map_err(|_| ring::error::Unspecified)?,
        })
    }

    /// The developer team, which issues client secrets.
    #[must_use]
    pub fn team_id(&self) -> &str {
        &self.team_id
    }

    /// The key's name (`kid`).
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The private key in PEM (PKCS #8), as in Apple's `.p8` file.
    #[must_use]
    pub fn private_key(&self) -> &str {
        &self.private_key
    }

    /// A client secret that lives for as long as Apple allows, or a minute less.
    pub(crate) fn client_secret(
        &self,
        client_id: &str,
        audience: &str,
        now: i64,
    ) -> Result<String, ring::error::Unspecified> {
        let header = json!({ "alg": "ES256", "kid": self.key_id, "typ": "JWT" });
        let claims = json!({
            "iss": self.team_id,
            "iat": now,
            "exp": now + LONGEST_LIFE - SKEW,
            "aud": audience,
            "sub": client_id,
        });
        let [header, claims] =
            [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let signed = format!("{header}.{claims}");
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes())?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// Judges a client secret as Apple does.
    pub(crate) fn check(
        &self,
        secret: &str,
        client_id: &str,
        audience: &str,
        now: i64,
    ) -> Result<(), SecretRefused> {
        let (signed, signature) = secret.rsplit_once('.').ok_or(SecretRefused::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(SecretRefused::Malformed)?;
        let (header, claims) = (decoded(header)?, decoded(claims)?);
        if !says(&header, "alg", "ES256") || !says(&header, "kid", &self.key_id) {
            return Err(SecretRefused::OtherKey);
        }
        let signature = bytes(signature)?;
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.pair.public_key())
            .verify(signed.as_bytes(), &signature)
            .map_err(|_| SecretRefused::Signature)?;
        if !says(&claims, "iss", &self.team_id) {
            return Err(SecretRefused::Team);
        }
        if !says(&claims, "sub", client_id) {
            return Err(SecretRefused::Client);
        }
        if !says(&claims, "aud", audience) {
            return Err(SecretRefused::Audience);
        }
        check_lifetime(&claims, now)
    }
}

fn says(part: &Value, name: &str, expected: &str) -> bool {
    part.get(name).and_then(Value::as_str) == Some(expected)
}

fn check_lifetime(claims: &Value, now: i64) -> Result<(), SecretRefused> {
    let time = |name| claims.get(name).and_then(Value::as_i64);
    let (Some(issued), Some(expires)) = (time("iat"), time("exp")) else {
        return Err(SecretRefused::Lifetime);
    };
    let alive = issued <= now + SKEW && now < expires;
    let short = expires - now <= LONGEST_LIFE;
    if alive && short { Ok(()) } else { Err(SecretRefused::Lifetime) }
}

fn decoded(part: &str) -> Result<Value, SecretRefused> {
    serde_json::from_slice(&bytes(part)?).map_err(|_| SecretRefused::Malformed)
}

fn bytes(part: &str) -> Result<Vec<u8>, SecretRefused> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| SecretRefused::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_790_000_000;

    #[test]
    fn a_secret_is_judged_by_key_team_client_audience_and_age() {
        let key = AppleKey::make().unwrap();
        let secret = key.client_secret("app", "https://issuer.example", NOW).unwrap();
        let judge = |secret: &str, client, audience, now| key.check(secret, client, audience, now);
        let issuer = "https://issuer.example";
        assert_eq!(judge(&secret, "app", issuer, NOW), Ok(()));
        assert_eq!(judge(&secret, "app", issuer, NOW - 61), Err(SecretRefused::Lifetime));
        assert_eq!(judge(&secret, "app", issuer, NOW + LONGEST_LIFE), Err(SecretRefused::Lifetime));
        assert_eq!(judge(&secret, "other", issuer, NOW), Err(SecretRefused::Client));
        assert_eq!(judge(&secret, "app", "other", NOW), Err(SecretRefused::Audience));
        assert_eq!(judge("a.b", "app", issuer, NOW), Err(SecretRefused::Malformed));
        let other = AppleKey { key_id: key.key_id.clone(), ..AppleKey::make().unwrap() };
        let forged = other.client_secret("app", issuer, NOW).unwrap();
        assert_eq!(judge(&forged, "app", issuer, NOW), Err(SecretRefused::Signature));
        let stranger = AppleKey::make().unwrap().client_secret("app", issuer, NOW).unwrap();
        assert_eq!(judge(&stranger, "app", issuer, NOW), Err(SecretRefused::OtherKey));
    }

    #[test]
    fn a_secret_that_outlives_six_months_is_refused() {
        let claims = json!({ "iat": NOW, "exp": NOW + LONGEST_LIFE + 1 });
        assert_eq!(check_lifetime(&claims, NOW), Err(SecretRefused::Lifetime));
        let claims = json!({ "iat": NOW, "exp": NOW + LONGEST_LIFE });
        assert_eq!(check_lifetime(&claims, NOW), Ok(()));
        assert_eq!(check_lifetime(&json!({ "exp": NOW + 60 }), NOW), Err(SecretRefused::Lifetime));
    }
}
