//! How a test makes a face hostile.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::answer::{Answer, Body};
use crate::callback::Callback;
use crate::endpoint::Endpoint;
use crate::signing::id_token::IdToken;

/// A change to what a face says, until [`LookAlikes::behave`](crate::LookAlikes::behave).
///
/// Tampers add up, in the order in which they were given.
///
/// ```
/// use betancourt_auth_dev::{Endpoint, Signature, Tamper};
///
/// let other_audience = Tamper::id_token(|token| token.claims["aud"] = "somebody-else".into());
/// let unsigned = Tamper::id_token(|token| {
///     token.header["alg"] = "none".into();
///     token.signature = Signature::Absent;
/// });
/// let mac = Tamper::json(Endpoint::Token, |token| token["token_type"] = "mac".into());
/// let no_code = Tamper::callback(|callback| callback.remove("code"));
/// ```
#[derive(Clone)]
pub struct Tamper(pub(crate) Change);

type Edit<T> = Arc<dyn Fn(&mut T) + Send + Sync>;

#[derive(Clone)]
pub(crate) enum Change {
    Answer(Endpoint, Edit<Answer>),
    IdToken(Edit<IdToken>),
    Callback(Edit<Callback>),
    RotatingRefreshTokens,
    WithoutPkce,
}

impl Tamper {
    /// Changes every answer of one endpoint before it is sent: status, headers, body.
    pub fn answer(endpoint: Endpoint, edit: impl Fn(&mut Answer) + Send + Sync + 'static) -> Self {
        Self(Change::Answer(endpoint, Arc::new(edit)))
    }

    /// Changes the JSON document that one endpoint answers with.
    pub fn json(endpoint: Endpoint, edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self::answer(endpoint, move |answer| {
            if let Body::Json(value) = &mut answer.body {
                edit(value);
            }
        })
    }

    /// Changes every ID token before it is signed.
    pub fn id_token(edit: impl Fn(&mut IdToken) + Send + Sync + 'static) -> Self {
        Self(Change::IdToken(Arc::new(edit)))
    }

    /// Changes every authorization response before the browser carries it to the app.
    pub fn callback(edit: impl Fn(&mut Callback) + Send + Sync + 'static) -> Self {
        Self(Change::Callback(Arc::new(edit)))
    }

    /// Gives another refresh token with every refresh. One that comes back a second time was stolen: all that came of
    /// its sign-in is revoked (RFC 9700 §4.14.2), and [`LookAlikes::stolen_refresh_tokens`] counts it.
    ///
    /// [`LookAlikes::stolen_refresh_tokens`]: crate::LookAlikes::stolen_refresh_tokens
    #[must_use]
    pub fn rotating_refresh_tokens() -> Self {
        Self(Change::RotatingRefreshTokens)
    }

    /// Stops asking for PKCE: no challenge is needed and no verifier is looked at.
    #[must_use]
    pub fn without_pkce() -> Self {
        Self(Change::WithoutPkce)
    }
}

impl fmt::Debug for Tamper {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match &self.0 {
            Change::Answer(endpoint, _) => {
                return write!(formatter, "Tamper::answer({endpoint:?})");
            }
            Change::IdToken(_) => "id_token",
            Change::Callback(_) => "callback",
            Change::RotatingRefreshTokens => "rotating_refresh_tokens",
            Change::WithoutPkce => "without_pkce",
        };
        write!(formatter, "Tamper::{what}")
    }
}
