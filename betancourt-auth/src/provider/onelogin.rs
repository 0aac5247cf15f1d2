//! OneLogin. <https://developers.onelogin.com/openid-connect>

use super::{Provider, oidc};

/// People of a OneLogin account, whose issuer is `https://<account>.onelogin.com/oidc/2`. Keyed by `sub`; an
/// address is as proven as `email_verified` says.
#[must_use]
pub fn onelogin(issuer: &str) -> Provider {
    oidc("onelogin", "OneLogin", issuer.to_owned())
}
