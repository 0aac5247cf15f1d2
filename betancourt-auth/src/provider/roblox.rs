//! Roblox. <https://create.roblox.com/docs/cloud/auth/oauth2-overview>

use super::{Algorithm, Protocol, Provider, oidc};

/// Roblox accounts. Keyed by `sub`; there is no address.
#[must_use]
pub fn roblox() -> Provider {
    let mut provider = oidc("roblox", "Roblox", "https://apis.roblox.com/oauth/")
        .with_scopes(&["openid", "profile"]);
    if let Protocol::OpenIdConnect { algorithms, .. } = &mut provider.protocol {
        *algorithms = vec![Algorithm::Es256];
    }
    provider
}
