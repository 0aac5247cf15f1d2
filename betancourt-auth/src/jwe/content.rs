//! The content of a token, encrypted and authenticated: `A256CBC-HS512` (RFC 7518 §5.2.5) and `A256GCM` (§5.3).

use aes::Aes256;
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
    pub(super) fn open(
        &self,
        header: &str,
        iv: &[u8],
        mut ciphertext: Vec<u8>,
        tag: &[u8],
    ) -> Option<Vec<u8>> {
        match self {
            Self::Cbc { mac, cipher } => {
                let iv: [u8; BLOCK] = iv.try_into().ok()?;
                let expected = cbc_tag(mac, header, &iv, &ciphertext);
                let is_authentic = expected.as_ref().get(..CBC_TAG)?.ct_eq(tag);
                if !bool::from(is_authentic) {
                    return None;
                }
                let decryptor = Decryptor::inner_iv_init(cipher.clone(), &iv.into());
                let length = decryptor.decrypt_padded::<Pkcs7>(&mut ciphertext).ok()?.len();
                ciphertext.truncate(length);
                Some(ciphertext)
            }
            Self::Gcm(key) => {
                let nonce = Nonce::try_assume_unique_for_key(iv).ok()?;
                if tag.len() != GCM_TAG {
                    return None;
                }
                ciphertext.extend_from_slice(tag);
                let header = Aad::from(header.as_bytes());
                let length = key.open_in_place(nonce, header, &mut ciphertext).ok()?.len();
                ciphertext.truncate(length);
                Some(ciphertext)
            }
        }
    }
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
