//! Concept2. <https://log.concept2.com/developers/documentation/>

use serde_json::Value;

use super::{Email, Profile, Provider, Quirk, identifier, oauth2, text};

/// Concept2 logbook accounts. Keyed by `id`. No address counts as proven.
#[must_use]
pub fn concept2() -> Provider {
    let addresses = [
        "https://log.concept2.com/oauth/authorize",
        "https://log.concept2.com/oauth/access_token",
        "https://log.concept2.com/api/users/me",
    ];
    oauth2("concept2", "Concept2", addresses, profile)
        .with_scopes(&["user:read", "results:write"])
        .with_quirk(Quirk::CommaScopes)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?.pointer("/data")?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "username"),
        email: text(person, "email").map(Email::Unverified),
        image: text(person, "profile_image"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_the_logbook_says() {
        let person = json!({
            "data": { "id": 1, "username": "ada", "email": "ada@example.com",
            "profile_image": "https://img.example.com/a.png" },
        });
        let expected = Profile {
            subject: "1".into(),
            name: Some("ada".into()),
            email: Some(Email::Unverified("ada@example.com".into())),
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
