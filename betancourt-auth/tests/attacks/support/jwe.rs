//! Makes tokens as somebody would who holds the secret: with any header and any content.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use betancourt_auth::{OsRandom, Random as _};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};

/// The header of a token of Auth.js that names no key.
const HEADER: &str = r#"{"alg":"dir","enc":"A256GCM"}"#;

/// One key: that of a secret, for one cookie.
pub(crate) struct JweMaker(LessSafeKey);

impl JweMaker {
    /// The key of Auth.js v5 for the cookie of that name.
    pub(crate) fn new(secret: &str, cookie: &str) -> Self {
        Self::with(secret, cookie, &format!("Auth.js Generated Encryption Key ({cookie})"))
    }

    /// The key of NextAuth.js v4 for sessions.
    pub(crate) fn of_v4(secret: &str) -> Self {
        Self::with(secret, "", "NextAuth.js Generated Encryption Key")
    }

    fn with(secret: &str, salt: &str, words: &str) -> Self {
        let secret = Salt::new(HKDF_SHA256, salt.as_bytes()).extract(secret.as_bytes());
        let words = [words.as_bytes()];
        Self(LessSafeKey::new(UnboundKey::from(secret.expand(&words, &AES_256_GCM).unwrap())))
    }

    /// A genuine token.
    pub(crate) fn seal(&self, payload: &str) -> String {
        self.seal_under(HEADER, payload)
    }

    /// A token with another header, authenticated all the same.
    pub(crate) fn seal_under(&self, header: &str, payload: &str) -> String {
        let header = URL_SAFE_NO_PAD.encode(header);
        let mut iv = [0; NONCE_LEN];
        OsRandom::default().fill(&mut iv).unwrap();
        let mut ciphertext = payload.as_bytes().to_vec();
        let nonce = Nonce::assume_unique_for_key(iv);
        let tag =
            self.0.seal_in_place_separate_tag(nonce, Aad::from(header.as_bytes()), &mut ciphertext);
        let [iv, ciphertext, tag] =
            [&iv, &*ciphertext, tag.unwrap().as_ref()].map(|part| URL_SAFE_NO_PAD.encode(part));
        format!("{header}..{iv}.{ciphertext}.{tag}")
    }
}
