//! Descope. <https://docs.descope.com/identity-federation/applications/oidc-apps>

use super::{Provider, oidc};

/// People of a Descope project, whose id is the client id, and stands in the issuer. Keyed by `sub`; an address is
/// as proven as `email_verified` says.
#[must_use]
pub fn descope() -> Provider {
    oidc("descope", "Descope", "https://api.descope.com/{client_id}")
}
