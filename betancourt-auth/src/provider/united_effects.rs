//! United Effects. <https://docs.unitedeffects.com/>

use super::{Provider, Quirk, oidc};

/// People of a United Effects auth group. The issuer is the resource that access tokens are for. Keyed by `sub`; an
/// address is as proven as `email_verified` says.
#[must_use]
pub fn united_effects(issuer: &str) -> Provider {
    oidc("united-effects", "United Effects", issuer.to_owned())
        .with_scopes(&["openid", "email", "profile"])
        .with_quirk(Quirk::Parameter("resource".into(), issuer.to_owned().into()))
}
