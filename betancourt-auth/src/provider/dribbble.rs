//! Dribbble. <https://developer.dribbble.com/v2/oauth/>

use serde_json::Value;

use super::{Email, Profile, Provider, identifier, oauth2, text};

/// Dribbble accounts. Keyed by `id`. No address counts as proven.
#[must_use]
pub fn dribbble() -> Provider {
    let addresses = [
        "https://dribbble.com/oauth/authorize",
        "https://dribbble.com/oauth/token",
        "https://api.dribbble.com/v2/user",
    ];
    oauth2("dribbble", "Dribbble", addresses, profile).with_scopes(&["public"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "name"),
        email: text(person, "email").map(Email::Unverified),
        image: text(person, "avatar_url"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_dribbble_says() {
        let person =
            json!({ "id": 5, "name": "Ada", "avatar_url": "https://img.example.com/a.png" });
        let expected = Profile {
            subject: "5".into(),
            name: Some("Ada".into()),
            email: None,
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
