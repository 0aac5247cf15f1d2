//! LINE. <https://developers.line.biz/en/docs/line-login/integrate-line-login/>

use super::{Algorithm, Protocol, Provider, oidc};

/// LINE accounts. Keyed by `sub`, which LINE mints for this provider of channels. LINE signs ID tokens for web
/// logins with the channel secret, and does not say whether an address is proven.
#[must_use]
pub fn line() -> Provider {
    let mut provider = oidc("line", "LINE", "https://access.line.me");
    if let Protocol::OpenIdConnect { algorithms, .. } = &mut provider.protocol {
        *algorithms = vec![Algorithm::Hs256];
    }
    provider
}
