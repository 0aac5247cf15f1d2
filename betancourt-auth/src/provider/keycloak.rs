//! Keycloak. <https://www.keycloak.org/securing-apps/oidc-layers>

use super::{Provider, oidc};

/// People of a Keycloak realm, whose issuer ends in `/realms/<realm>`. Keyed by `sub`; an address is as proven as
/// `email_verified` says.
#[must_use]
pub fn keycloak(issuer: &str) -> Provider {
    oidc("keycloak", "Keycloak", issuer.to_owned())
}
