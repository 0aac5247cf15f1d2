//! What proves that we are the client: a secret, or one that is signed when it is needed (RFC 7523 §3).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::json;
use time::{Duration, OffsetDateTime};

use crate::config::SetupError;
use crate::error::{Error, ErrorKind};
use crate::provider::{AppleKey, Credential, Protocol, Registration};
use crate::secret::Secret;

/// Apple admits six months; what is signed for each request needs minutes.
const LIFETIME: Duration = Duration::minutes(10);

/// Makes sure, before anybody signs in, that a secret can be signed.
///
/// # Errors
/// [`SetupError::AppleKey`].
pub(crate) fn check(registration: &Registration) -> Result<(), SetupError> {
    match &registration.credential {
        Credential::Secret(_) => Ok(()),
        Credential::AppleKey(key) => key_pair(key).map(|_| ()).ok_or(SetupError::AppleKey),
    }
}

/// The client secret for a request that is sent now.
pub(super) fn client_secret(
    registration: &Registration,
    now: OffsetDateTime,
) -> Result<Secret, Error> {
    match &registration.credential {
        Credential::Secret(secret) => Ok(secret.clone()),
        Credential::AppleKey(key) => signed(registration, key, now),
    }
}

/// A JWT that Apple takes as its client secret, addressed to the issuer.
fn signed(
    registration: &Registration,
    key: &AppleKey,
    now: OffsetDateTime,
) -> Result<Secret, Error> {
    let audience = match &registration.provider.protocol {
        Protocol::OpenIdConnect { issuer, .. } => issuer,
        Protocol::OAuth2 { token, .. } => token,
    };
    let header = json!({ "alg": "ES256", "kid": key.key_id, "typ": "JWT" });
    let claims = json!({
        "iss": key.team_id, "iat": now.unix_timestamp(), "exp": (now + LIFETIME).unix_timestamp(),
        "aud": audience, "sub": registration.client_id,
    });
    let signed = format!("{}.{}", encoded(&header), encoded(&claims));
    let signature =
        key_pair(key).and_then(|pair| pair.sign(&SystemRandom::new(), signed.as_bytes()).ok());
    let signature = signature.ok_or(ErrorKind::Randomness)?;
    Ok(Secret::new(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))))
}

fn encoded(part: &serde_json::Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

/// The key pair of a `.p8` file: PKCS #8 in PEM.
fn key_pair(key: &AppleKey) -> Option<EcdsaKeyPair> {
    let body = key.private_key.expose().split_once("-----BEGIN PRIVATE KEY-----")?.1;
    let body = body.split_once("-----END PRIVATE KEY-----")?.0;
    let body: String = body.chars().filter(|letter| !letter.is_whitespace()).collect();
    let der = STANDARD.decode(body).ok()?;
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der, &SystemRandom::new()).ok()
}

#[cfg(test)]
mod tests {
    use ring::signature::{ECDSA_P256_SHA256_FIXED, KeyPair, UnparsedPublicKey};
    use serde_json::Value;

    use super::*;
    use crate::provider::apple;

    fn registration(private_key: String) -> Registration {
        let key = AppleKey {
            team_id: "TEAM123456".into(),
            key_id: "KEY1234567".into(),
            private_key: Secret::new(private_key),
        };
        Registration::with_credential(apple(), "com.example.web", Credential::AppleKey(key))
    }

    #[test]
    fn signs_what_apple_asks_for() {
        let der =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
                .unwrap();
        let pem = format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            STANDARD.encode(der.as_ref())
        );
        let registration = registration(pem);
        let now = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000);
        let secret = client_secret(&registration, now).unwrap();
        let (signed, signature) = secret.expose().rsplit_once('.').unwrap();
        let Credential::AppleKey(key) = &registration.credential else { panic!("a key") };
        let pair = key_pair(key).unwrap();
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, pair.public_key().as_ref());
        public.verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
        let claims = URL_SAFE_NO_PAD.decode(signed.split_once('.').unwrap().1).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["iss"], "TEAM123456");
        assert_eq!(claims["sub"], "com.example.web");
        assert_eq!(claims["aud"], "https://appleid.apple.com");
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 600);
    }

    #[test]
    fn a_key_that_is_none_is_noticed_at_once() {
        assert!(matches!(check(&registration("my secret".into())), Err(SetupError::AppleKey)));
    }
}
