//! Where to go afterwards, and only there.

use url::Url;

use crate::config::Setup;
use crate::error::{Error, ErrorKind};

/// Longer addresses are no addresses that anybody wants to return to.
const LONGEST: usize = 2048;

/// The absolute address to return to: the wanted one where it stays on our origin, else `instead`, else our origin.
///
/// # Errors
/// [`ErrorKind::ReturnToTooLong`].
pub(crate) async fn resolve(
    setup: &Setup,
    wanted: Option<&str>,
    instead: Option<&str>,
) -> Result<String, Error> {
    let base = &setup.config.url;
    let fallback = || {
        instead.and_then(|path| base.join(path).ok()).unwrap_or_else(|| base.clone()).to_string()
    };
    let Some(wanted) = wanted.filter(|wanted| !wanted.is_empty()) else { return Ok(fallback()) };
    if is_too_long(base, wanted) {
        return Err(ErrorKind::ReturnToTooLong.into());
    }
    let Some(url) = address(base, wanted) else {
        tracing::warn!(reason = "redirect.refused", "an address to return to was refused");
        return Ok(fallback());
    };
    // Percent-encoding may have made it longer, and it has to fit into a cookie.
    if is_too_long(base, url.as_str()) {
        return Err(ErrorKind::ReturnToTooLong.into());
    }
    let url = setup.config.callbacks.redirect(&url, base).await;
    let goes_round = url.origin() == base.origin() && is_action(&setup.config.base_path, &url);
    Ok(if goes_round { fallback() } else { url.to_string() })
}

/// Where somebody goes who signs in: [`resolve`] with the application's page for that.
///
/// # Errors
/// [`ErrorKind::ReturnToTooLong`].
pub(crate) async fn after_sign_in(setup: &Setup, wanted: Option<&str>) -> Result<String, Error> {
    resolve(setup, wanted, setup.config.pages.signed_in.as_deref()).await
}

/// Measured without our own origin, so that the same address is as long when it is checked again at the end.
fn is_too_long(base: &Url, address: &str) -> bool {
    let origin = base.as_str().trim_end_matches('/');
    address.strip_prefix(origin).unwrap_or(address).len() > LONGEST
}

/// Reads an address as a browser would (WHATWG URL), and takes it only if no browser could read it otherwise.
fn address(base: &Url, wanted: &str) -> Option<Url> {
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
