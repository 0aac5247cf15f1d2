//! Cognito. <https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html>

use super::{Provider, oidc};

/// People of an Amazon Cognito user pool, whose issuer is `https://cognito-idp.<region>.amazonaws.com/<pool>`.
/// Keyed by `sub`; an address is as proven as `email_verified` says.
#[must_use]
pub fn cognito(issuer: &str) -> Provider {
    oidc("cognito", "Cognito", issuer.to_owned())
}
