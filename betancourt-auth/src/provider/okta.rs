//! Okta. <https://developer.okta.com/docs/reference/api/oidc/>

use super::{Provider, oidc};

/// People of an Okta organization, or of one of its authorization servers: `…/oauth2/<id>`. Keyed by `sub`; an
/// address is as proven as `email_verified` says.
#[must_use]
pub fn okta(issuer: &str) -> Provider {
    oidc("okta", "Okta", issuer.to_owned())
}
