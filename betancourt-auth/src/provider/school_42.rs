//! 42 School. <https://api.intra.42.fr/apidoc/guides/web_application_flow>

use serde_json::Value;

use super::{Email, Profile, Provider, identifier, oauth2, text};

/// 42 students, by the intranet. Keyed by `id`. No address counts as proven.
#[must_use]
pub fn school_42() -> Provider {
    let addresses = [
        "https://api.intra.42.fr/oauth/authorize",
        "https://api.intra.42.fr/oauth/token",
        "https://api.intra.42.fr/v2/me",
    ];
    oauth2("42-school", "42 School", addresses, profile).with_scopes(&["public"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "usual_full_name"),
        email: text(person, "email").map(Email::Unverified),
        image: person.pointer("/image").and_then(|image| text(image, "link")),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_the_intranet_says() {
        let person = json!({
            "id": 42, "usual_full_name": "Ada Lovelace", "email": "ada@student.42.fr",
            "image": { "link": "https://cdn.intra.42.fr/ada.jpg" },
        });
        let expected = Profile {
            subject: "42".into(),
            name: Some("Ada Lovelace".into()),
            email: Some(Email::Unverified("ada@student.42.fr".into())),
            image: Some("https://cdn.intra.42.fr/ada.jpg".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
