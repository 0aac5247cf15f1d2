//! Google. <https://developers.google.com/identity/openid-connect/openid-connect>

use serde_json::Value;

use super::{
    Algorithm, ClientAuthentication, Inbox, Profile, Protocol, Provider, Quirk, claimed_email, text,
};

/// Google accounts. Keyed by `sub`; the address is as proven as Google's `email_verified` says.
///
/// To admit one Workspace domain only, add [`Quirk::HostedDomain`]: it is checked in the signed claim `hd`.
///
/// ```
/// use betancourt_auth::provider::{Quirk, google};
/// let mut staff = google();
/// staff.quirks.push(Quirk::HostedDomain("example.com".into()));
/// ```
#[must_use]
pub fn google() -> Provider {
    Provider {
        id: "google".into(),
        name: "Google".into(),
        protocol: Protocol::OpenIdConnect {
            issuer: "https://accounts.google.com".into(),
            algorithms: vec![Algorithm::Rs256],
        },
        scopes: vec!["openid".into(), "profile".into(), "email".into()],
        client_authentication: ClientAuthentication::Post,
        quirks: vec![
            Quirk::IssuerSpelling("accounts.google.com".into()),
            Quirk::Inbox(Inbox::SecurityEvents("/.well-known/risc-configuration")),
        ],
        profile,
    }
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let claims = documents.first()?;
    Some(Profile {
        subject: text(claims, "sub")?,
        name: text(claims, "name"),
        email: claimed_email(claims, &[]),
        image: text(claims, "picture"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provider::Email;

    #[test]
    fn takes_what_google_says() {
        let claims = json!({
            "iss": "https://accounts.google.com", "sub": "110169484474386276334", "email": "ana@example.com",
            "email_verified": true, "name": "Ana Prada", "picture": "https://lh3.googleusercontent.com/a/photo",
        });
        let profile = profile(&[claims]).unwrap();
        assert_eq!(profile.subject, "110169484474386276334");
        assert_eq!(profile.name.as_deref(), Some("Ana Prada"));
        assert_eq!(profile.email, Some(Email::Verified("ana@example.com".into())));
        assert_eq!(profile.image.as_deref(), Some("https://lh3.googleusercontent.com/a/photo"));
    }

    #[test]
    fn only_the_boolean_proves_an_address() {
        for said in [json!("true"), json!(1), json!("false"), json!(0), json!(null)] {
            let claims = json!({ "sub": "1", "email": "ana@example.com", "email_verified": said });
            assert_eq!(
                profile(&[claims]).unwrap().email,
                Some(Email::Unverified("ana@example.com".into()))
            );
        }
    }
}
