//! What a person may be told when something stopped their request, and where they are told it.

use http::StatusCode;

/// What a person may be told: the closed list of public error codes. Auth.js's own names where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// Policy said no.
    AccessDenied,
    /// The request makes no sense.
    BadRequest,
    /// Something is set up wrongly; the log says what.
    Configuration,
    /// The credentials are nobody's.
    CredentialsSignin,
    /// The address belongs to somebody, and the provider does not vouch that it is this person's.
    EmailNotVerified,
    /// No mail can be sent to what was given as an address.
    EmailSignin,
    /// The return address cannot be used.
    InvalidCallbackUrl,
    /// It is the last administrator, who stays one.
    LastAdministrator,
    /// It is the last way to sign in, and stays.
    LastWayIn,
    /// The form was not sent from our own page, or too long ago.
    MissingCSRF,
    /// There is no such thing, or it is somebody else's.
    NotFound,
    /// The address belongs to somebody who signs in another way.
    OAuthAccountNotLinked,
    /// The provider's answer could not be accepted.
    OAuthCallbackError,
    /// The provider does not answer.
    ProviderUnavailable,
    /// Too many attempts; wait a little.
    RateLimited,
    /// Sign in anew first.
    ReauthRequired,
    /// Nobody is signed in.
    Unauthorized,
    /// We cannot work at the moment.
    Unavailable,
    /// The link or the code of a mail is unknown, used or too old.
    Verification,
}

/// Where a browser goes with a [`Code`] (Auth.js calls it the error's `kind`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Landing {
    /// The sign-in page: the person can try again there.
    SignIn,
    /// The error page.
    Error,
    /// Nowhere: the answer itself keeps the status.
    Here,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 19] = [
        Self::AccessDenied,
        Self::BadRequest,
        Self::Configuration,
        Self::CredentialsSignin,
        Self::EmailNotVerified,
        Self::EmailSignin,
        Self::InvalidCallbackUrl,
        Self::LastAdministrator,
        Self::LastWayIn,
        Self::MissingCSRF,
        Self::NotFound,
        Self::OAuthAccountNotLinked,
        Self::OAuthCallbackError,
        Self::ProviderUnavailable,
        Self::RateLimited,
        Self::ReauthRequired,
        Self::Unauthorized,
        Self::Unavailable,
        Self::Verification,
    ];

    /// The name as it stands in `?error=`.
    ///
    /// ```
    /// assert_eq!(betancourt_auth::Code::OAuthAccountNotLinked.as_str(), "OAuthAccountNotLinked");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccessDenied => "AccessDenied",
            Self::BadRequest => "BadRequest",
            Self::Configuration => "Configuration",
            Self::CredentialsSignin => "CredentialsSignin",
            Self::EmailNotVerified => "EmailNotVerified",
            Self::EmailSignin => "EmailSignin",
            Self::InvalidCallbackUrl => "InvalidCallbackUrl",
            Self::LastAdministrator => "LastAdministrator",
            Self::LastWayIn => "LastWayIn",
            Self::MissingCSRF => "MissingCSRF",
            Self::NotFound => "NotFound",
            Self::OAuthAccountNotLinked => "OAuthAccountNotLinked",
            Self::OAuthCallbackError => "OAuthCallbackError",
            Self::ProviderUnavailable => "ProviderUnavailable",
            Self::RateLimited => "RateLimited",
            Self::ReauthRequired => "ReauthRequired",
            Self::Unauthorized => "Unauthorized",
            Self::Unavailable => "Unavailable",
            Self::Verification => "Verification",
        }
    }

    /// The code of that name; `None` for anything that is not on the list.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == name)
    }

    /// The status for an API, and for a page that is shown in place.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::AccessDenied
            | Self::EmailNotVerified
            | Self::MissingCSRF
            | Self::ReauthRequired => StatusCode::FORBIDDEN,
            Self::BadRequest
            | Self::EmailSignin
            | Self::InvalidCallbackUrl
            | Self::OAuthCallbackError
            | Self::Verification => StatusCode::BAD_REQUEST,
            Self::Configuration => StatusCode::INTERNAL_SERVER_ERROR,
            Self::CredentialsSignin | Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::LastAdministrator | Self::LastWayIn | Self::OAuthAccountNotLinked => {
                StatusCode::CONFLICT
            }
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::ProviderUnavailable => StatusCode::BAD_GATEWAY,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    pub(crate) fn landing(self) -> Landing {
        match self {
            Self::CredentialsSignin
            | Self::EmailNotVerified
            | Self::EmailSignin
            | Self::MissingCSRF
            | Self::OAuthAccountNotLinked
            | Self::OAuthCallbackError
            | Self::ProviderUnavailable
            | Self::ReauthRequired
            | Self::Unauthorized => Landing::SignIn,
            Self::AccessDenied | Self::Configuration | Self::Verification => Landing::Error,
            Self::BadRequest
            | Self::InvalidCallbackUrl
            | Self::LastAdministrator
            | Self::LastWayIn
            | Self::NotFound
            | Self::RateLimited
            | Self::Unavailable => Landing::Here,
        }
    }
}
