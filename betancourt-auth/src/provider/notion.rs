//! Notion. <https://developers.notion.com/docs/authorization>

use serde_json::Value;

use super::{Email, Profile, Provider, Quirk, identifier, oauth2, text};

/// Notion accounts. Keyed by `id`. No address counts as proven.
#[must_use]
pub fn notion() -> Provider {
    let addresses = [
        "https://api.notion.com/v1/oauth/authorize?owner=user",
        "https://api.notion.com/v1/oauth/token",
        "https://api.notion.com/v1/users/me",
    ];
    oauth2("notion", "Notion", addresses, profile)
        .with_scopes(&["openid", "profile", "email"])
        .with_quirk(Quirk::DocumentHeader("Notion-Version", "2022-06-28".into()))
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?.pointer("/bot/owner/user")?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "name"),
        email: person.get("person").and_then(|person| text(person, "email")).map(Email::Unverified),
        image: text(person, "avatar_url"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_the_owner_of_the_token() {
        let person = json!({
            "bot": { "owner": { "user": { "id": "1", "name": "Ada", "person": { "email": "ada@example.com" },
            "avatar_url": "https://img.example.com/a.png" } } },
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
