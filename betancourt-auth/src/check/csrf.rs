//! The post came from our own page.

use std::fmt::{self, Debug, Formatter};

use http::header::{HeaderMap, HeaderName, HeaderValue, ORIGIN};

use super::bond;
use crate::config::Setup;
use crate::cookie::{self, Cookies, Found};
use crate::error::{Error, ErrorKind};
use crate::model::StoredToken;
use crate::request::Request;
use crate::secret::{self, NoRandomness, Secret};

/// The parameter that carries the token.
pub(crate) const PARAMETER: &str = "csrfToken";
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// A token for the forms of a page, and the cookie that belongs to it if the browser has none yet.
///
/// Put [`CsrfToken::value`] into a hidden field `csrfToken`, and [`CsrfToken::set_cookie`] on the answer.
///
/// `Debug` shows neither of them.
pub struct CsrfToken {
    value: String,
    set_cookie: Option<HeaderValue>,
}

impl Debug for CsrfToken {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("CsrfToken(…)")
    }
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

/// A new token: who signed out begins anew.
pub(crate) fn renewed(setup: &Setup) -> Result<CsrfToken, Error> {
    keep(setup, secret::random_hex(&*setup.config.random))
}

/// A new token for who signed in, bound to the session that begins.
pub(crate) fn renewed_for(setup: &Setup, session: &StoredToken) -> Result<CsrfToken, Error> {
    keep(setup, bond::draw(&setup.config.secrets, session, &*setup.config.random))
}

fn keep(setup: &Setup, drawn: Result<String, NoRandomness>) -> Result<CsrfToken, Error> {
    let value = drawn.map_err(|error| Error::because(ErrorKind::Randomness, error))?;
    let pair = pair(&value, &setup.config.secrets);
    let set_cookie = cookie::header(&setup.cookies.cookie(setup.cookies.csrf(), pair));
    Ok(CsrfToken { value, set_cookie })
}

/// Lets a post pass whose form carries the token of its cookie, and that no other origin sent.
///
/// # Errors
/// [`ErrorKind::CsrfMismatch`] for every other one.
pub(crate) fn verify(setup: &Setup, request: &Request) -> Result<(), Error> {
    let posted = request.form.last(PARAMETER).unwrap_or_default();
    if is_ours(setup, &request.cookies, &request.headers, posted) {
        Ok(())
    } else {
        Err(ErrorKind::CsrfMismatch.into())
    }
}

/// Whether a form carries the token of its browser's cookie, and no other origin sent it.
pub(crate) fn is_ours(setup: &Setup, cookies: &Cookies, headers: &HeaderMap, posted: &str) -> bool {
    let matches = presented(setup, cookies).is_some_and(|token| secret::eq(token, posted));
    matches && is_from_our_origin(setup, headers)
}

/// Whether the browser's token came with that session: then it is the browser that signed in to it.
pub(crate) fn came_with(setup: &Setup, cookies: &Cookies, session: &StoredToken) -> bool {
    let token = presented(setup, cookies);
    token.is_some_and(|token| bond::holds(&setup.config.secrets, session, token))
}

/// The token of the cookie, if it is one of ours.
fn presented<'a>(setup: &Setup, cookies: &'a Cookies) -> Option<&'a str> {
    let Found::One(pair) = cookies.find(setup.cookies.csrf()) else { return None };
    token_of(pair, &setup.config.secrets)
}

/// What the cookie holds: a token, and its hash with the secrets as Auth.js joins them.
fn pair(token: &str, secrets: &[Secret]) -> String {
    format!("{token}|{}", secret::hash_with(secrets, token))
}

/// The token of a pair, if the hash beside it was made with our secrets.
fn token_of<'a>(pair: &'a str, secrets: &[Secret]) -> Option<&'a str> {
    let mut parts = pair.split('|');
    let (token, presented) = (parts.next()?, parts.next()?);
    let is_ours = secret::every_hash(secrets, token).iter().any(|hash| secret::eq(presented, hash));
    (is_ours && is_a_token(token)).then_some(token)
}

