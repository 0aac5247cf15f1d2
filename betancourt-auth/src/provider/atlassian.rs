//! Atlassian. <https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/>

use serde_json::Value;

use super::{Email, Profile, Provider, identifier, oauth2, text};

/// Atlassian accounts. Keyed by `account_id`. No address counts as proven.
#[must_use]
pub fn atlassian() -> Provider {
    let addresses = [
        "https://auth.atlassian.com/authorize?audience=api.atlassian.com",
        "https://auth.atlassian.com/oauth/token",
        "https://api.atlassian.com/me",
    ];
    oauth2("atlassian", "Atlassian", addresses, profile).with_scopes(&["read:me"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "account_id")?,
        name: text(person, "name"),
        email: text(person, "email").map(Email::Unverified),
        image: text(person, "picture"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_atlassian_says() {
        let person = json!({
            "account_id": "a-1", "name": "Ada", "email": "ada@example.com",
            "picture": "https://img.example.com/a.png",
        });
        let expected = Profile {
            subject: "a-1".into(),
            name: Some("Ada".into()),
            email: Some(Email::Unverified("ada@example.com".into())),
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
