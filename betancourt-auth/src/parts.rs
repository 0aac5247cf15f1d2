//! Parts of the inside, for the benches and the fuzz targets of this repository.
//!
//! Not API: hidden from the documentation, behind a feature whose name begins with `_`, and free to change at any time.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;
use ring::hmac;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use url::Url;

use crate::check::return_to;
use crate::client;
use crate::cookie::{Cookies, Joined};
use crate::jwe::{Encryption, Generation, Keyring};
use crate::model::UserId;
use crate::provider::{Algorithm, Credential, Protocol, Registration, oidc};
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

/// Judges the ID tokens of one provider, for a client called `client`.
#[derive(Debug)]
pub struct IdTokens(Registration);

impl IdTokens {
    /// The nonce of the attempt.
    pub const NONCE: &str = "nonce";

    /// Of a provider that signs with a key that it publishes.
    #[must_use]
    pub fn published(issuer: &'static str) -> Self {
        Self(Registration::new(oidc("provider", "Provider", issuer), "client", "secret"))
    }

    /// Of a provider that signs with the client's secret.
    #[must_use]
    pub fn shared(issuer: &'static str, secret: &str) -> Self {
        let mut provider = oidc("provider", "Provider", issuer);
        if let Protocol::OpenIdConnect { algorithms, .. } = &mut provider.protocol {
            *algorithms = vec![Algorithm::Hs256];
        }
        Self(Registration::new(provider, "client", secret))
    }

    /// A token of that header and those claims, whatever they are, signed with the client's secret.
    #[must_use]
    pub fn sign(&self, header: &str, claims: &str) -> String {
        let Credential::Secret(secret) = &self.0.credential else { return String::new() };
        let signed = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(hmac::sign(&key, signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    /// The claims of a token, if it is one for the attempt that has just begun.
    #[must_use]
    pub fn verify(&self, token: &str, keys: &Value, now: OffsetDateTime) -> Option<Value> {
        let attempt = (Self::NONCE, "access token");
        client::judge_id_token(&self.0, attempt, (token, keys), now)
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
