//! ZITADEL. <https://zitadel.com/docs/apis/openidoauth/endpoints>

use super::{Provider, oidc};

/// People of a ZITADEL instance. Keyed by `sub`; an address is as proven as `email_verified` says.
#[must_use]
pub fn zitadel(issuer: &str) -> Provider {
    oidc("zitadel", "ZITADEL", issuer.to_owned())
}
