//! Slack. <https://docs.slack.dev/authentication/sign-in-with-slack/>

use super::{Provider, oidc};

/// Slack accounts, one for each workspace. Keyed by `sub`; an address is as proven as `email_verified` says.
#[must_use]
pub fn slack() -> Provider {
    oidc("slack", "Slack", "https://slack.com")
}
