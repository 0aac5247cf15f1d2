//! IdentityServer4. <https://identityserver4.readthedocs.io/>

use super::{Provider, Quirk, oidc};

/// People of an IdentityServer4, which keeps their claims for UserInfo unless told otherwise. Keyed by `sub`; an
/// address is as proven as `email_verified` says.
#[must_use]
pub fn identity_server4(issuer: &str) -> Provider {
    oidc("identity-server4", "IdentityServer4", issuer.to_owned()).with_quirk(Quirk::UserInfo)
}
