//! The RSA keys that sign ID tokens: `rsa` makes them, `ring` signs with them.

use std::thread;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rsa::RsaPrivateKey;
use rsa::pkcs1::EncodeRsaPrivateKey;
use rsa::pkcs8::EncodePublicKey;
use rsa::rand_core::OsRng;
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::random;

const BITS: usize = 2048;

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

/// One RSA key pair with its name in the key set.
#[derive(Debug)]
pub(crate) struct SigningKey {
    id: String,
    pair: RsaKeyPair,
    modulus: String,
    exponent: String,
    public_key: Vec<u8>,
}

impl SigningKey {
    /// Makes a key on a thread of its own: it takes a moment, and nothing else should wait.
    pub(crate) async fn make() -> Result<Self, KeyError> {
        let (made, key) = oneshot::channel();
        // A receiver that is gone has lost interest in the key; nobody is left to tell.
        thread::spawn(move || drop(made.send(Self::make_now())));
        key.await?
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The public half in DER (`SubjectPublicKeyInfo`).
    pub(crate) fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    /// The public half as it stands in the key set (RFC 7517).
    pub(crate) fn jwk(&self) -> Value {
        json!({
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.id,
            "n": self.modulus,
            "e": self.exponent,
        })
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(KeyError::Sign)?;
        Ok(signature)
    }

    fn make_now() -> Result<Self, KeyError> {
        let private = RsaPrivateKey::new(&mut OsRng, BITS)?;
        let public = private.to_public_key();
        Ok(Self {
            id: random::token("look-alike-key-"),
            pair: RsaKeyPair::from_der(private.to_pkcs1_der()?.as_bytes())
                .map_err(KeyError::Load)?,
            modulus: URL_SAFE_NO_PAD.encode(public.n().to_bytes_be()),
            exponent: URL_SAFE_NO_PAD.encode(public.e().to_bytes_be()),
            public_key: public.to_public_key_der()?.into_vec(),
        })
    }
}
