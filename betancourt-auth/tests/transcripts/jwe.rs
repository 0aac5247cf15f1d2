//! Opens and makes the tokens of Auth.js v5, written here once more from its description, so that what the library
//! seals is read by other hands.

use aes::Aes256;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt as _, KeyIvInit as _};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::hmac;
use serde_json::Value;

/// How many bytes `A256CBC-HS512` takes: half for the tag, half for the cipher.
struct Length;

impl KeyType for Length {
    fn len(&self) -> usize {
        64
    }
}

/// The claims of a token that was sealed with `secret` for the cookie of that name.
pub(crate) fn open(secret: &str, cookie: &str, token: &str) -> Option<Value> {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, "", iv, ciphertext, tag] = parts.as_slice() else { return None };
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
    let (iv, ciphertext) = (decode(iv)?, decode(ciphertext)?);
    let (mac, cipher) = key(secret, cookie);
    let bits = u64::try_from(header.len() * 8).ok()?.to_be_bytes();
    let authenticated = [header.as_bytes(), &iv, &ciphertext, &bits].concat();
    let expected = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA512, &mac), &authenticated);
    if decode(tag)? != expected.as_ref()[..32] {
        return None;
    }
    let cipher = cbc::Decryptor::<Aes256>::new_from_slices(&cipher, &iv).ok()?;
    serde_json::from_slice(&cipher.decrypt_padded_vec::<Pkcs7>(&ciphertext).ok()?).ok()
}

fn key(secret: &str, cookie: &str) -> (Vec<u8>, Vec<u8>) {
    let words = format!("Auth.js Generated Encryption Key ({cookie})");
    let mut bytes = vec![0; 64];
    let extracted = Salt::new(HKDF_SHA256, cookie.as_bytes()).extract(secret.as_bytes());
    let words = [words.as_bytes()];
    extracted.expand(&words, Length).unwrap().fill(&mut bytes).unwrap();
    let cipher = bytes.split_off(32);
    (bytes, cipher)
}
