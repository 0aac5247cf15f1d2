//! Pipedrive. <https://pipedrive.readme.io/docs/marketplace-oauth-authorization>

use serde_json::Value;

use super::{Email, Profile, Provider, identifier, oauth2, text};

/// Pipedrive users. Keyed by `id`. No address counts as proven.
#[must_use]
pub fn pipedrive() -> Provider {
    let addresses = [
        "https://oauth.pipedrive.com/oauth/authorize",
        "https://oauth.pipedrive.com/oauth/token",
        "https://api.pipedrive.com/users/me",
    ];
    oauth2("pipedrive", "Pipedrive", addresses, profile)
        .with_scopes(&["openid", "profile", "email"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?.pointer("/data")?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "name"),
        email: text(person, "email").map(Email::Unverified),
        image: text(person, "icon_url"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_pipedrive_says() {
        let person = json!({
            "data": { "id": 1, "name": "Ada", "email": "ada@example.com",
            "icon_url": "https://img.example.com/a.png" },
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
