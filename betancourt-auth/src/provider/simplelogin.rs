//! SimpleLogin. <https://simplelogin.io/docs/siwsl/intro/>

use serde_json::Value;

use super::{Profile, Provider, claimed_email, oidc, text};

/// SimpleLogin accounts. Keyed by `sub`; an address is as proven as `email_verified` says.
#[must_use]
pub fn simplelogin() -> Provider {
    oidc("simplelogin", "SimpleLogin", "https://app.simplelogin.io").with_profile(profile)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: text(person, "sub")?,
        name: text(person, "name"),
        email: claimed_email(person, &[]),
        image: text(person, "avatar_url"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provider::Email;

    #[test]
    fn takes_what_simplelogin_says() {
        let person = json!({
            "sub": "sub-123", "name": "Ada", "email": "ada@example.com", "email_verified": true,
            "avatar_url": "https://img.example.com/a.png",
        });
        let expected = Profile {
            subject: "sub-123".into(),
            name: Some("Ada".into()),
            email: Some(Email::Verified("ada@example.com".into())),
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
