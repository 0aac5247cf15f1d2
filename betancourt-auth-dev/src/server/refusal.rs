//! Why a face says no, and how it words that on the wire.

use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, StatusCode};
use serde_json::json;

use crate::answer::Answer;
use crate::face::Face;
use crate::server::parameters::Repeated;
use crate::signing::apple_key::SecretRefused;
use crate::signing::signing_key::KeyError;

/// Every reason, with the sentence a developer reads (`error_description`, plain ASCII).
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("a parameter is there more than once")]
    Repeated,
    #[error("the parameter {0} is missing")]
    Missing(&'static str),
    #[error("the tenant in the address is unknown here")]
    UnknownTenant,
    #[error("only response_type=code is answered")]
    ResponseType,
    #[error("this response_mode is not offered")]
    ResponseMode,
    #[error("name and e-mail are only given with response_mode=form_post")]
    FormPostRequired,
    #[error("PKCE is required: send code_challenge with code_challenge_method=S256")]
    Challenge,
    #[error("the scope is empty")]
    Scope,
    #[error("request objects are not read here")]
    RequestObject,
    #[error("request objects are not fetched here")]
    RequestUri,
    #[error("nobody is signed in, and prompt=none allows no page")]
    LoginRequired,
    #[error("the person cancelled")]
    Cancelled,
    #[error("a client authenticates by one method only")]
    TwoMethods,
    #[error("client authentication is missing or of a kind not taken here")]
    ClientMethod,
    #[error("the client id or the client secret is wrong")]
    Client,
    #[error(transparent)]
    ClientSecret(#[from] SecretRefused),
    #[error("this grant_type is not served")]
    GrantType,
    #[error("the code is unknown here")]
    UnknownCode,
    #[error("the code is older than a minute")]
    ExpiredCode,
    #[error("the code was redeemed before; the tokens it gave are revoked")]
    ReusedCode,
    #[error("redirect_uri is not that of the authorization request")]
    RedirectUri,
    #[error("code_verifier does not match the code_challenge")]
    Verifier,
    #[error("the refresh token is unknown or revoked")]
    RefreshToken,
    #[error("the access token is missing")]
    NoAccessToken,
    #[error("the access token is unknown, expired or revoked")]
    AccessToken,
    #[error("appsecret_proof is missing or is not the HMAC-SHA256 of the access token")]
    Proof,
    #[error("fields asks for something a person does not have")]
    Fields,
    #[error("out of order for this sign-in, as asked for on the page")]
    Outage,
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl Refusal {
    /// The error code of RFC 6749, RFC 6750 or OpenID Connect.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Repeated
            | Self::Missing(_)
            | Self::ResponseMode
            | Self::FormPostRequired
            | Self::Challenge
            | Self::TwoMethods
            | Self::Proof
            | Self::Fields => "invalid_request",
            Self::UnknownTenant => "invalid_tenant",
            Self::ResponseType => "unsupported_response_type",
            Self::Scope => "invalid_scope",
            Self::RequestObject => "request_not_supported",
            Self::RequestUri => "request_uri_not_supported",
            Self::LoginRequired => "login_required",
            Self::Cancelled => "access_denied",
            Self::ClientMethod | Self::Client | Self::ClientSecret(_) => "invalid_client",
            Self::GrantType => "unsupported_grant_type",
            Self::UnknownCode
            | Self::ExpiredCode
            | Self::ReusedCode
            | Self::RedirectUri
            | Self::Verifier
            | Self::RefreshToken => "invalid_grant",
            Self::NoAccessToken | Self::AccessToken => "invalid_token",
            Self::Outage => "temporarily_unavailable",
            Self::Key(_) => "server_error",
        }
    }

    /// The refusal as this face answers it.
    pub(crate) fn answer(&self, face: Face) -> Answer {
        let body = match face {
            Face::Facebook => json!({ "error": {
                "message": self.to_string(),
                "type": "OAuthException",
                "code": self.graph_code(),
                "fbtrace_id": crate::random::token(""),
            }}),
            Face::Google | Face::Apple | Face::Microsoft => {
                json!({ "error": self.code(), "error_description": self.to_string() })
            }
        };
        let answer = Answer::json(self.status(face), body).private();
        match self.header(face) {
            Some((name, value)) => answer.with(name, value),
            None => answer,
        }
    }

    /// Graph and Apple answer 400 where RFC 6749 §5.2 leaves the choice.
    fn status(&self, face: Face) -> StatusCode {
        match (self, face) {
            (Self::Outage, _) => StatusCode::SERVICE_UNAVAILABLE,
            (Self::Key(_), _) => StatusCode::INTERNAL_SERVER_ERROR,
            (_, Face::Facebook | Face::Apple) => StatusCode::BAD_REQUEST,
            _ if matches!(self.code(), "invalid_client" | "invalid_token") => {
                StatusCode::UNAUTHORIZED
            }
            _ => StatusCode::BAD_REQUEST,
        }
    }

    fn header(&self, face: Face) -> Option<(HeaderName, &'static str)> {
        let challenge = |value| Some((WWW_AUTHENTICATE, value));
        match (self, face) {
            (Self::Outage, _) => Some((RETRY_AFTER, "60")),
            (_, Face::Facebook | Face::Apple) => None,
            (Self::NoAccessToken, _) => challenge("Bearer realm=\"look-alike\""),
            (Self::AccessToken, _) => {
                challenge("Bearer realm=\"look-alike\", error=\"invalid_token\"")
            }
            _ if self.code() == "invalid_client" => challenge("Basic realm=\"look-alike\""),
            _ => None,
        }
    }

    /// Graph's number for the same thing.
    fn graph_code(&self) -> u16 {
        match self.code() {
            "invalid_token" => 190,
            "invalid_client" => 101,
            "temporarily_unavailable" | "server_error" => 2,
            _ => 100,
        }
    }
}

impl From<Repeated> for Refusal {
    fn from(_: Repeated) -> Self {
        Self::Repeated
    }
}
