//! Asgardeo. <https://wso2.com/asgardeo/docs/guides/authentication/oidc/>

use super::{Provider, oidc};

/// People of an Asgardeo organization, whose issuer ends in `/oauth2/token`. Keyed by `sub`; an address is as
/// proven as `email_verified` says.
#[must_use]
pub fn asgardeo(issuer: &str) -> Provider {
    oidc("asgardeo", "Asgardeo", issuer.to_owned())
}
