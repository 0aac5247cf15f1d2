//! Parts of the inside, for the benches and the fuzz targets of this repository.
//!
//! Not API: hidden from the documentation, behind a feature whose name begins with `_`, and free to change at any time.

use http::HeaderMap;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use url::Url;

use crate::check::return_to;
use crate::cookie::{Cookies, Joined};
use crate::jwe::{Encryption, Generation, Keyring};
use crate::model::UserId;
use crate::sealed::SealedSession;
use crate::secret::{NoRandomness, Random, Secret};

/// Seals and opens the tokens of sealed sessions, with keys that were derived once.
#[derive(Debug)]
pub struct Opener(Keyring);

impl Opener {
    /// Derives the keys for the cookie of that name.
    #[must_use]
    pub fn new(secret: &str, cookie: &str) -> Option<Self> {
        Keyring::new(&[Secret::new(secret)], Generation::Five, cookie).map(Self)
    }

    /// Makes a token.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn seal(
        &self,
        encryption: Encryption,
        claims: &Map<String, Value>,
        random: &dyn Random,
    ) -> Result<String, NoRandomness> {
        self.0.seal(encryption, claims, random)
    }

    /// Whose session a token is, if it is one.
    #[must_use]
    pub fn open(&self, token: &str, now: OffsetDateTime) -> Option<UserId> {
        let opened = self.0.open(token, now)?;
        SealedSession::read(opened.payload).map(|session| session.user_id)
    }
}

/// What the chunks of a cookie are together, if they fit together.
#[must_use]
pub fn join(headers: &HeaderMap, cookie: &str) -> Option<String> {
    match Cookies::read(headers).join(cookie) {
        Joined::Whole(value) => Some(value.into_owned()),
        Joined::Nothing | Joined::Doubled | Joined::Broken => None,
    }
}

/// Where the return-address rule leads from a wanted address, if it takes it.
#[must_use]
pub fn return_address(base: &Url, wanted: &str) -> Option<Url> {
    return_to::address(base, wanted)
}
