//! Providers of no catalogue: any issuer of OpenID Connect, any server of OAuth 2.

use super::{Algorithm, ClientAuthentication, Profile, Protocol, Provider, Text, standard};
use serde_json::Value;

/// An OpenID Connect provider that keeps to the standard: everything else stands in its discovery document. Its ID tokens
/// may be signed with RS256, PS256, ES256 or EdDSA, unless [`Provider::with_algorithms`] says otherwise.
///
/// ```
/// use betancourt_auth::provider::{Protocol, oidc};
/// let provider = oidc("our-own", "Our own", "https://id.example.com");
/// assert_eq!(provider.scopes, ["openid", "profile", "email"]);
/// assert!(matches!(provider.protocol, Protocol::OpenIdConnect { issuer, .. } if issuer == "https://id.example.com"));
/// ```
#[must_use]
pub fn oidc(id: impl Into<Text>, name: impl Into<Text>, issuer: impl Into<Text>) -> Provider {
    Provider {
        id: id.into(),
        name: name.into(),
        protocol: Protocol::OpenIdConnect {
            issuer: issuer.into(),
            algorithms: vec![
                Algorithm::Rs256,
                Algorithm::Ps256,
                Algorithm::Es256,
                Algorithm::EdDsa,
            ],
        },
        scopes: vec!["openid".into(), "profile".into(), "email".into()],
        client_authentication: ClientAuthentication::Basic,
        quirks: vec![],
        profile: standard,
    }
}

/// A provider that speaks plain OAuth 2 (RFC 6749), at its authorization endpoint, its token endpoint, and the address of
/// the document that says who the person is. It is asked for no scopes, and proves our client by `client_secret_basic`.
///
/// ```
/// use betancourt_auth::provider::{Email, Profile, oauth2};
/// let address = |path| format!("https://id.example.com/{path}");
/// let provider = oauth2("our-own", "Our own", [address("authorize"), address("token"), address("me")], |documents| {
///     let person = documents.first()?;
///     let text = |name: &str| person.get(name)?.as_str().map(str::to_owned);
///     let email = text("mail").map(Email::Unverified);
///     Some(Profile { subject: text("id")?, name: text("name"), email, image: None })
/// });
/// let person = serde_json::json!({ "id": "7", "name": "Ana Prada" });
/// assert_eq!((provider.profile)(&[person]).unwrap().name.as_deref(), Some("Ana Prada"));
/// ```
#[must_use]
pub fn oauth2(
    id: impl Into<Text>,
    name: impl Into<Text>,
    addresses: [impl Into<Text>; 3],
    profile: fn(&[Value]) -> Option<Profile>,
) -> Provider {
    let [authorization, token, document] = addresses.map(Into::into);
    Provider {
        id: id.into(),
        name: name.into(),
        protocol: Protocol::OAuth2 { authorization, token, documents: vec![document] },
        scopes: vec![],
        client_authentication: ClientAuthentication::Basic,
        quirks: vec![],
        profile,
    }
}
