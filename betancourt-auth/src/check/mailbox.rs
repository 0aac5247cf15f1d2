//! Somebody reads mail at an address: a link and a code that are sent there, and taken once.
//!
//! The link is that of Auth.js, token and hash alike. The code is for who reads mail on another device than the one that
//! asked: it counts in the browser that asked for it and nowhere else, because what it is hashed with stands in a
//! sealed cookie of that browser.

use http::HeaderValue;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use crate::address::Address;
use crate::check::rate;
use crate::clock::{from_milliseconds, milliseconds};
use crate::config::Setup;
use crate::cookie::{self, Found};
use crate::error::{Error, ErrorKind};
use crate::model::{AccountKey, StoredToken, VerificationToken};
use crate::presented::Presented;
use crate::provider::{Email, EmailProvider, Profile};
use crate::request::Request;
use crate::seal::Purpose;
use crate::secret;
use crate::witness::{Identity, Intention, Means, Proof, Visitor};

/// How often a code may be tried.
const TRIES: u32 = 5;
/// How many digits a code has.
const DIGITS: u32 = 8;
/// No token of ours or of an Auth.js application is longer.
const LONGEST_TOKEN: usize = 512;

/// What a browser that asked for a mail keeps, sealed.
#[derive(Debug, Deserialize, Serialize)]
struct Asked {
    provider: String,
    address: String,
    return_to: String,
    /// What the code is hashed with. Only this browser brings it along.
    attempt: String,
    /// In milliseconds since 1970.
    ends: i64,
}

/// A mail that was asked for: what is sent, what the store keeps of it, what the browser keeps.
#[derive(Debug)]
pub(crate) struct Begun {
    pub(crate) token: String,
    pub(crate) code: String,
    /// The hashes of both.
    pub(crate) kept: [VerificationToken; 2],
    pub(crate) cookie: Option<HeaderValue>,
}

/// Draws a token and a code for an address.
///
/// # Errors
/// [`ErrorKind::Randomness`].
pub(crate) fn begin(
    setup: &Setup,
    provider: &EmailProvider,
    address: &Address,
    return_to: String,
) -> Result<Begun, Error> {
    let random = &*setup.config.random;
    let token = secret::random_hex(random).map_err(no_randomness)?;
    let code = secret::random_digits(random, DIGITS).map_err(no_randomness)?;
    let expires = setup.now() + provider.max_age;
    let asked = Asked {
        provider: provider.id.to_string(),
        address: address.as_str().to_owned(),
        return_to,
        attempt: secret::random_token(random).map_err(no_randomness)?,
        ends: milliseconds(expires),
    };
    let keep = |sent: &str| VerificationToken {
        identifier: asked.address.clone(),
        token: secret::hash_with(&setup.config.secrets, sent),
        expires,
    };
    let kept = [keep(&token), keep(&asked.with(&code))];
    Ok(Begun { token, code, kept, cookie: asked.cookie(setup)? })
}

/// Where a browser waits for mail, and where it wants to go with it.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) provider: String,
    pub(crate) address: String,
    pub(crate) return_to: String,
}

/// What this browser waits for. `None`: it asked for no mail, or too long ago.
pub(crate) fn waiting(setup: &Setup, request: &Request) -> Option<Waiting> {
    let Asked { provider, address, return_to, .. } = Asked::presented(setup, request)?;
    Some(Waiting { provider, address, return_to })
}

/// Tells the browser to forget what it waited for.
pub(crate) fn forget(setup: &Setup) -> Option<HeaderValue> {
    cookie::header(&setup.cookies.clear(setup.cookies.mail()))
}

/// Takes what a link brings, from any browser: whoever has it reads the mail.
///
/// # Errors
/// [`ErrorKind::LinkUnknown`], [`ErrorKind::LinkReused`], [`ErrorKind::LinkExpired`], [`ErrorKind::Store`].
pub(crate) async fn take_link(
    setup: &Setup,
    request: &Request,
    provider: &EmailProvider,
    (address, token): (&Address, &str),
) -> Result<Identity, Error> {
    if token.is_empty() || token.len() > LONGEST_TOKEN {
        return Err(ErrorKind::LinkUnknown.into());
    }
    let sessions = presented(setup, request)?;
    // Bound to the address: with another one the link is not used up.
    let link = secret::sha256_base64url(&format!("{} {token}", address.as_str()));
    let remember_until = setup.now() + provider.max_age + provider.max_age;
    if !setup.store.spend(&format!("link:{link}"), remember_until).await? {
        return Err(ErrorKind::LinkReused.into());
    }
    let taken = take(setup, address.as_str(), token).await?.ok_or(ErrorKind::LinkUnknown)?;
    in_time(setup, &taken)?;
    Ok(identity(request, provider, address.as_str().to_owned(), sessions))
}

