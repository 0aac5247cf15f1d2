//! Private keys of ours, and the tokens that are signed with them (RFC 7515).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384,
    RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
};
use serde_json::{Value, json};

use crate::error::{Error, ErrorKind};
use crate::provider::{Algorithm, PrivateKey};
use crate::secret::{self, Secret};

/// A private key that has been read.
pub(super) struct SigningKey {
    algorithm: Algorithm,
    pair: Pair,
}

enum Pair {
    Ec(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa(Box<RsaKeyPair>, &'static dyn RsaEncoding),
}

impl SigningKey {
    /// Reads a configured key. `None`: it is not PKCS #8 in PEM, or not of its algorithm's kind.
    pub(super) fn of(key: &PrivateKey) -> Option<Self> {
        Self::read(&key.pem, key.algorithm)
    }

    pub(super) fn read(pem: &Secret, algorithm: Algorithm) -> Option<Self> {
        let der = pkcs8(pem)?;
        let ec = |curve: &'static EcdsaSigningAlgorithm| {
            EcdsaKeyPair::from_pkcs8(curve, &der, &SystemRandom::new()).ok().map(Pair::Ec)
        };
        let rsa = |encoding: &'static dyn RsaEncoding| {
            let pair = RsaKeyPair::from_pkcs8(&der).ok()?;
            Some(Pair::Rsa(Box::new(pair), encoding))
        };
        let pair = match algorithm {
            Algorithm::Es256 => ec(&ECDSA_P256_SHA256_FIXED_SIGNING),
            Algorithm::Es384 => ec(&ECDSA_P384_SHA384_FIXED_SIGNING),
            // OpenSSL leaves out the public half, which this does without.
            Algorithm::EdDsa => {
                Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).ok().map(Pair::Ed25519)
            }
            Algorithm::Ps256 => rsa(&RSA_PSS_SHA256),
            Algorithm::Ps384 => rsa(&RSA_PSS_SHA384),
            Algorithm::Ps512 => rsa(&RSA_PSS_SHA512),
            Algorithm::Rs256 => rsa(&RSA_PKCS1_SHA256),
            Algorithm::Rs384 => rsa(&RSA_PKCS1_SHA384),
            Algorithm::Rs512 => rsa(&RSA_PKCS1_SHA512),
            Algorithm::Hs256 => None,
        };
        Some(Self { algorithm, pair: pair? })
    }

    /// The name of its algorithm, as the header of what it signs has it.
    pub(super) fn algorithm(&self) -> &'static str {
        self.algorithm.name()
    }

    /// A signed token (RFC 7515 §7.1).
    ///
    /// # Errors
    /// [`ErrorKind::Randomness`].
    pub(super) fn sign(&self, header: &Value, claims: &Value) -> Result<String, Error> {
        let signed =
            [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
        let signature = self.signature(signed.as_bytes()).ok_or(ErrorKind::Randomness)?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    fn signature(&self, message: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Ec(pair) => Some(pair.sign(&random, message).ok()?.as_ref().to_vec()),
            Pair::Ed25519(pair) => Some(pair.sign(message).as_ref().to_vec()),
            Pair::Rsa(pair, encoding) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(*encoding, &random, message, &mut signature).ok()?;
                Some(signature)
            }
        }
    }

    /// The public half (RFC 7517): what a thumbprint is made of, in its order (RFC 7638 §3.2).
    pub(super) fn public(&self) -> Value {
        let encoded = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match &self.pair {
            Pair::Ec(pair) => {
                // An uncompressed point: a byte that says so, and two coordinates of one length.
                let point = pair.public_key().as_ref().get(1..).unwrap_or_default();
                let (x, y) = point.split_at(point.len() / 2);
                let curve = if self.algorithm == Algorithm::Es384 { "P-384" } else { "P-256" };
                json!({ "crv": curve, "kty": "EC", "x": encoded(x), "y": encoded(y) })
            }
            Pair::Ed25519(pair) => {
                json!({ "crv": "Ed25519", "kty": "OKP", "x": encoded(pair.public_key().as_ref()) })
            }
            Pair::Rsa(pair, _) => {
                let public: PublicKeyComponents<Vec<u8>> = pair.public().into();
                json!({ "e": encoded(&public.e), "kty": "RSA", "n": encoded(&public.n) })
            }
        }
    }

    /// What names the public half (RFC 7638 §3).
    pub(super) fn thumbprint(&self) -> String {
        secret::sha256_base64url(&self.public().to_string())
    }
}

