//! Secrets, random tokens, hashes, and the one way to compare them.

use std::fmt::{self, Debug, Formatter};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use ring::rand::{SecureRandom, SystemRandom};
use subtle::ConstantTimeEq;

/// A value that never shows itself: `Debug` prints `Secret(…)`, there is no `Display` and no `==`.
///
/// ```
/// use betancourt_auth::Secret;
/// let secret = Secret::new("correct horse battery staple");
/// assert_eq!(format!("{secret:?}"), "Secret(…)");
/// assert_eq!(secret.expose(), "correct horse battery staple");
/// ```
#[derive(Clone)]
pub struct Secret(Box<str>);

impl Secret {
    /// Wraps a secret.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into().into_boxed_str())
    }

    /// The secret itself. Each call is a place to review.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Debug for Secret {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// Draws random bytes; a test may hand in its own.
pub trait Random: Debug + Send + Sync {
    /// Fills `bytes` with random bytes, or says that it could not.
    ///
    /// # Errors
    /// [`NoRandomness`] when the source is exhausted or broken.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness>;
}

/// The source of randomness gave none.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the source of randomness gave none")]
pub struct NoRandomness;

/// The generator of the operating system.
#[derive(Debug)]
pub struct OsRandom(SystemRandom);

impl Default for OsRandom {
    fn default() -> Self {
        Self(SystemRandom::new())
    }
}

impl Random for OsRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        self.0.fill(bytes).map_err(|_| NoRandomness)
    }
}

/// 256 random bits as 43 characters of base64url.
pub(crate) fn random_token(random: &dyn Random) -> Result<String, NoRandomness> {
    let mut bytes = [0; 32];
    random.fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// 256 random bits as 64 characters of lower-case hexadecimal, as Auth.js draws its CSRF tokens.
pub(crate) fn random_hex(random: &dyn Random) -> Result<String, NoRandomness> {
    let mut bytes = [0; 32];
    random.fill(&mut bytes)?;
    Ok(hex(&bytes))
}

/// An identifier in the form of Prisma's `cuid()`: `c` and 24 characters of base 36, all of them random.
pub(crate) fn random_id(random: &dyn Random) -> Result<String, NoRandomness> {
    const ALPHABET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut bytes = [0; 24];
    random.fill(&mut bytes)?;
    let letters = bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(*byte) % ALPHABET.len()));
    Ok(std::iter::once('c').chain(letters.map(|letter| char::from(*letter))).collect())
}

/// So many random decimal digits, at most 18.
pub(crate) fn random_digits(random: &dyn Random, digits: u32) -> Result<String, NoRandomness> {
    let mut bytes = [0; 8];
    random.fill(&mut bytes)?;
    let bound = 10_u64.checked_pow(digits).ok_or(NoRandomness)?;
    Ok(format!("{:0width$}", u64::from_be_bytes(bytes) % bound, width = digits as usize))
}

/// Secrets as Auth.js hashes with a list of them: all, newest first, with commas between.
pub(crate) fn joined(secrets: &[Secret]) -> String {
    secrets.iter().map(Secret::expose).collect::<Vec<_>>().join(",")
}

/// The hash of a token as Auth.js makes it: of the token, followed by the secrets.
pub(crate) fn hash_with(secrets: &[Secret], token: &str) -> String {
    sha256_hex(&format!("{token}{}", joined(secrets)))
}

/// Every hash of a token that was made with these secrets: with the list as it is, as it was before the newest were
/// added, or with one of them alone.
pub(crate) fn every_hash(secrets: &[Secret], token: &str) -> Vec<String> {
    let tails = (0..secrets.len()).filter_map(|newer| secrets.get(newer..));
    let mut hashes: Vec<_> =
        tails.chain(secrets.chunks(1)).map(|some| hash_with(some, token)).collect();
    hashes.dedup();
    hashes
}

/// The SHA-256 of a text as base64url without padding.
pub(crate) fn sha256_base64url(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, text.as_bytes()))
}

/// The SHA-256 of a text as lower-case hexadecimal.
pub(crate) fn sha256_hex(text: &str) -> String {
    hex(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}

/// Whether two texts are the same, in a time that does not depend on where they differ.
pub(crate) fn eq(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

/// Bytes as lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        use fmt::Write as _;
        let _ = write!(text, "{byte:02x}"); // writing to a String cannot fail
        text
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::print_stdout, reason = "the run says how many vectors it used")]

    use serde_json::Value;

    use super::*;

    const VECTORS: &str = include_str!("../tests/vectors/authjs/cookies.json");

    #[test]
    fn every_token_of_a_mail_is_hashed_as_there() {
        let vectors: Value = serde_json::from_str(VECTORS).unwrap();
        let entries = vectors["email_token_hash"].as_array().unwrap();
        for entry in entries {
            let token = entry["token"].as_str().unwrap();
            let secrets = match &entry["secret"] {
                Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
                one => vec![one.as_str().unwrap()],
            };
            let secrets: Vec<_> = secrets.into_iter().map(Secret::new).collect();
            assert_eq!(format!("{token}{}", joined(&secrets)), entry["hashed_input"]);
            assert_eq!(hash_with(&secrets, token), entry["sha256_hex"]);
        }
        println!("cookies.json, email_token_hash: used {0} of {0}", entries.len());
    }

    #[test]
    fn hashes_are_the_well_known_ones() {
        assert_eq!(
            sha256_hex("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(sha256_base64url("abc"), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    }

    #[test]
    fn an_id_looks_like_a_cuid() {
        let id = random_id(&OsRandom::default()).unwrap();
        assert_eq!(id.len(), 25);
        assert!(
            id.starts_with('c')
                && id.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
        );
        assert_ne!(id, random_id(&OsRandom::default()).unwrap());
    }

    #[test]
    fn digits_keep_their_zeros() {
        let digits = random_digits(&OsRandom::default(), 8).unwrap();
        assert!(digits.len() == 8 && digits.bytes().all(|digit| digit.is_ascii_digit()));
        #[derive(Debug)]
        struct Zeros;
        impl Random for Zeros {
            fn fill(&self, buffer: &mut [u8]) -> Result<(), NoRandomness> {
                buffer.fill(0);
                Ok(())
            }
        }
        assert_eq!(random_digits(&Zeros, 8).unwrap(), "00000000");
    }

    #[test]
    fn a_hash_outlives_new_secrets() {
        let list =
            |secrets: &[&str]| secrets.iter().map(|text| Secret::new(*text)).collect::<Vec<_>>();
        let made_with = |secrets: &[&str]| hash_with(&list(secrets), "token");
        let known = every_hash(&list(&["c", "b", "a"]), "token");
        for secrets in [&["c", "b", "a"][..], &["b", "a"], &["a"], &["b"], &["c"]] {
            assert!(known.contains(&made_with(secrets)), "{secrets:?}");
        }
        for secrets in [&["c", "b"][..], &["a", "b"], &["d"]] {
            assert!(!known.contains(&made_with(secrets)), "{secrets:?}");
        }
        assert_eq!(every_hash(&list(&["a"]), "token"), [made_with(&["a"])]);
    }

    #[test]
    fn only_equal_texts_are_equal() {
        assert!(eq("token", "token"));
        assert!(!eq("token", "tokem"));
        assert!(!eq("token", "token "));
    }
}
