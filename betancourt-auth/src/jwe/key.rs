//! From a secret to a key: HKDF-SHA-256 (RFC 5869), and the thumbprint by which tokens name it.

use std::fmt::{self, Debug, Formatter};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{self, SHA256, SHA512};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};

use super::content::Content;
use super::header::Header;
use super::{Encryption, Generation};
use crate::secret::Secret;

/// As many bytes as the longest key has. A shorter key is the beginning of the same bytes.
const LENGTH: usize = 64;

/// One key, with all that opening a token takes worked out beforehand.
pub(super) struct Key {
    pub(super) encryption: Encryption,
    pub(super) content: Content,
    /// `kid`: the thumbprint of the key (RFC 7638).
    pub(super) id: String,
    /// The protected header of the tokens that it makes.
    pub(super) header: String,
}

impl Debug for Key {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Key").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Key {
    pub(super) fn new(encryption: Encryption, bytes: &[u8; LENGTH]) -> Option<Self> {
        let id = thumbprint(encryption, bytes);
        let content = Content::new(encryption, bytes)?;
        let header = Header::of(encryption, &id);
        Some(Self { encryption, content, id, header })
    }

    /// Whether it may have made a token with that header.
    pub(super) fn fits(&self, header: &Header) -> bool {
        let Header { encryption, key_id } = header;
        self.encryption == *encryption && key_id.as_ref().is_none_or(|id| *id == self.id)
    }
}

/// The bytes that both content encryptions take their keys from.
pub(super) fn derive(secret: &Secret, generation: Generation, salt: &str) -> Option<[u8; LENGTH]> {
    let words = match (generation, salt) {
        (Generation::Five, salt) => format!("Auth.js Generated Encryption Key ({salt})"),
        (Generation::Four, "") => "NextAuth.js Generated Encryption Key".to_owned(),
        (Generation::Four, salt) => format!("NextAuth.js Generated Encryption Key ({salt})"),
    };
    let mut bytes = [0; LENGTH];
    let pseudo_random = Salt::new(HKDF_SHA256, salt.as_bytes()).extract(secret.expose().as_bytes());
    pseudo_random.expand(&[words.as_bytes()], Length).ok()?.fill(&mut bytes).ok()?;
    Some(bytes)
}

struct Length;

impl KeyType for Length {
    fn len(&self) -> usize {
        LENGTH
    }
}

fn thumbprint(encryption: Encryption, bytes: &[u8; LENGTH]) -> String {
    let (algorithm, key) = match encryption {
        Encryption::A256CbcHs512 => (&SHA512, bytes.as_slice()),
        Encryption::A256Gcm => (&SHA256, gcm_key(bytes).as_slice()),
    };
    let key = URL_SAFE_NO_PAD.encode(key);
    let thumbprint =
        digest::digest(algorithm, format!(r#"{{"k":"{key}","kty":"oct"}}"#).as_bytes());
    URL_SAFE_NO_PAD.encode(thumbprint)
}

/// The part of the bytes that is a key for GCM.
pub(super) fn gcm_key(bytes: &[u8; LENGTH]) -> &[u8; 32] {
    bytes.first_chunk().unwrap_or(&[0; 32])
}
