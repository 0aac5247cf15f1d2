//! DuendeIdentityServer6. <https://docs.duendesoftware.com/identityserver/>

use super::{Provider, Quirk, oidc};

/// People of a Duende IdentityServer, which keeps their claims for UserInfo unless told otherwise. Keyed by `sub`;
/// an address is as proven as `email_verified` says.
#[must_use]
pub fn duende_identity_server6(issuer: &str) -> Provider {
    oidc("duende-identity-server6", "DuendeIdentityServer6", issuer.to_owned())
        .with_quirk(Quirk::UserInfo)
}
