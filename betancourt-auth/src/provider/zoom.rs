//! Zoom. <https://developers.zoom.us/docs/integrations/oauth/>

use serde_json::Value;

use super::{Profile, Provider, full_name, identifier, oauth2, text, vouched_email};

/// Zoom users. Keyed by `id`; an address is proven if `verified` is 1.
#[must_use]
pub fn zoom() -> Provider {
    let addresses = [
        "https://zoom.us/oauth/authorize",
        "https://zoom.us/oauth/token",
        "https://api.zoom.us/v2/users/me",
    ];
    oauth2("zoom", "Zoom", addresses, profile)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: full_name(person, &["first_name", "last_name"]),
        email: vouched_email(person, "email", ("verified", Value::from(1))),
        image: text(person, "pic_url"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provider::Email;

    #[test]
    fn takes_what_zoom_says() {
        let person = json!({
            "id": "1", "first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com", "verified": 1,
            "pic_url": "https://img.example.com/a.png",
        });
        let expected = Profile {
            subject: "1".into(),
            name: Some("Ada Lovelace".into()),
            email: Some(Email::Verified("ada@example.com".into())),
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
