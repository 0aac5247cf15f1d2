//! Where to go afterwards, and only there.

use http::HeaderValue;
use url::Url;

use crate::config::Setup;
use crate::cookie::{self, Found};
use crate::error::{Error, ErrorKind};
use crate::request::Request;

/// The parameter by which a page says where to go afterwards.
const PARAMETER: &str = "callbackUrl";
/// Longer addresses are no addresses that anybody wants to return to.
const LONGEST: usize = 2048;
/// Browsers keep nothing longer (RFC 6265bis §5.6).
const LONGEST_COOKIE: usize = 4096;

/// Where a browser wants to go: by the parameter of its request, else by what it asked for earlier.
#[derive(Debug)]
pub(crate) struct ReturnTo {
    wanted: Option<String>,
    /// The cookie that remembers it, where the browser's own says something else.
    pub(crate) cookie: Option<HeaderValue>,
}

impl ReturnTo {
    /// Reads the parameter `callbackUrl`, or the cookie of an earlier request. What stands in the cookie and cannot be
    /// followed is passed over.
    ///
    /// # Errors
    /// [`ErrorKind::ReturnToTooLong`], for the parameter.
    pub(crate) async fn read(setup: &Setup, request: &Request) -> Result<Self, Error> {
        let name = setup.cookies.callback_url();
        let known = match request.cookies.find(name) {
            Found::One(known) => Some(known),
            Found::Nothing | Found::Several => None,
        };
        let asked = request.parameter(PARAMETER).filter(|asked| !asked.is_empty());
        let wanted = match (asked, known.filter(|known| *known != setup.origin())) {
            (Some(asked), _) => follow(setup, asked).await?,
            (None, Some(known)) => follow(setup, known).await.unwrap_or_default(),
            (None, None) => None,
        };
        let remembered = wanted.as_deref().unwrap_or(setup.origin());
        let cookie = (known != Some(remembered))
            .then(|| cookie::header(&setup.cookies.cookie(name, remembered)))
            .flatten()
            .filter(|cookie| cookie.len() <= LONGEST_COOKIE);
        Ok(Self { cookie, wanted })
    }

    /// The address to go to: our origin, if nothing else is wanted.
    pub(crate) fn address(&self, setup: &Setup) -> String {
        self.wanted.clone().unwrap_or_else(|| setup.origin().to_owned())
    }

    /// The address for somebody who signs in: the application's page for that, if nothing else is wanted.
    pub(crate) fn after_sign_in(&self, setup: &Setup) -> String {
        self.wanted.clone().unwrap_or_else(|| page_after_sign_in(setup))
    }
}

/// Where somebody goes who has signed in: to the wanted address where it stays on our origin, else to the
/// application's page for that, else to our origin.
///
/// # Errors
/// [`ErrorKind::ReturnToTooLong`].
pub(crate) async fn after_sign_in(setup: &Setup, wanted: &str) -> Result<String, Error> {
    Ok(follow(setup, wanted).await?.unwrap_or_else(|| page_after_sign_in(setup)))
}

/// Where somebody goes who has signed out: to the wanted address where it stays on our origin, else to our origin.
///
/// # Errors
/// [`ErrorKind::ReturnToTooLong`].
pub(crate) async fn after_sign_out(setup: &Setup, wanted: &str) -> Result<String, Error> {
    Ok(follow(setup, wanted).await?.unwrap_or_else(|| setup.origin().to_owned()))
}

/// Where a third party wants a sign-in to lead, held to the same rules: but nobody here asked for it, so there is no
/// other place to go instead.
///
/// # Errors
/// [`ErrorKind::ReturnToForeign`], [`ErrorKind::ReturnToTooLong`].
pub(crate) async fn demanded(setup: &Setup, wanted: &str) -> Result<String, Error> {
    follow(setup, wanted).await?.ok_or_else(|| ErrorKind::ReturnToForeign.into())
}

