//! Freshbooks. <https://www.freshbooks.com/api/authentication>

use serde_json::Value;

use super::{Email, Profile, Provider, full_name, identifier, oauth2, text};

/// FreshBooks accounts. Keyed by `id`. No address counts as proven.
#[must_use]
pub fn freshbooks() -> Provider {
    let addresses = [
        "https://auth.freshbooks.com/service/auth/oauth/authorize",
        "https://api.freshbooks.com/auth/oauth/token",
        "https://api.freshbooks.com/auth/api/v1/users/me",
    ];
    oauth2("freshbooks", "Freshbooks", addresses, profile)
        .with_scopes(&["openid", "profile", "email"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?.pointer("/response")?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: full_name(person, &["first_name", "last_name"]),
        email: text(person, "email").map(Email::Unverified),
        image: None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn puts_the_name_together() {
        let person = json!({
            "response": { "id": 1, "first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com" },
        });
        let expected = Profile {
            subject: "1".into(),
            name: Some("Ada Lovelace".into()),
            email: Some(Email::Unverified("ada@example.com".into())),
            image: None,
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
