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
    let newest = setup.config.secrets.first().map_or("", |secret| secret.expose());
    let pair = format!("{value}|{}", secret::sha256_hex(&format!("{value}{newest}")));
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

/// The token of the cookie, if the hash beside it was made with one of our secrets.
fn presented<'a>(setup: &Setup, cookies: &'a Cookies) -> Option<&'a str> {
    let Found::One(pair) = cookies.find(setup.cookies.csrf()) else { return None };
    let mut parts = pair.split('|');
    let (token, hash) = (parts.next()?, parts.next()?);
    let made_with = |secret: &secret::Secret| {
        secret::eq(hash, &secret::sha256_hex(&format!("{token}{}", secret.expose())))
    };
    setup.config.secrets.iter().any(made_with).then_some(token)
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