/// 64 lower-case hexadecimal digits. Auth.js takes a hash of no token at all for one.
fn is_a_token(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|letter| matches!(letter, b'0'..=b'9' | b'a'..=b'f'))
}

/// A browser says where a post comes from: by `Origin`, else by `Sec-Fetch-Site`. A caller that says neither is none.
pub(crate) fn is_from_our_origin(setup: &Setup, headers: &HeaderMap) -> bool {
    if headers.contains_key(ORIGIN) {
        let mut origins = headers.get_all(ORIGIN).iter();
        return origins.all(|origin| origin.as_bytes() == setup.origin().as_bytes());
    }
    let site = headers.get(FETCH_SITE).and_then(|site| site.to_str().ok());
    site.is_none_or(|site| site == "same-origin")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::print_stdout, reason = "the run says how many vectors it used")]

    use serde_json::Value;

    use super::*;

    const VECTORS: &str = include_str!("../../tests/vectors/authjs/cookies.json");

    /// What we decide otherwise, and what becomes of the pair here.
    const DEVIATIONS: &[(&str, bool)] = &[
        ("rotated-secret-array", true), // a rotation spoils no form that is open
        ("empty-token-signed", false),  // no token is none
    ];

    fn vectors(part: &str) -> Vec<Value> {
        let mut vectors: Value = serde_json::from_str(VECTORS).unwrap();
        serde_json::from_value(vectors["csrf"][part].take()).unwrap()
    }

    fn secrets(secret: &Value) -> Vec<Secret> {
        match secret {
            Value::Array(list) => {
                list.iter().map(|one| Secret::new(one.as_str().unwrap())).collect()
            }
            one => vec![Secret::new(one.as_str().unwrap())],
        }
    }

    #[test]
    fn every_pair_is_made_as_there() {
        let issued = vectors("issued");
        for entry in &issued {
            let (token, secrets) = (entry["token"].as_str().unwrap(), secrets(&entry["secret"]));
            assert_eq!(secret::joined(&secrets), entry["secret_as_hashed"].as_str().unwrap());
            assert_eq!(pair(token, &secrets), entry["cookie_value"].as_str().unwrap());
        }
        println!("cookies.json, csrf issued: used {0} of {0}", issued.len());
    }

    #[test]
    fn every_pair_counts_as_there_or_for_a_reason() {
        let checks = vectors("checks");
        for entry in &checks {
            let id = entry["id"].as_str().unwrap();
            let pair = entry["cookie_value"].as_str().unwrap_or_default();
            let otherwise = DEVIATIONS.iter().find(|(known, _)| *known == id);
            let counts = otherwise.map_or(entry["reissued"] == false, |(_, ours)| *ours);
            assert_eq!(token_of(pair, &secrets(&entry["secret"])).is_some(), counts, "{id}");
        }
        let of_v4: Value = serde_json::from_str(VECTORS).unwrap();
        let of_v4 = &of_v4["csrf"]["v4"];
        let token = token_of(of_v4["cookie_value"].as_str().unwrap(), &secrets(&of_v4["secret"]));
        assert_eq!(token, of_v4["token"].as_str());
        let apart = DEVIATIONS.len();
        println!(
            "cookies.json, csrf checks and v4: used {0} of {0}, {apart} decided otherwise",
            checks.len() + 1
        );
    }

    #[test]
    fn a_rotation_spoils_no_form_that_is_open() {
        let token = "0a12ca7b7f8e4955b3af052272a98cd599439b80c8dc23ceb34f130733aaee75";
        let list = |names: &[&str]| names.iter().copied().map(Secret::new).collect::<Vec<_>>();
        let now = list(&["newest", "newer", "old"]);
        for before in
            [&["newest", "newer", "old"][..], &["newer", "old"], &["old"], &["newer"], &["newest"]]
        {
            assert_eq!(token_of(&pair(token, &list(before)), &now), Some(token), "{before:?}");
        }
        for other in
            [&["newest", "newer"][..], &["old", "newer"], &["other"], &[""], &["newest", "old"]]
        {
            assert_eq!(token_of(&pair(token, &list(other)), &now), None, "{other:?}");
        }
    }
}
