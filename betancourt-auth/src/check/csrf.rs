//! The post came from our own page.

use http::HeaderValue;
use http::header::ORIGIN;

use crate::config::Setup;
use crate::cookie::{self, Cookies, Found};
use crate::error::{Error, ErrorKind};
use crate::request::Request;
use crate::secret;

/// The parameter that carries the token.
const PARAMETER: &str = "csrfToken";

/// A token for the forms of a page, and the cookie that belongs to it if the browser has none yet.
///
/// Put [`CsrfToken::value`] into a hidden field `csrfToken`, and [`CsrfToken::set_cookie`] on the answer.
#[derive(Debug)]
pub struct CsrfToken {
    value: String,
    set_cookie: Option<HeaderValue>,
}

impl CsrfToken {
    /// 64 hexadecimal characters.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The `Set-Cookie` header to send along, if the browser has no valid cookie yet.
    #[must_use]
    pub fn set_cookie(&self) -> Option<&HeaderValue> {
        self.set_cookie.as_ref()
    }
}

/// The browser's token, or a new one.
pub(crate) fn token(setup: &Setup, cookies: &Cookies) -> Result<CsrfToken, Error> {
    match presented(setup, cookies) {
        Some(value) => Ok(CsrfToken { value: value.to_owned(), set_cookie: None }),
        None => renewed(setup),
    }
}

/// A new token: who signed in or out begins anew.
pub(crate) fn renewed(setup: &Setup) -> Result<CsrfToken, Error> {
    let value = secret::random_hex(&*setup.config.random)
        .map_err(|error| Error::because(ErrorKind::Randomness, error))?;
    let all = secret::joined(&setup.config.secrets);
    let pair = format!("{value}|{}", secret::sha256_hex(&format!("{value}{all}")));
    let set_cookie = cookie::header(&setup.cookies.cookie(setup.cookies.csrf(), pair));
    Ok(CsrfToken { value, set_cookie })
}

/// Lets a post pass whose form carries the token of its cookie, and that no other origin sent.
///
/// # Errors
/// [`ErrorKind::CsrfMismatch`] for every other one.
pub(crate) fn verify(setup: &Setup, request: &Request) -> Result<(), Error> {
    let token = presented(setup, &request.cookies);
    let matches = token
        .zip(request.form.last(PARAMETER))
        .is_some_and(|(token, posted)| secret::eq(token, posted));
    if matches && is_from_our_origin(setup, request) {
        Ok(())
    } else {
        Err(ErrorKind::CsrfMismatch.into())
    }
}

/// The token of the cookie, if the hash beside it was made with our secrets: with any of them, or as Auth.js makes it
/// with a list, now or before the newest were added.
fn presented<'a>(setup: &Setup, cookies: &'a Cookies) -> Option<&'a str> {
    let secrets = &setup.config.secrets;
    let Found::One(pair) = cookies.find(setup.cookies.csrf()) else { return None };
    let mut parts = pair.split('|');
    let (token, hash) = (parts.next()?, parts.next()?);
    let made_with =
        |secret: &str| secret::eq(hash, &secret::sha256_hex(&format!("{token}{secret}")));
    let by_one = || secrets.iter().any(|secret| made_with(secret.expose()));
    let mut tails = (0..secrets.len()).filter_map(|newer| secrets.get(newer..));
    let mut by_a_list = || tails.any(|tail| made_with(&secret::joined(tail)));
    (is_a_token(token) && (by_one() || by_a_list())).then_some(token)
}

/// 64 lower-case hexadecimal digits. Auth.js takes a hash of no token at all for one.
fn is_a_token(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|letter| matches!(letter, b'0'..=b'9' | b'a'..=b'f'))
}

/// A browser says where a post comes from: by `Origin`, else by `Sec-Fetch-Site`. A caller that says neither is none.
fn is_from_our_origin(setup: &Setup, request: &Request) -> bool {
    if request.headers.contains_key(ORIGIN) {
        return request
            .headers
            .get_all(ORIGIN)
            .iter()
            .all(|origin| origin.as_bytes() == setup.origin().as_bytes());
    }
    request.header("sec-fetch-site").is_none_or(|site| site == "same-origin")
}
