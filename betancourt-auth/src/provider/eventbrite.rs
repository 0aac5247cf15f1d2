//! Eventbrite. <https://www.eventbrite.com/platform/api#/introduction/authentication>

use serde_json::Value;

use super::{ClientAuthentication, Profile, Provider, identifier, oauth2, text, vouched_email};

/// Eventbrite accounts. Keyed by `id`; the primary address is as proven as its `verified` says.
#[must_use]
pub fn eventbrite() -> Provider {
    let addresses = [
        "https://www.eventbrite.com/oauth/authorize",
        "https://www.eventbrite.com/oauth/token",
        "https://www.eventbriteapi.com/v3/users/me/",
    ];
    oauth2("eventbrite", "Eventbrite", addresses, profile)
        .with_scopes(&["user.profile"])
        .with_client_authentication(ClientAuthentication::Post)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    let emails = person.get("emails").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let primary = emails.iter().find(|email| email.get("primary") == Some(&Value::Bool(true)));
    let image = text(person, "image_id").map(|id| {
        format!(
            "https://img.evbuc.com/https%3A%2F%2Fcdn.evbuc.com%2Fimages%2F{id}%2F1%2Foriginal.jpg"
        )
    });
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "name"),
        email: primary
            .and_then(|email| vouched_email(email, "email", ("verified", Value::Bool(true)))),
        image,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provider::Email;

    #[test]
    fn takes_the_primary_address() {
        let person = json!({
            "id": "1", "name": "Ada", "emails": [{ "email": "x@example.com", "primary": false },
            { "email": "ada@example.com", "primary": true, "verified": true }], "image_id": null,
        });
        let expected = Profile {
            subject: "1".into(),
            name: Some("Ada".into()),
            email: Some(Email::Verified("ada@example.com".into())),
            image: None,
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
