//! Todoist. <https://developer.todoist.com/api/v1/>

use serde_json::Value;

use super::{ClientAuthentication, Email, Profile, Provider, Quirk, identifier, oauth2, text};

/// Todoist accounts. Keyed by `id`. No address counts as proven.
#[must_use]
pub fn todoist() -> Provider {
    let addresses = [
        "https://todoist.com/oauth/authorize",
        "https://todoist.com/oauth/access_token",
        "https://api.todoist.com/api/v1/user",
    ];
    oauth2("todoist", "Todoist", addresses, profile)
        .with_scopes(&["data:read"])
        .with_client_authentication(ClientAuthentication::Post)
        .with_quirk(Quirk::CommaScopes)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "full_name"),
        email: text(person, "email").map(Email::Unverified),
        image: text(person, "avatar_big"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_todoist_says() {
        let person = json!({
            "id": "1", "email": "ada@example.com", "full_name": "Ada",
            "avatar_big": "https://img.example.com/a.png",
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
