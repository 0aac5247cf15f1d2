//! Beyond Identity. <https://developer.beyondidentity.com/>

use serde_json::Value;

use super::{Profile, Provider, claimed_email, oidc, text};

/// People of a Beyond Identity application. Keyed by `sub`; an address is as proven as `email_verified` says.
#[must_use]
pub fn beyondidentity(issuer: &str) -> Provider {
    oidc("beyondidentity", "Beyond Identity", issuer.to_owned()).with_profile(profile)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: text(person, "sub")?,
        name: text(person, "name"),
        email: claimed_email(person, &[]),
        image: None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provider::Email;

    #[test]
    fn takes_no_picture() {
        let person = json!({
            "sub": "sub-123", "name": "Ada Lovelace", "email": "ada@example.com", "email_verified": true,
            "picture": "https://img.example.com/a.png",
        });
        let expected = Profile {
            subject: "sub-123".into(),
            name: Some("Ada Lovelace".into()),
            email: Some(Email::Verified("ada@example.com".into())),
            image: None,
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
