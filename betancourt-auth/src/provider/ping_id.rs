//! Ping Identity. <https://docs.pingidentity.com/pingone/>

use super::{Provider, oidc};

/// People of a PingOne environment, whose issuer is `https://auth.pingone.<region>/<environment>/as`. Keyed by
/// `sub`; an address is as proven as `email_verified` says.
#[must_use]
pub fn ping_id(issuer: &str) -> Provider {
    oidc("ping-id", "Ping Identity", issuer.to_owned())
}
