//! Patreon. <https://docs.patreon.com/>

use serde_json::Value;

use super::{Profile, Provider, identifier, oauth2, text, vouched_email};

/// Patreon accounts. Keyed by `id`; an address is as proven as `is_email_verified` says.
#[must_use]
pub fn patreon() -> Provider {
    let addresses = [
        "https://www.patreon.com/oauth2/authorize",
        "https://www.patreon.com/api/oauth2/token",
        "https://www.patreon.com/api/oauth2/api/current_user",
    ];
    oauth2("patreon", "Patreon", addresses, profile).with_scopes(&["identity", "identity[email]"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let data = documents.first()?.get("data")?;
    let person = data.get("attributes")?;
    Some(Profile {
        subject: identifier(data, "id")?,
        name: text(person, "full_name"),
        email: vouched_email(person, "email", ("is_email_verified", Value::Bool(true))),
        image: text(person, "image_url"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provider::Email;

    #[test]
    fn takes_what_patreon_says() {
        let person = json!({
            "data": { "id": "1", "attributes": { "full_name": "Ada", "email": "ada@example.com",
            "is_email_verified": true, "image_url": "https://img.example.com/a.png" } },
        });
        let expected = Profile {
            subject: "1".into(),
            name: Some("Ada".into()),
            email: Some(Email::Verified("ada@example.com".into())),
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
