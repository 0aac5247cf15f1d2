//! Netlify. <https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/>

use serde_json::Value;

use super::{Email, Profile, Provider, identifier, oauth2, text};

/// Netlify accounts. Keyed by `id`. No address counts as proven.
#[must_use]
pub fn netlify() -> Provider {
    let addresses = [
        "https://app.netlify.com/authorize",
        "https://api.netlify.com/oauth/token",
        "https://api.netlify.com/api/v1/user",
    ];
    oauth2("netlify", "Netlify", addresses, profile)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "full_name"),
        email: text(person, "email").map(Email::Unverified),
        image: text(person, "avatar_url"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_netlify_says() {
        let person = json!({
            "id": "1", "full_name": "Ada", "email": "ada@example.com",
            "avatar_url": "https://img.example.com/a.png",
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
