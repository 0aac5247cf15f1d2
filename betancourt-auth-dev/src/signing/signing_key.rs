//! The keys that sign ID tokens: `rsa` makes those of RSA, `ring` those of P-256, and signs with either.

use std::thread;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use rsa::RsaPrivateKey;
use rsa::pkcs1::EncodeRsaPrivateKey;
use rsa::pkcs8::EncodePublicKey;
use rsa::rand_core::OsRng;
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::random;

const BITS: usize = 2048;

/// What stands before a point of P-256 in its `SubjectPublicKeyInfo` (RFC 5480 §2).
const P256_PREFIX: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// A key could not be made or used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("the signing key was not made")]
    Make(#[from] rsa::Error),
    #[error("the private key could not be written down")]
    Encode(#[from] rsa::pkcs1::Error),
    #[error("the public key could not be written down")]
    Publish(#[from] rsa::pkcs8::spki::Error),
    #[error("the signing key was refused: {0}")]
    Load(ring::error::KeyRejected),
    #[error("signing failed")]
    Sign(ring::error::Unspecified),
    #[error("the thread that makes keys ended early")]
    Thread(#[from] oneshot::error::RecvError),
}

/// One key pair with its name in the key set.
#[derive(Debug)]
pub(crate) struct SigningKey {
    id: String,
    pair: Pair,
    public_key: Vec<u8>,
}

#[derive(Debug)]
enum Pair {
    Rsa { pair: RsaKeyPair, modulus: String, exponent: String },
    P256(EcdsaKeyPair),
}

impl SigningKey {
    /// Makes an RSA key on a thread of its own: it takes a moment, and nothing else should wait.
    pub(crate) async fn make() -> Result<Self, KeyError> {
        let (made, key) = oneshot::channel();
        // A receiver that is gone has lost interest in the key; nobody is left to tell.
        thread::spawn(move || drop(made.send(Self::make_now())));
        key.await?
    }

    /// Makes a key of P-256, which takes no time.
    pub(crate) fn make_p256() -> Result<Self, KeyError> {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)
            .map_err(KeyError::Sign)?;
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random)
                .map_err(KeyError::Load)?;
        let public_key = [&P256_PREFIX, pair.public_key().as_ref()].concat();
        Ok(Self { id: random::token("look-alike-key-"), pair: Pair::P256(pair), public_key })
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The name of what it signs with (RFC 7518 §3.1).
    pub(crate) const fn algorithm(&self) -> &'static str {
        match self.pair {
            Pair::Rsa { .. } => "RS256",
            Pair::P256(_) => "ES256",
        }
    }

    /// The public half in DER (`SubjectPublicKeyInfo`).
    pub(crate) fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    /// The public half as it stands in the key set (RFC 7517).
    pub(crate) fn jwk(&self) -> Value {
        let (id, algorithm) = (&self.id, self.algorithm());
        match &self.pair {
            Pair::Rsa { modulus, exponent, .. } => json!({
                "kty": "RSA", "use": "sig", "alg": algorithm, "kid": id, "n": modulus, "e": exponent,
            }),
            Pair::P256(pair) => {
                // The point begins with 4, for coordinates that are not compressed.
                let point = pair.public_key().as_ref().get(1..).unwrap_or_default();
                let (x, y) = point.split_at(point.len() / 2);
                let [x, y] = [x, y].map(|coordinate| URL_SAFE_NO_PAD.encode(coordinate));
                json!({
                    "kty": "EC", "crv": "P-256", "use": "sig", "alg": algorithm, "kid": id, "x": x, "y": y,
                })
            }
        }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa { pair, .. } => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .map_err(KeyError::Sign)?;
                Ok(signature)
            }
            Pair::P256(pair) => {
                let signature = pair.sign(&random, message).map_err(KeyError::Sign)?;
                Ok(signature.as_ref().to_vec())
            }
        }
    }

    fn make_now() -> Result<Self, KeyError> {
        let private = RsaPrivateKey::new(&mut OsRng, BITS)?;
        let public = private.to_public_key();
        Ok(Self {
            id: random::token("look-alike-key-"),
            pair: Pair::Rsa {
                pair: RsaKeyPair::from_der(private.to_pkcs1_der()?.as_bytes())
                    .map_err(KeyError::Load)?,
                modulus: URL_SAFE_NO_PAD.encode(public.n().to_bytes_be()),
                exponent: URL_SAFE_NO_PAD.encode(public.e().to_bytes_be()),
            },
            public_key: public.to_public_key_der()?.into_vec(),
        })
    }
}
