//! LinkedIn. <https://learn.microsoft.com/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2>

use super::{ClientAuthentication, Provider, Quirk, oidc};

/// LinkedIn accounts. LinkedIn brings no nonce back, and its web flow refuses code verifiers: what ties the answer
/// to this browser is the state. Keyed by `sub`; an address is as proven as `email_verified` says.
#[must_use]
pub fn linkedin() -> Provider {
    oidc("linkedin", "LinkedIn", "https://www.linkedin.com/oauth")
        .with_client_authentication(ClientAuthentication::Post)
        .with_quirk(Quirk::NoNonce)
        .with_quirk(Quirk::NoPkce)
}
