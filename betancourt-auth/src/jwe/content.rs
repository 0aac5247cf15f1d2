//! The content of a token, encrypted and authenticated: `A256CBC-HS512` (RFC 7518 §5.2.5) and `A256GCM` (§5.3).

use aes::Aes256;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, InnerIvInit as _, KeyInit as _};
use cbc::{Decryptor, Encryptor};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac::{self, HMAC_SHA512};
use subtle::ConstantTimeEq as _;

use super::Encryption;
use super::key::gcm_key;
use crate::secret::{NoRandomness, Random};

/// The length of a block of AES, and of the initialisation vector of CBC.
const BLOCK: usize = 16;
/// How much of the HMAC is the tag: its first half.
const CBC_TAG: usize = 32;
const GCM_TAG: usize = 16;

/// A key that is ready for use.
pub(super) enum Content {
    Cbc { mac: hmac::Key, cipher: Aes256 },
    Gcm(LessSafeKey),
}

/// A token as it came, in its parts (RFC 7516 §7.1).
pub(super) struct Parts<'a> {
    pub(super) header: &'a str,
    iv: &'a str,
    ciphertext: &'a str,
    tag: &'a str,
}

impl<'a> Parts<'a> {
    pub(super) fn of(token: &'a str) -> Option<Self> {
        let (rest, tag) = token.rsplit_once('.')?;
        let (header, rest) = rest.split_once('.')?;
        // With `dir` the encrypted key is empty (RFC 7516 §5.2 step 10).
        let (iv, ciphertext) = rest.strip_prefix('.')?.split_once('.')?;
        Some(Self { header, iv, ciphertext, tag })
    }
}

/// The last three parts of a token.
pub(super) struct Sealed {
    pub(super) iv: Vec<u8>,
    pub(super) ciphertext: Vec<u8>,
    pub(super) tag: Vec<u8>,
}

impl Content {
    /// The first half of the bytes authenticates and the second encrypts (RFC 7518 §5.2.2.1); GCM takes the first.
    pub(super) fn new(encryption: Encryption, bytes: &[u8; 64]) -> Option<Self> {
        match encryption {
            Encryption::A256CbcHs512 => {
                let (mac, cipher) = bytes.split_at(bytes.len() / 2);
                let cipher = Aes256::new_from_slice(cipher).ok()?;
                Some(Self::Cbc { mac: hmac::Key::new(HMAC_SHA512, mac), cipher })
            }
            Encryption::A256Gcm => {
                let key = UnboundKey::new(&AES_256_GCM, gcm_key(bytes)).ok()?;
                Some(Self::Gcm(LessSafeKey::new(key)))
            }
        }
    }

    /// Encrypts, and authenticates the header with it.
    pub(super) fn seal(
        &self,
        header: &str,
        plain: Vec<u8>,
        random: &dyn Random,
    ) -> Result<Sealed, NoRandomness> {
        match self {
            Self::Cbc { mac, cipher } => {
                let mut iv = [0; BLOCK];
                random.fill(&mut iv)?;
                let ciphertext = Encryptor::inner_iv_init(cipher.clone(), &iv.into())
                    .encrypt_padded_vec::<Pkcs7>(&plain);
                let tag = cbc_tag(mac, header, &iv, &ciphertext);
                let tag = tag.as_ref().iter().copied().take(CBC_TAG).collect();
                Ok(Sealed { iv: iv.to_vec(), ciphertext, tag })
            }
            Self::Gcm(key) => {
                let mut iv = [0; NONCE_LEN];
                random.fill(&mut iv)?;
                let (nonce, mut ciphertext) = (Nonce::assume_unique_for_key(iv), plain);
                let header = Aad::from(header.as_bytes());
                let tag = key
                    .seal_in_place_separate_tag(nonce, header, &mut ciphertext)
                    .map_err(|_| NoRandomness)?;
                Ok(Sealed { iv: iv.to_vec(), ciphertext, tag: tag.as_ref().to_vec() })
            }
        }
    }

    /// Decrypts what is authentic; `None` for everything else. Nothing is decrypted before the tag was found right,
    /// and it is compared in a time that does not depend on where it differs.
    pub(super) fn open(&self, parts: &Parts<'_>) -> Option<Vec<u8>> {
        // Base64 is longer than what it stands for, so there is room for the tag, too.
        let mut content = Vec::with_capacity(parts.ciphertext.len());
        URL_SAFE_NO_PAD.decode_vec(parts.ciphertext, &mut content).ok()?;
        let length = match self {
            Self::Cbc { mac, cipher } => {
                let (iv, tag) = (decode::<BLOCK>(parts.iv)?, decode::<CBC_TAG>(parts.tag)?);
                let expected = cbc_tag(mac, parts.header, &iv, &content);
                let is_authentic = expected.as_ref().get(..CBC_TAG)?.ct_eq(&tag);
                if !bool::from(is_authentic) {
                    return None;
                }
                let decryptor = Decryptor::inner_iv_init(cipher.clone(), &iv.into());
                decryptor.decrypt_padded::<Pkcs7>(&mut content).ok()?.len()
            }
            Self::Gcm(key) => {
                let nonce = Nonce::assume_unique_for_key(decode(parts.iv)?);
                content.extend(decode::<GCM_TAG>(parts.tag)?);
                let header = Aad::from(parts.header.as_bytes());
                key.open_in_place(nonce, header, &mut content).ok()?.len()
            }
        };
        content.truncate(length);
        Some(content)
    }
}

/// Decodes what has exactly that length.
fn decode<const LENGTH: usize>(part: &str) -> Option<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    let length = URL_SAFE_NO_PAD.decode_slice(part, &mut bytes).ok()?;
    (length == LENGTH).then_some(bytes)
}

/// The HMAC over header, initialisation vector, ciphertext, and the header's length in bits (RFC 7518 §5.2.2.1).
fn cbc_tag(mac: &hmac::Key, header: &str, iv: &[u8; BLOCK], ciphertext: &[u8]) -> hmac::Tag {
    let bits = header.len() as u64 * 8;
    let mut context = hmac::Context::with_key(mac);
    for part in [header.as_bytes(), iv, ciphertext, &bits.to_be_bytes()] {
        context.update(part);
    }
    context.sign()
}
