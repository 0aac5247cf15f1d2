//! An ID token before it is signed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde_json::Value;

use crate::signing::pem::pem;
use crate::signing::signing_key::{KeyError, SigningKey};

/// An ID token before it is signed; [`Tamper::id_token`](crate::Tamper::id_token) may change it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct IdToken {
    /// The JOSE header.
    pub header: Value,
    /// The claims.
    pub claims: Value,
    /// How it will be signed.
    pub signature: Signature,
    public_key: Vec<u8>,
}

/// How an [`IdToken`] is signed. The header says what the test writes into it, whatever is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Signature {
    /// With the face's own key.
    Genuine,
    /// With the face's own key, one bit of it turned.
    Broken,
    /// Nothing after the last dot.
    Absent,
    /// HS256 with this key.
    Hmac(Vec<u8>),
    /// RS256 with a key the face never published, offered as `jwk` in the header.
    Stranger,
}

impl IdToken {
    pub(crate) fn new(key: &SigningKey, claims: Value) -> Self {
        Self {
            header: serde_json::json!({ "alg": key.algorithm(), "kid": key.id(), "typ": "JWT" }),
            claims,
            signature: Signature::Genuine,
            public_key: key.public_key().to_vec(),
        }
    }

    /// A payload without a header, as Facebook signs it.
    pub(crate) fn without_header(claims: Value) -> Self {
        let (header, public_key) = (Value::Null, Vec::new());
        Self { header, claims, signature: Signature::Genuine, public_key }
    }

    /// A signed request: an HMAC under the app secret, a dot, and the payload.
    pub(crate) fn sign_request(&self, secret: &[u8]) -> String {
        let payload = encoded(&self.claims);
        let hmac = |secret: &[u8]| {
            let secret = hmac::Key::new(hmac::HMAC_SHA256, secret);
            hmac::sign(&secret, payload.as_bytes()).as_ref().to_vec()
        };
        let signature = match &self.signature {
            Signature::Genuine => hmac(secret),
            Signature::Broken => turned(hmac(secret)),
            Signature::Absent => Vec::new(),
            Signature::Hmac(other) => hmac(other),
            Signature::Stranger => hmac(crate::random::token("stranger-").as_bytes()),
        };
        format!("{}.{payload}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// The public key of the face in DER (`SubjectPublicKeyInfo`).
    #[must_use]
    pub fn public_key_der(&self) -> &[u8] {
        &self.public_key
    }

    /// The public key of the face in PEM.
    #[must_use]
    pub fn public_key_pem(&self) -> String {
        pem("PUBLIC KEY", &self.public_key)
    }

    /// The compact serialization (RFC 7515 §7.1).
    pub(crate) async fn sign(mut self, key: &SigningKey) -> Result<String, KeyError> {
        let stranger;
        let signer = if self.signature == Signature::Stranger {
            stranger = SigningKey::make().await?;
            self.offer(&stranger);
            &stranger
        } else {
            key
        };
        let signed = format!("{}.{}", encoded(&self.header), encoded(&self.claims));
        let signature = match &self.signature {
            Signature::Genuine | Signature::Stranger => signer.sign(signed.as_bytes())?,
            Signature::Broken => turned(signer.sign(signed.as_bytes())?),
            Signature::Absent => Vec::new(),
            Signature::Hmac(secret) => {
                let secret = hmac::Key::new(hmac::HMAC_SHA256, secret);
                hmac::sign(&secret, signed.as_bytes()).as_ref().to_vec()
            }
        };
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// Puts a key into the header, for whoever believes what a header says (RFC 8725 §3.10).
    fn offer(&mut self, key: &SigningKey) {
        if let Some(header) = self.header.as_object_mut() {
            header.insert("jwk".to_owned(), key.jwk());
        }
    }
}

fn encoded(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

fn turned(mut signature: Vec<u8>) -> Vec<u8> {
    if let Some(byte) = signature.last_mut() {
        *byte ^= 1;
    }
    signature
}
