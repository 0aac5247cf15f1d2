//! Twitch. <https://dev.twitch.tv/docs/authentication/getting-tokens-oidc/>

use super::{ClientAuthentication, Provider, Quirk, oidc};

/// What the ID token is to hold (OpenID Connect Core §5.5).
const CLAIMS: &str = r#"{"id_token":{"email":null,"picture":null,"preferred_username":null}}"#;

/// Twitch accounts. Keyed by `sub`; name, address and picture are asked for as claims of the ID token. An address
/// counts as proven only if `email_verified` comes along, which has to be asked for, too.
#[must_use]
pub fn twitch() -> Provider {
    oidc("twitch", "Twitch", "https://id.twitch.tv/oauth2")
        .with_scopes(&["openid", "user:read:email"])
        .with_client_authentication(ClientAuthentication::Post)
        .with_quirk(Quirk::ScopeList)
        .with_quirk(Quirk::Parameter("claims".into(), CLAIMS.into()))
}
