//! Frontegg. <https://docs.frontegg.com/docs/>

use super::{Provider, Quirk, oidc};

/// People of a Frontegg environment. Keyed by `sub`; an address is as proven as `email_verified` says.
#[must_use]
pub fn frontegg(issuer: &str) -> Provider {
    oidc("frontegg", "Frontegg", issuer.to_owned()).with_quirk(Quirk::DiscoveryBelow("/oauth"))
}