/// Where somebody goes who has signed in and wanted nothing else.
pub(crate) fn page_after_sign_in(setup: &Setup) -> String {
    match &setup.config.pages.signed_in {
        Some(page) => setup.absolute(page),
        None => setup.origin().to_owned(),
    }
}

/// An address as the application lets it be followed; `None` where it leads elsewhere or round in circles.
///
/// # Errors
/// [`ErrorKind::ReturnToTooLong`].
async fn follow(setup: &Setup, wanted: &str) -> Result<Option<String>, Error> {
    let base = &setup.config.url;
    if is_too_long(base, wanted) {
        return Err(ErrorKind::ReturnToTooLong.into());
    }
    let Some(url) = address(base, wanted) else {
        tracing::warn!(reason = "redirect.refused", "an address to return to was refused");
        return Ok(None);
    };
    // Percent-encoding may have made it longer, and it has to fit into a cookie.
    if is_too_long(base, url.as_str()) {
        return Err(ErrorKind::ReturnToTooLong.into());
    }
    let url = setup.config.callbacks.redirect(&url, base).await;
    let goes_round = url.origin() == base.origin() && is_action(&setup.config.base_path, &url);
    // Auth.js writes the bare origin without a slash.
    let text = if url == *base { setup.origin().to_owned() } else { url.to_string() };
    Ok((!goes_round).then_some(text))
}

/// Measured without our own origin, so that the same address is as long when it is checked again at the end.
fn is_too_long(base: &Url, address: &str) -> bool {
    let origin = base.as_str().trim_end_matches('/');
    address.strip_prefix(origin).unwrap_or(address).len() > LONGEST
}

/// Reads an address as a browser would (WHATWG URL), and takes it only if no browser could read it otherwise.
pub(crate) fn address(base: &Url, wanted: &str) -> Option<Url> {
    if wanted.chars().any(|letter| letter.is_control() || letter == '\\') {
        return None;
    }
    let url = base.join(wanted).ok()?;
    let is_plain =
        url.username().is_empty() && url.password().is_none() && !url.path().starts_with("//");
    (is_plain && url.origin() == base.origin() && matches!(url.scheme(), "http" | "https"))
        .then_some(url)
}

/// Returning to an action would sign out, replay a callback, or go round in circles.
fn is_action(base_path: &str, url: &Url) -> bool {
    url.path().strip_prefix(base_path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(wanted: &str) -> Option<String> {
        address(&Url::parse("https://app.test/").unwrap(), wanted).map(String::from)
    }

    #[test]
    fn stays_on_our_origin() {
        assert_eq!(
            accepted("/dashboard?tab=2#top").as_deref(),
            Some("https://app.test/dashboard?tab=2#top")
        );
        assert_eq!(accepted("https://app.test/x").as_deref(), Some("https://app.test/x"));
        assert_eq!(accepted("https://APP.test:443/x").as_deref(), Some("https://app.test/x"));
    }

    #[test]
    fn goes_nowhere_else() {
        let foreign = [
            "https://evil.test/",
            "//evil.test",
            "/\\evil.test",
            "\\\\evil.test",
            "///evil.test",
            "/./\\evil.test",
            "/\t/evil.test",
            "\n//evil.test",
            "/.//evil.test",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://app.test@evil.test",
            "https://app.test.evil.test",
            "https://app.test:444/",
            "http://app.test/",
            "https://user@app.test/",
            "blob:https://app.test/x",
            "/a\0b",
        ];
        for wanted in foreign {
            assert_eq!(accepted(wanted), None, "{wanted:?}");
        }
    }

    #[test]
    fn actions_are_no_place_to_return_to() {
        let action = |path: &str| {
            is_action("/auth", &Url::parse(&format!("https://app.test{path}")).unwrap())
        };
        assert!(action("/auth") && action("/auth/signout"));
        assert!(!action("/authors") && !action("/"));
    }
}
