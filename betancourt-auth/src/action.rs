//! The whole URL surface: from method and path to an action, in one match.

use http::Method;

use crate::error::{Error, ErrorKind};

/// What a script writes that has no provider to name.
const NO_PROVIDER: &str = "undefined";

/// What can be asked for below the base path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action<'a> {
    Callback(&'a str),
    Csrf,
    ErrorPage,
    /// What the browser client of NextAuth.js v4 wants to be logged.
    Log,
    Providers,
    Session,
    /// Begins to sign in.
    SignIn(&'a str),
    /// Begins to sign in without saying how.
    SignInAnyhow,
    SignInPage,
    SignOut,
    SignOutPage,
    Update,
    VerifyRequest,
}

impl<'a> Action<'a> {
    /// Reads an action. Doubled and trailing slashes are passed over, as in Auth.js; ids are not decoded.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownAction`].
    pub(crate) fn parse(method: &Method, path: &'a str, base_path: &str) -> Result<Self, Error> {
        let rest =
            path.strip_prefix(base_path).filter(|rest| rest.starts_with('/')).unwrap_or_default();
        let mut parts = rest.split('/').filter(|part| !part.is_empty());
        let parts = (parts.next(), parts.next(), parts.next());
        let (get, post) = (*method == Method::GET, *method == Method::POST);
        match parts {
            (Some("callback"), Some(provider), None) if get || post => Ok(Self::Callback(provider)),
            (Some("csrf"), None, None) if get => Ok(Self::Csrf),
            (Some("error"), None, None) if get => Ok(Self::ErrorPage),
            (Some("providers"), None, None) if get => Ok(Self::Providers),
            (Some("session"), None, None) if get => Ok(Self::Session),
            (Some("session"), None, None) if post => Ok(Self::Update),
            // A GET starts nothing: a link or an image could have sent it.
            (Some("signin"), _, None) if get => Ok(Self::SignInPage),
            (Some("signin"), None | Some(NO_PROVIDER), None) if post => Ok(Self::SignInAnyhow),
            (Some("signin"), Some(provider), None) if post => Ok(Self::SignIn(provider)),
            (Some("signout"), None, None) if get => Ok(Self::SignOutPage),
            (Some("signout"), None, None) if post => Ok(Self::SignOut),
            (Some("verify-request"), None, None) if get => Ok(Self::VerifyRequest),
            (Some("_log"), None, None) if post => Ok(Self::Log),
            _ => Err(ErrorKind::UnknownAction.into()),
        }
    }

    /// The first part of its path.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Callback(_) => "callback",
            Self::Csrf => "csrf",
            Self::ErrorPage => "error",
            Self::Log => "_log",
            Self::Providers => "providers",
            Self::Session | Self::Update => "session",
            Self::SignIn(_) | Self::SignInAnyhow | Self::SignInPage => "signin",
            Self::SignOut | Self::SignOutPage => "signout",
            Self::VerifyRequest => "verify-request",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse<'a>(method: &Method, path: &'a str) -> Option<Action<'a>> {
        Action::parse(method, path, "/api/auth").ok()
    }

    #[test]
    fn the_surface() {
        assert_eq!(parse(&Method::POST, "/api/auth/signin/google"), Some(Action::SignIn("google")));
        assert_eq!(parse(&Method::GET, "/api/auth/signin/google"), Some(Action::SignInPage));
        assert_eq!(
            parse(&Method::GET, "/api/auth//callback/apple/"),
            Some(Action::Callback("apple"))
        );
        assert_eq!(parse(&Method::POST, "/api/auth/signout"), Some(Action::SignOut));
    }

    #[test]
    fn everything_else_is_unknown() {
        for (method, path) in [
            (Method::HEAD, "/api/auth/session"),
            (Method::OPTIONS, "/api/auth/signout"),
            (Method::GET, "/api/authsession"),
            (Method::GET, "/api/auth"),
            (Method::POST, "/api/auth/csrf"),
            (Method::GET, "/api/auth/Session"),
            (Method::GET, "/api/auth/callback/google/more"),
            (Method::GET, "/elsewhere/session"),
        ] {
            assert_eq!(parse(&method, path), None, "{path}");
        }
    }
}
