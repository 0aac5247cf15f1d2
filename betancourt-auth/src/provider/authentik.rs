//! Authentik. <https://docs.goauthentik.io/add-secure-apps/providers/oauth2/>

use super::{Provider, oidc};

/// People of an authentik server, whose issuer names the application: `…/application/o/<slug>/`. Keyed by `sub`; an
/// address is as proven as `email_verified` says.
#[must_use]
pub fn authentik(issuer: &str) -> Provider {
    oidc("authentik", "Authentik", issuer.to_owned())
}
