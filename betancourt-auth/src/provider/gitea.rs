//! Gitea. <https://docs.gitea.com/development/oauth2-provider>

use super::{Provider, oidc};

/// People of a Gitea or Forgejo server, whose issuer is its address. Keyed by `sub`; an address is as proven as
/// `email_verified` says.
#[must_use]
pub fn gitea(issuer: &str) -> Provider {
    oidc("gitea", "Gitea", issuer.to_owned())
}
