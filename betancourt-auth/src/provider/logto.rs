//! Logto. <https://docs.logto.io/integrate-logto/third-party-applications>

use serde_json::Value;

use super::{Algorithm, Profile, Protocol, Provider, claimed_email, first_text, oidc, text};

/// People of a Logto tenant, whose issuer ends in `/oidc`. Keyed by `sub`; an address is as proven as
/// `email_verified` says.
#[must_use]
pub fn logto(issuer: &str) -> Provider {
    let mut provider = oidc("logto", "Logto", issuer.to_owned())
        .with_scopes(&["offline_access", "openid", "email", "profile"])
        .with_profile(profile);
    if let Protocol::OpenIdConnect { algorithms, .. } = &mut provider.protocol {
        *algorithms = vec![Algorithm::Es384, Algorithm::Rs256];
    }
    provider
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: text(person, "sub")?,
        name: first_text(person, &["name", "username"]),
        email: claimed_email(person, &[]),
        image: text(person, "picture"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provider::Email;

    #[test]
    fn takes_what_logto_says() {
        let person = json!({
            "sub": "s", "username": "ada", "email": "ada@example.com", "email_verified": true,
        });
        let expected = Profile {
            subject: "s".into(),
            name: Some("ada".into()),
            email: Some(Email::Verified("ada@example.com".into())),
            image: None,
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
