//! The whole URL surface: from method and path to an action, in one match.

use http::Method;

use crate::client::Door;
use crate::error::{Error, ErrorKind};

/// What a script writes that has no provider to name.
const NO_PROVIDER: &str = "undefined";

/// What can be asked for below the base path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action<'a> {
    /// A provider says by itself that somebody signed out there.
    BackChannelLogout(&'a str),
    Callback(&'a str),
    Csrf,
    /// How a request to delete stands, by its code.
    DeletionPage(&'a str),
    ErrorPage,
    /// A provider says in the browser that somebody signed out there.
    FrontChannelLogout(&'a str),
    /// A third party begins a sign-in.
    Initiate,
    /// What a provider tells of people who are not here.
    Inbox(&'a str, Door),
    /// What the browser client of NextAuth.js v4 wants to be logged.
    Log,
    /// What Auth.js does not have: whoever is signed in looks after what is theirs.
    Me(Me),
    Providers,
    Session,
    /// Begins to sign in.
    SignIn(&'a str),
    /// Begins to sign in without saying how.
    SignInAnyhow,
    SignInPage,
    SignOut,
    SignOutPage,
    /// Back from signing out at the provider.
    SignedOut,
    Update,
    VerifyRequest,
}

/// What can be asked for below `me/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Me {
    Accounts,
    Unlink,
    Sessions,
    Revoke,
    RevokeOthers,
}

impl<'a> Action<'a> {
    /// Reads an action. Doubled and trailing slashes are passed over, as in Auth.js; ids are not decoded.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownAction`].
    pub(crate) fn parse(method: &Method, path: &'a str, base_path: &str) -> Result<Self, Error> {
        let rest =
            path.strip_prefix(base_path).filter(|rest| rest.starts_with('/')).unwrap_or_default();
        let parts: Vec<_> = rest.split('/').filter(|part| !part.is_empty()).collect();
        let (get, post) = (*method == Method::GET, *method == Method::POST);
        match parts.as_slice() {
            ["backchannel-logout", provider] if post => Ok(Self::BackChannelLogout(provider)),
            ["callback", provider] if get || post => Ok(Self::Callback(provider)),
            ["csrf"] if get => Ok(Self::Csrf),
            ["deletion", code] if get => Ok(Self::DeletionPage(code)),
            ["error"] if get => Ok(Self::ErrorPage),
            ["frontchannel-logout", provider] if get => Ok(Self::FrontChannelLogout(provider)),
            ["initiate-signin"] if get || post => Ok(Self::Initiate),
            ["inbox", provider] if post => Ok(Self::Inbox(provider, Door::Messages)),
            ["inbox", provider, "deauthorization"] if post => {
                Ok(Self::Inbox(provider, Door::Deauthorization))
            }
            ["inbox", provider, "deletion"] if post => Ok(Self::Inbox(provider, Door::Deletion)),
            ["me", "accounts"] if get => Ok(Self::Me(Me::Accounts)),
            ["me", "accounts", "unlink"] if post => Ok(Self::Me(Me::Unlink)),
            ["me", "sessions"] if get => Ok(Self::Me(Me::Sessions)),
            ["me", "sessions", "revoke"] if post => Ok(Self::Me(Me::Revoke)),
            ["me", "sessions", "revoke-others"] if post => Ok(Self::Me(Me::RevokeOthers)),
            ["providers"] if get => Ok(Self::Providers),
            ["session"] if get => Ok(Self::Session),
            ["session"] if post => Ok(Self::Update),
            ["signed-out"] if get => Ok(Self::SignedOut),
            // A GET starts nothing: a link or an image could have sent it.
            ["signin"] | ["signin", _] if get => Ok(Self::SignInPage),
            ["signin"] | ["signin", NO_PROVIDER] if post => Ok(Self::SignInAnyhow),
            ["signin", provider] if post => Ok(Self::SignIn(provider)),
            ["signout"] if get => Ok(Self::SignOutPage),
            ["signout"] if post => Ok(Self::SignOut),
            ["verify-request"] if get => Ok(Self::VerifyRequest),
            ["_log"] if post => Ok(Self::Log),
            _ => Err(ErrorKind::UnknownAction.into()),
        }
    }

    /// The first part of its path.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::BackChannelLogout(_) => "backchannel-logout",
            Self::Callback(_) => "callback",
            Self::Csrf => "csrf",
            Self::DeletionPage(_) => "deletion",
            Self::ErrorPage => "error",
            Self::FrontChannelLogout(_) => "frontchannel-logout",
            Self::Initiate => "initiate-signin",
            Self::Inbox(..) => "inbox",
            Self::Log => "_log",
            Self::Me(_) => "me",
            Self::Providers => "providers",
            Self::Session | Self::Update => "session",
            Self::SignIn(_) | Self::SignInAnyhow | Self::SignInPage => "signin",
            Self::SignOut | Self::SignOutPage => "signout",
            Self::SignedOut => "signed-out",
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
        assert_eq!(
            parse(&Method::POST, "/api/auth/inbox/facebook/deletion"),
            Some(Action::Inbox("facebook", Door::Deletion))
        );
        assert_eq!(
            parse(&Method::POST, "/api/auth/me/accounts/unlink"),
            Some(Action::Me(Me::Unlink))
        );
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
            (Method::GET, "/api/auth/me/accounts/unlink"),
            (Method::POST, "/api/auth/me/accounts/unlink/more"),
            (Method::GET, "/api/auth/backchannel-logout/google"),
            (Method::POST, "/api/auth/frontchannel-logout/google"),
            (Method::POST, "/api/auth/signed-out"),
            (Method::GET, "/api/auth/inbox/google"),
            (Method::POST, "/api/auth/inbox/facebook/elsewhere"),
            (Method::POST, "/api/auth/deletion/code"),
            (Method::GET, "/elsewhere/session"),
        ] {
            assert_eq!(parse(&method, path), None, "{path}");
        }
    }
}
