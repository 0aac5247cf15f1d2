//! Encrypts and opens values that leave our hands, each bound to what it is for.

use std::fmt::{self, Debug, Formatter};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};

use crate::secret::{NoRandomness, Random, Secret};

/// What begins a sealed value. A second version would get its own.
const PREFIX: &str = "sealed1.";

/// What a value is sealed for. A value sealed for one purpose does not open for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A handshake in a cookie.
    Handshake,
    /// What a browser keeps that asked for a mail.
    Mail,
    /// A provider's token in `accounts`.
    ProviderToken,
    /// What a browser keeps that signs out at its provider.
    SignOut,
}

impl Purpose {
    const ALL: [Self; 4] = [Self::Handshake, Self::Mail, Self::ProviderToken, Self::SignOut];

    fn label(self) -> &'static [u8] {
        match self {
            Self::Handshake => b"betancourt-auth handshake",
            Self::Mail => b"betancourt-auth mail",
            Self::ProviderToken => b"betancourt-auth provider token",
            Self::SignOut => b"betancourt-auth sign-out",
        }
    }
}

/// Whether a value looks like a sealed one.
pub(crate) fn is_sealed(value: &str) -> bool {
    value.starts_with(PREFIX)
}

/// Seals with the newest secret and opens with any: AES-256-GCM, a key per purpose by HKDF-SHA-256 (RFC 5869).
pub(crate) struct Sealer(Vec<Keys>);

struct Keys([LessSafeKey; Purpose::ALL.len()]);

impl Debug for Sealer {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("Sealer")
    }
}

impl Sealer {
    /// Derives the keys of all secrets, newest first. `None` only if the cryptography refuses its own key sizes.
    pub(crate) fn new(secrets: &[Secret]) -> Option<Self> {
        secrets
            .iter()
            .map(Keys::derive)
            .collect::<Option<Vec<_>>>()
            .filter(|keys| !keys.is_empty())
            .map(Self)
    }

    /// Seals `plain` for a purpose, bound to a name: the value opens under that name only.
    pub(crate) fn seal(
        &self,
        purpose: Purpose,
        name: &str,
        plain: &[u8],
        random: &dyn Random,
    ) -> Result<String, NoRandomness> {
        let mut nonce = [0; NONCE_LEN];
        random.fill(&mut nonce)?;
        let key = self.0.first().map(|keys| keys.of(purpose)).ok_or(NoRandomness)?;
        let mut sealed = plain.to_vec();
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(name.as_bytes()),
            &mut sealed,
        )
        .map_err(|_| NoRandomness)?;
        Ok(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat())))
    }

    /// Opens what was sealed for that purpose under that name; `None` for everything else.
    pub(crate) fn open(&self, purpose: Purpose, name: &str, sealed: &str) -> Option<Vec<u8>> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed.strip_prefix(PREFIX)?).ok()?;
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
        self.0.iter().find_map(|keys| {
            let mut buffer = sealed.to_vec();
            let nonce = Nonce::assume_unique_for_key(*nonce);
            let plain = keys
                .of(purpose)
                .open_in_place(nonce, Aad::from(name.as_bytes()), &mut buffer)
                .ok()?;
            Some(plain.to_vec())
        })
    }
}

impl Keys {
    fn derive(secret: &Secret) -> Option<Self> {
        let pseudo_random = Salt::new(HKDF_SHA256, &[]).extract(secret.expose().as_bytes());
        let key = |purpose: Purpose| {
            let label = [purpose.label()];
            let material = pseudo_random.expand(&label, &AES_256_GCM).ok()?;
            Some(LessSafeKey::new(UnboundKey::from(material)))
        };
        let [handshake, mail, provider_token, sign_out] = Purpose::ALL;
        Some(Self([key(handshake)?, key(mail)?, key(provider_token)?, key(sign_out)?]))
    }

    fn of(&self, purpose: Purpose) -> &LessSafeKey {
        let Self([handshake, mail, provider_token, sign_out]) = self;
        match purpose {
            Purpose::Handshake => handshake,
            Purpose::Mail => mail,
            Purpose::ProviderToken => provider_token,
            Purpose::SignOut => sign_out,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::OsRandom;

    fn sealer(secrets: &[&str]) -> Sealer {
        Sealer::new(&secrets.iter().map(|secret| Secret::new(*secret)).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn opens_for_the_same_purpose_and_name_only() {
        let sealer = sealer(&["first"]);
        let sealed = sealer.seal(Purpose::Handshake, "a", b"hello", &OsRandom::default()).unwrap();
        assert_eq!(sealer.open(Purpose::Handshake, "a", &sealed).as_deref(), Some(&b"hello"[..]));
        assert_eq!(sealer.open(Purpose::Handshake, "b", &sealed), None);
        assert_eq!(sealer.open(Purpose::ProviderToken, "a", &sealed), None);
    }

    #[test]
    fn an_older_secret_still_opens_and_an_unknown_one_does_not() {
        let old =
            sealer(&["old"]).seal(Purpose::Handshake, "a", b"hello", &OsRandom::default()).unwrap();
        assert!(sealer(&["new", "old"]).open(Purpose::Handshake, "a", &old).is_some());
        assert!(sealer(&["new"]).open(Purpose::Handshake, "a", &old).is_none());
    }

    #[test]
    fn every_changed_character_is_noticed() {
        let sealer = sealer(&["first"]);
        let sealed = sealer.seal(Purpose::Handshake, "a", b"hello", &OsRandom::default()).unwrap();
        for index in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(sealer.open(Purpose::Handshake, "a", &changed), None, "character {index}");
        }
    }
}
