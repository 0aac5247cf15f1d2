//! Salesforce. <https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_using_openid.htm>

use super::{Provider, Quirk, oidc};

/// Salesforce accounts. Keyed by `sub`; the claims come from UserInfo, and an address is as proven as
/// `email_verified` says.
#[must_use]
pub fn salesforce() -> Provider {
    oidc("salesforce", "Salesforce", "https://login.salesforce.com").with_quirk(Quirk::UserInfo)
}
