//! ClickUp. <https://developer.clickup.com/docs/authentication>

use serde_json::Value;

use super::{Email, Profile, Provider, identifier, oauth2, text};

/// ClickUp accounts. Keyed by `id`. No address counts as proven.
#[must_use]
pub fn click_up() -> Provider {
    let addresses = [
        "https://app.clickup.com/api",
        "https://api.clickup.com/api/v2/oauth/token",
        "https://api.clickup.com/api/v2/user",
    ];
    oauth2("click-up", "ClickUp", addresses, profile).with_scopes(&["openid", "profile", "email"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?.pointer("/user")?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "username"),
        email: text(person, "email").map(Email::Unverified),
        image: text(person, "profilePicture"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_clickup_says() {
        let person = json!({
            "user": { "id": 7, "username": "ada", "profilePicture": "https://img.example.com/a.png" },
        });
        let expected = Profile {
            subject: "7".into(),
            name: Some("ada".into()),
            email: None,
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
