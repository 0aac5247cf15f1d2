//! Medium. <https://github.com/Medium/medium-api-docs>

use serde_json::Value;

use super::{Profile, Provider, identifier, oauth2, text};

/// Medium accounts. Keyed by `id`. There is no address. Medium registers no new applications.
#[must_use]
pub fn medium() -> Provider {
    let addresses = [
        "https://medium.com/m/oauth/authorize",
        "https://api.medium.com/v1/tokens",
        "https://api.medium.com/v1/me",
    ];
    oauth2("medium", "Medium", addresses, profile).with_scopes(&["basicProfile"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?.pointer("/data")?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "name"),
        email: None,
        image: text(person, "imageUrl"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_medium_says() {
        let person = json!({
            "data": { "id": "1", "name": "Ada", "imageUrl": "https://img.example.com/a.png" },
        });
        let expected = Profile {
            subject: "1".into(),
            name: Some("Ada".into()),
            email: None,
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
