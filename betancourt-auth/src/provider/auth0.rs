//! Auth0. <https://auth0.com/docs/get-started/authentication-and-authorization-flow>

use super::{Provider, oidc};

/// People of an Auth0 tenant, whose issuer ends in a slash. Keyed by `sub`; an address is as proven as
/// `email_verified` says.
#[must_use]
pub fn auth0(issuer: &str) -> Provider {
    oidc("auth0", "Auth0", issuer.to_owned())
}
