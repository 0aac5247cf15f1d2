//! Hydra. <https://www.ory.com/docs/hydra>

use super::{Provider, oidc};

/// People who sign in by an Ory Hydra, which says what the app behind it puts into the token. Keyed by `sub`; an
/// address is as proven as `email_verified` says.
#[must_use]
pub fn hydra(issuer: &str) -> Provider {
    oidc("hydra", "Hydra", issuer.to_owned())
}
