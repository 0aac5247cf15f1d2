//! What a browser presents as its session, and whether a session is still alive.

use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use percent_encoding::percent_decode_str;
use time::OffsetDateTime;

use crate::config::{Setup, Strategy};
use crate::cookie::{Cookies, Found, Joined};
use crate::error::Error;
use crate::jwe::Keyring;
use crate::model::{StoredToken, User, UserId};
use crate::sealed::SealedSession;

/// What a browser presents as its session.
#[derive(Debug)]
pub(crate) enum Presented {
    Nothing,
    /// Something that could be the token of a stored session, in the form in which the store has it.
    Stored(StoredToken),
    /// A session that was sealed with one of our secrets and has not run out.
    Sealed {
        session: Box<SealedSession>,
        /// Whether an older secret or NextAuth.js v4 sealed it, so that it should be sealed anew.
        is_outdated: bool,
    },
    /// Nothing that was ever a session of ours or of Auth.js.
    Malformed,
    /// Several cookies of the one name.
    Several,
}

/// What a session is found by.
#[derive(Clone, Debug)]
pub(crate) struct SessionKey {
    pub(crate) token: StoredToken,
    /// When it began: what ends all sessions of a user ends those that began before.
    pub(crate) began_at: OffsetDateTime,
}

impl Presented {
    pub(crate) fn read(setup: &Setup, cookies: &Cookies) -> Self {
        match setup.config.session.strategy {
            Strategy::Database => Self::read_stored(setup, cookies),
            Strategy::Jwt => Self::read_sealed(setup, cookies),
        }
    }

    /// A sealed session as a bearer token (RFC 6750 §2.1), percent-encoded as Auth.js's `getToken` reads it.
    pub(crate) fn bearer(setup: &Setup, headers: &HeaderMap) -> Self {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let (Some(value), None, Strategy::Jwt) =
            (values.next(), values.next(), setup.config.session.strategy)
        else {
            return Self::Nothing;
        };
        let credentials = value.to_str().ok().and_then(|value| value.split_once(' '));
        match credentials {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
                let token = percent_decode_str(token).decode_utf8_lossy();
                Self::unseal(setup, &token, &setup.keyring)
            }
            Some(_) | None => Self::Nothing,
        }
    }

    fn read_stored(setup: &Setup, cookies: &Cookies) -> Self {
        match stored_token(setup, cookies) {
            Found::Nothing => Self::Nothing,
            Found::Several => Self::Several,
            Found::One(token) if looks_like_a_token(token) => {
                Self::Stored(setup.token_storage.stored(token))
            }
            Found::One(_) => Self::Malformed,
        }
    }

    /// The session under its name, else under that of v4 if it is asked for.
    fn read_sealed(setup: &Setup, cookies: &Cookies) -> Self {
        let name = setup.cookies.session();
        if cookies.has(name) {
            return Self::open(setup, cookies, name, &setup.keyring);
        }
        let name = setup.cookies.session_of_v4();
        match &setup.keyring_of_v4 {
            Some(keyring) if cookies.has(name) => match Self::open(setup, cookies, name, keyring) {
                Self::Sealed { session, .. } => Self::Sealed { session, is_outdated: true },
                other => other,
            },
            Some(_) | None => Self::Nothing,
        }
    }

    fn open(setup: &Setup, cookies: &Cookies, name: &str, keyring: &Keyring) -> Self {
        let token = match cookies.join(name) {
            Joined::Whole(token) => token,
            Joined::Doubled => return Self::Several,
            Joined::Nothing | Joined::Broken => return Self::Malformed,
        };
        Self::unseal(setup, &token, keyring)
    }

    fn unseal(setup: &Setup, token: &str, keyring: &Keyring) -> Self {
        let Some(opened) = keyring.open(token, setup.now()) else { return Self::Malformed };
        match SealedSession::read(opened.payload) {
            Some(session) => {
                Self::Sealed { session: Box::new(session), is_outdated: !opened.by_newest }
            }
            None => Self::Malformed,
        }
    }

    /// What the presented session is known by in the store.
    pub(crate) fn into_token(self) -> Option<StoredToken> {
        match self {
            Self::Stored(token) => Some(token),
            Self::Sealed { session, .. } => Some(session.token()),
            Self::Nothing | Self::Malformed | Self::Several => None,
        }
    }
}

/// The token of a stored session: under its name, else under that of v4 if it is asked for.
pub(crate) fn stored_token<'a>(setup: &Setup, cookies: &'a Cookies) -> Found<'a> {
    match cookies.find(setup.cookies.session()) {
        Found::Nothing if setup.config.session.reads_v4 => {
            cookies.find(setup.cookies.session_of_v4())
        }
        found => found,
    }
}

/// The names of the cookies in which a session of this browser stands.
pub(crate) fn names<'a>(setup: &Setup, cookies: &'a Cookies) -> Vec<&'a str> {
    let ours = cookies.names_under(setup.cookies.session());
    ours.into_iter().chain(names_of_v4(setup, cookies)).collect()
}

/// The names of the cookies in which NextAuth.js v4 left a session, where they are read.
pub(crate) fn names_of_v4<'a>(setup: &Setup, cookies: &'a Cookies) -> Vec<&'a str> {
    let asked_for = setup.config.session.reads_v4.then(|| setup.cookies.session_of_v4());
    asked_for.into_iter().flat_map(|name| cookies.names_under(name)).collect()
}

/// Tells the browser to forget its session.
pub(crate) fn forget(setup: &Setup, cookies: &Cookies) -> Vec<HeaderValue> {
    match setup.config.session.strategy {
        Strategy::Database => {
            let old = names_of_v4(setup, cookies);
            setup.cookies.forget([setup.cookies.session()].into_iter().chain(old))
        }
        Strategy::Jwt => setup.cookies.forget(names(setup, cookies)),
    }
}

/// The user of a session that somebody referred to, as they are at this moment; `None` when it is over.
///
/// # Errors
/// [`ErrorKind::Store`](crate::ErrorKind::Store).
pub(crate) async fn alive(
    setup: &Setup,
    user: &UserId,
    key: &SessionKey,
) -> Result<Option<User>, Error> {
    let user = match setup.config.session.strategy {
        Strategy::Database => {
            let session = setup.store.session(&key.token).await?;
            let alive = session.filter(|session| session.expires > setup.now());
            alive.map(|session| session.user).filter(|owner| owner.id == *user)
        }
        Strategy::Jwt => {
            let standing = setup.store.standing(user, &key.token).await?;
            standing.filter(|standing| standing.admits(key.began_at)).map(|standing| standing.user)
        }
    };
    Ok(user)
}

/// Ours have 43 characters of base64url; those of Auth.js are UUIDs, or what an application draws.
fn looks_like_a_token(token: &str) -> bool {
    let plain = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'-' || letter == b'_';
    (20..=128).contains(&token.len()) && token.bytes().all(plain)
}
