//! The encrypted tokens of Auth.js: compact JWE (RFC 7516), algorithm `dir`, with claims for a payload.

mod content;
mod header;
mod key;
#[cfg(test)]
mod vectors;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime};

use self::content::Parts;
use self::header::Header;
use self::key::Key;
use crate::secret::{NoRandomness, Random, Secret};

/// The longest token that is read, and made.
pub(crate) const LONGEST: usize = 16 * 1024;
/// How far clocks may lie apart.
pub(crate) const TOLERANCE: Duration = Duration::seconds(15);

/// What a token says.
pub(crate) type Claims = Map<String, Value>;

/// What a token says, as its reader takes it. To build a map of everything costs more than to decrypt it.
pub(crate) trait Payload: DeserializeOwned {
    /// From when to when it holds.
    fn term(&self) -> Term;
}

/// From when to when a token holds (RFC 7519 §4.1.4 and §4.1.5), in seconds since 1970, as far as it says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Term {
    pub(crate) begins: Option<f64>,
    pub(crate) ends: Option<f64>,
}

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
pub(crate) struct Opened<T> {
    pub(crate) payload: T,
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
    pub(crate) fn open<T: Payload>(&self, token: &str, now: OffsetDateTime) -> Option<Opened<T>> {
        if token.len() > LONGEST {
            return None;
        }
        let parts = Parts::of(token)?;
        let (key, plain) = self
            .fitting(parts.header)?
            .find_map(|key| key.content.open(&parts).map(|plain| (key, plain)))?;
        let payload: T = serde_json::from_str(str::from_utf8(&plain).ok()?).ok()?;
        payload.term().includes(now).then(|| Opened { payload, by_newest: self.is_newest(key) })
    }

    /// The keys that may have made a token with this header: the one it names, or where it names none, each.
    fn fitting(&self, header: &str) -> Option<impl Iterator<Item = &Key>> {
        let is_ours = self.0.iter().any(|key| key.header == header);
        let foreign = if is_ours { None } else { Some(Header::parse(header)?) };
        Some(self.0.iter().filter(move |key| match &foreign {
            None => key.header == header,
            Some(foreign) => key.fits(foreign),
        }))
    }

    fn is_newest(&self, key: &Key) -> bool {
        let newest = self.0.iter().find(|newest| newest.encryption == key.encryption);
        newest.is_some_and(|newest| newest.id == key.id)
    }
}

impl Term {
    fn includes(self, now: OffsetDateTime) -> bool {
        let (now, tolerance) = (seconds(now.unix_timestamp()), TOLERANCE.as_seconds_f64());
        self.begins.is_none_or(|begin| begin <= now + tolerance)
            && self.ends.is_none_or(|end| end > now - tolerance)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a moment of this era is exact as a float")]
pub(crate) fn seconds(moment: i64) -> f64 {
    moment as f64
}
