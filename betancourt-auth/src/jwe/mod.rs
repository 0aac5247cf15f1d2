//! The encrypted tokens of Auth.js: compact JWE (RFC 7516), algorithm `dir`, with claims for a payload.

mod content;
mod header;
mod key;
#[cfg(test)]
mod vectors;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime};

use self::header::Header;
use self::key::Key;
use crate::secret::{NoRandomness, Random, Secret};

/// The longest token that is read, and made.
pub(crate) const LONGEST: usize = 16 * 1024;
/// How far clocks may lie apart.
pub(crate) const TOLERANCE: Duration = Duration::seconds(15);

/// What a token says.
pub(crate) type Claims = Map<String, Value>;

/// How the content of a sealed session is encrypted (RFC 7518 §5). Both are read, whichever is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encryption {
    /// AES-256 in CBC mode with HMAC-SHA-512, as Auth.js v5 writes it.
    #[default]
    A256CbcHs512,
    /// AES-256 in GCM mode, as Auth.js v5 reads it, too: shorter and faster.
    A256Gcm,
}

/// Whose tokens a key is for: it decides from what words the key is derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Generation {
    /// Auth.js v5.
    Five,
    /// NextAuth.js v4.
    Four,
}

/// The keys of all secrets, newest first, for the tokens under one name. They are derived once, here.
#[derive(Debug)]
pub(crate) struct Keyring(Vec<Key>);

/// A token that opened.
#[derive(Debug, PartialEq)]
pub(crate) struct Opened {
    pub(crate) claims: Claims,
    /// Whether the newest secret opened it. One that an older secret opened should be made anew.
    pub(crate) by_newest: bool,
}

impl Keyring {
    /// Derives the keys for tokens under the name `salt`, in Auth.js the name of their cookie. `None` only if the
    /// cryptography refuses its own key sizes.
    pub(crate) fn new(secrets: &[Secret], generation: Generation, salt: &str) -> Option<Self> {
        let derive = |secret: &Secret| {
            let bytes = key::derive(secret, generation, salt)?;
            let encryptions = [Encryption::A256CbcHs512, Encryption::A256Gcm];
            Some(encryptions.map(|encryption| Key::new(encryption, &bytes)))
        };
        let keys = secrets.iter().map(derive).collect::<Option<Vec<_>>>()?;
        keys.into_iter().flatten().collect::<Option<Vec<_>>>().map(Self)
    }

    /// Makes a token with the newest secret.
    pub(crate) fn seal(
        &self,
        encryption: Encryption,
        claims: &Claims,
        random: &dyn Random,
    ) -> Result<String, NoRandomness> {
        let key = self.0.iter().find(|key| key.encryption == encryption).ok_or(NoRandomness)?;
        let plain = serde_json::to_vec(claims).map_err(|_| NoRandomness)?;
        let sealed = key.content.seal(&key.header, plain, random)?;
        let [iv, ciphertext, tag] =
            [&sealed.iv, &sealed.ciphertext, &sealed.tag].map(|part| URL_SAFE_NO_PAD.encode(part));
        Ok(format!("{}..{iv}.{ciphertext}.{tag}", key.header))
    }

    /// Opens a token that one of the secrets made and that is in force at `now`; `None` for everything else.
    ///
    /// Size and header are judged before anything is decoded or decrypted.
    pub(crate) fn open(&self, token: &str, now: OffsetDateTime) -> Option<Opened> {
        if token.len() > LONGEST {
            return None;
        }
        let mut parts = token.splitn(5, '.');
        let mut next = || parts.next();
        // With `dir` the encrypted key is empty (RFC 7516 §5.2 step 10).
        let (header, "", iv, ciphertext, tag) = (next()?, next()?, next()?, next()?, next()?)
        else {
            return None;
        };
        let keys = self.fitting(header)?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        let (iv, ciphertext, tag) = (decode(iv)?, decode(ciphertext)?, decode(tag)?);
        let (key, plain) = keys.iter().find_map(|key| {
            Some((*key, key.content.open(header, &iv, ciphertext.clone(), &tag)?))
        })?;
        let claims: Claims = serde_json::from_slice(&plain).ok()?;
        is_in_force(&claims, now).then(|| Opened { claims, by_newest: self.is_newest(key) })
    }

    /// The keys that may have made a token with this header: the one it names, or where it names none, each.
    fn fitting(&self, header: &str) -> Option<Vec<&Key>> {
        if let Some(ours) = self.0.iter().find(|key| key.header == header) {
            return Some(vec![ours]);
        }
        let header = Header::parse(header)?;
        let keys = self.0.iter().filter(|key| {
            key.encryption == header.encryption
                && header.key_id.as_ref().is_none_or(|id| *id == key.id)
        });
        Some(keys.collect())
    }

    fn is_newest(&self, key: &Key) -> bool {
        let newest = self.0.iter().find(|newest| newest.encryption == key.encryption);
        newest.is_some_and(|newest| newest.id == key.id)
    }
}

/// Whether a token has begun and not ended (RFC 7519 §4.1.4 and §4.1.5), as far as it says when.
fn is_in_force(claims: &Claims, now: OffsetDateTime) -> bool {
    let now = now.unix_timestamp();
    let tolerance = TOLERANCE.whole_seconds();
    let holds = |name: &str, holds: &dyn Fn(f64, f64) -> bool, now: i64| match claims.get(name) {
        None => true,
        Some(moment) => moment.as_f64().is_some_and(|moment| holds(moment, seconds(now))),
    };
    holds("exp", &|end, now| end > now, now - tolerance)
        && holds("nbf", &|begin, now| begin <= now, now + tolerance)
        && holds("iat", &|_, _| true, now)
}

#[expect(clippy::cast_precision_loss, reason = "a moment of this era is exact as a float")]
fn seconds(moment: i64) -> f64 {
    moment as f64
}