/// The content of a PEM file with a private key in PKCS #8 (RFC 7468 §10).
fn pkcs8(pem: &Secret) -> Option<Vec<u8>> {
    let body = pem.expose().split_once("-----BEGIN PRIVATE KEY-----")?.1;
    let body = body.split_once("-----END PRIVATE KEY-----")?.0;
    let body: String = body.chars().filter(|letter| !letter.is_whitespace()).collect();
    STANDARD.decode(body).ok()
}

#[cfg(test)]
mod tests {
    use super::super::jws::Parts;
    use super::*;
    use crate::provider::{Registration, oidc};

    // Made with `openssl genpkey`, for these tests alone.
    const P256: &str = include_str!("../../tests/keys/p256.pem");
    const P384: &str = include_str!("../../tests/keys/p384.pem");
    const ED25519: &str = include_str!("../../tests/keys/ed25519.pem");
    const RSA: &str = include_str!("../../tests/keys/rsa.pem");

    fn registration() -> Registration {
        Registration::new(oidc("own", "Own", "https://id.test"), "id", "secret")
    }

    #[test]
    fn every_algorithm_signs_what_the_verifier_takes() {
        use Algorithm::{EdDsa, Es256, Es384, Ps256, Ps384, Ps512, Rs256, Rs384, Rs512};
        let keys = [(Es256, P256), (Es384, P384), (EdDsa, ED25519)];
        let rsa = [Ps256, Ps384, Ps512, Rs256, Rs384, Rs512].map(|algorithm| (algorithm, RSA));
        for (algorithm, pem) in keys.into_iter().chain(rsa) {
            let key = SigningKey::read(&Secret::new(pem), algorithm).unwrap();
            let header = json!({ "alg": key.algorithm() });
            let token = key.sign(&header, &json!({ "sub": "7" })).unwrap();
            let set = json!({ "keys": [key.public()] });
            let parts = Parts::split(&token).unwrap();
            let named = parts.algorithm(&[algorithm], &["JWT"]).unwrap();
            assert!(parts.check_signature(named, &registration(), &set).is_ok(), "{algorithm:?}");

            let forged = key.sign(&header, &json!({ "sub": "8" })).unwrap();
            let (signed, _) = forged.rsplit_once('.').unwrap();
            let (_, signature) = token.rsplit_once('.').unwrap();
            let forged = format!("{signed}.{signature}");
            let parts = Parts::split(&forged).unwrap();
            assert!(parts.check_signature(named, &registration(), &set).is_err(), "{algorithm:?}");
        }
    }

    #[test]
    fn a_key_of_another_kind_is_none() {
        for (algorithm, pem) in [
            (Algorithm::Es256, P384),
            (Algorithm::Es384, P256),
            (Algorithm::EdDsa, P256),
            (Algorithm::Rs256, ED25519),
            (Algorithm::Hs256, RSA),
            (Algorithm::Es256, "a secret"),
        ] {
            assert!(SigningKey::read(&Secret::new(pem), algorithm).is_none(), "{algorithm:?}");
        }
    }

    #[test]
    fn a_thumbprint_is_that_of_the_required_members_in_their_order() {
        let key = SigningKey::read(&Secret::new(P256), Algorithm::Es256).unwrap();
        let public = key.public();
        let text =
            format!(r#"{{"crv":"P-256","kty":"EC","x":{},"y":{}}}"#, public["x"], public["y"]);
        assert_eq!(key.thumbprint(), secret::sha256_base64url(&text));
    }
}
