//! Webex. <https://developer.webex.com/docs/integrations>

use serde_json::Value;

use super::{Email, Profile, Provider, identifier, oauth2, text};

/// Webex accounts. Keyed by `id`. No address counts as proven.
#[must_use]
pub fn webex() -> Provider {
    let addresses = [
        "https://webexapis.com/v1/authorize",
        "https://webexapis.com/v1/access_token",
        "https://webexapis.com/v1/people/me",
    ];
    oauth2("webex", "Webex", addresses, profile).with_scopes(&["spark:kms", "spark:people_read"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "displayName"),
        email: person
            .pointer("/emails/0")
            .and_then(Value::as_str)
            .map(|address| Email::Unverified(address.to_owned())),
        image: text(person, "avatar"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_the_first_address() {
        let person = json!({
            "id": "1", "emails": ["ada@example.com"], "displayName": "Ada",
            "avatar": "https://img.example.com/a.png",
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
