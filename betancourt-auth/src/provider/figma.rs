//! Figma. <https://developers.figma.com/docs/rest-api/authentication/>

use serde_json::Value;

use super::{Email, Profile, Provider, identifier, oauth2, text};

/// Figma accounts. Keyed by `id`. No address counts as proven.
#[must_use]
pub fn figma() -> Provider {
    let addresses = [
        "https://www.figma.com/oauth",
        "https://api.figma.com/v1/oauth/token",
        "https://api.figma.com/v1/me",
    ];
    oauth2("figma", "Figma", addresses, profile).with_scopes(&["files:read"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "handle"),
        email: text(person, "email").map(Email::Unverified),
        image: text(person, "img_url"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_figma_says() {
        let person = json!({
            "id": "1", "handle": "Ada", "email": "ada@example.com", "img_url": "https://img.example.com/a.png",
        });
        let expected = Profile {
            subject: "1".into(),
            name: Some("Ada".into()),
            email: Some(Email::Unverified("ada@example.com".into())),
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
