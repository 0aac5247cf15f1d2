//! Vipps. <https://developer.vippsmobilepay.com/docs/APIs/login-api/>

use super::{Provider, Quirk, oidc};

/// People who have Vipps or MobilePay. Keyed by `sub`; the claims come from UserInfo, and an address is as proven
/// as `email_verified` says.
#[must_use]
pub fn vipps() -> Provider {
    oidc("vipps", "Vipps", "https://api.vipps.no/access-management-1.0/access/")
        .with_scopes(&["openid", "name", "email"])
        .with_quirk(Quirk::UserInfo)
}
