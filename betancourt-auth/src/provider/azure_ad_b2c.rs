//! Azure AD B2C. <https://learn.microsoft.com/azure/active-directory-b2c/tokens-overview>

use serde_json::Value;

use super::{Email, Profile, Provider, first_text, oidc, text};

/// People of an Azure AD B2C tenant and user flow, whose issuer ends in `/v2.0/`. Keyed by `sub`. The address is
/// the first of the claim `emails`, of which Microsoft does not say whether it is proven.
#[must_use]
pub fn azure_ad_b2c(issuer: &str) -> Provider {
    oidc("azure-ad-b2c", "Azure AD B2C", issuer.to_owned()).with_profile(profile)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: text(person, "sub")?,
        name: first_text(person, &["name", "preferred_username"]),
        email: person
            .pointer("/emails/0")
            .and_then(Value::as_str)
            .map(|address| Email::Unverified(address.to_owned())),
        image: None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_the_first_address() {
        let person = json!({
            "sub": "sub-123", "name": "Ada Lovelace", "email_verified": true, "emails": ["ada@example.com",
            "b@example.com"],
        });
        let expected = Profile {
            subject: "sub-123".into(),
            name: Some("Ada Lovelace".into()),
            email: Some(Email::Unverified("ada@example.com".into())),
            image: None,
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
