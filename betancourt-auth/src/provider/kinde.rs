//! Kinde. <https://docs.kinde.com/developer-tools/about/using-kinde-without-an-sdk/>

use super::{Provider, oidc};

/// People of a Kinde business. Keyed by `sub`; an address is as proven as `email_verified` says.
#[must_use]
pub fn kinde(issuer: &str) -> Provider {
    oidc("kinde", "Kinde", issuer.to_owned())
}
