//! Passage. <https://docs.passage.id/hosted-login>

use super::{Provider, oidc};

/// People of a Passage by 1Password app. Keyed by `sub`; an address is as proven as `email_verified` says.
#[must_use]
pub fn passage(issuer: &str) -> Provider {
    oidc("passage", "Passage", issuer.to_owned())
}