/// Takes a code that somebody typed into the browser that asked for it.
///
/// # Errors
/// [`ErrorKind::CodeRefused`], [`ErrorKind::TooMany`] once it was tried too often, [`ErrorKind::NotCounted`],
/// [`ErrorKind::LinkExpired`], [`ErrorKind::Store`].
pub(crate) async fn take_code(
    setup: &Setup,
    request: &Request,
    provider: &EmailProvider,
    typed: &str,
) -> Result<Identity, Error> {
    let asked = Asked::presented(setup, request).filter(|asked| asked.provider == provider.id);
    let asked = asked.ok_or(ErrorKind::CodeRefused)?;
    let sessions = presented(setup, request)?;
    let counted = format!("code:{}", secret::sha256_base64url(&asked.attempt));
    let (now, ends) = (setup.now(), asked.ends() + Duration::minutes(1));
    if rate::counted(setup, &counted, now, ends).await? > TRIES {
        return Err(ErrorKind::TooMany.into());
    }
    let code: String = typed.chars().filter(char::is_ascii_digit).collect();
    let taken = take(setup, &asked.address, &asked.with(&code)).await?;
    in_time(setup, &taken.ok_or(ErrorKind::CodeRefused)?)?;
    Ok(identity(request, provider, asked.address, sessions))
}

async fn take(
    setup: &Setup,
    address: &str,
    sent: &str,
) -> Result<Option<VerificationToken>, Error> {
    let hashes = secret::every_hash(&setup.config.secrets, sent);
    let hashes: Vec<&str> = hashes.iter().map(String::as_str).collect();
    Ok(setup.store.take_token(address, &hashes).await?)
}

fn in_time(setup: &Setup, taken: &VerificationToken) -> Result<(), Error> {
    if taken.expires <= setup.now() { Err(ErrorKind::LinkExpired.into()) } else { Ok(()) }
}

/// The session that ends with this sign-in, whoever's it is.
fn presented(setup: &Setup, request: &Request) -> Result<Vec<StoredToken>, Error> {
    match Presented::read(setup, &request.cookies) {
        Presented::Several => Err(ErrorKind::CookieDuplicate.into()),
        presented => Ok(presented.into_token().into_iter().collect()),
    }
}

fn identity(
    request: &Request,
    provider: &EmailProvider,
    address: String,
    sessions: Vec<StoredToken>,
) -> Identity {
    Identity::assertion(Proof {
        key: AccountKey::new(provider.id.to_string(), address.clone()),
        means: Means::Mailbox,
        profile: Profile {
            subject: address.clone(),
            name: None,
            email: Some(Email::Verified(address)),
            image: None,
        },
        document: Value::Null,
        intention: Intention::SignIn,
        sessions,
        visitor: Visitor { device: request.device(), network: request.network() },
    })
}

impl Asked {
    /// What is hashed of a code.
    fn with(&self, code: &str) -> String {
        format!("{code}.{}", self.attempt)
    }

    fn ends(&self) -> OffsetDateTime {
        from_milliseconds(self.ends).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    fn cookie(&self, setup: &Setup) -> Result<Option<HeaderValue>, Error> {
        let name = setup.cookies.mail();
        let plain = serde_json::to_vec(self).map_err(no_randomness)?;
        let sealed = setup.sealer.seal(Purpose::Mail, name, &plain, &*setup.config.random);
        let cookie = setup.cookies.cookie(name, sealed.map_err(no_randomness)?);
        Ok(cookie::header(&cookie::until(cookie, self.ends())))
    }

    fn presented(setup: &Setup, request: &Request) -> Option<Self> {
        let name = setup.cookies.mail();
        let Found::One(sealed) = request.cookies.find(name) else { return None };
        let plain = setup.sealer.open(Purpose::Mail, name, sealed)?;
        serde_json::from_slice::<Self>(&plain).ok().filter(|asked| asked.ends() > setup.now())
    }
}

fn no_randomness(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::because(ErrorKind::Randomness, source)
}
