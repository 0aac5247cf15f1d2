//! Twitter. <https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code>

use serde_json::Value;

use super::{Email, Profile, Provider, identifier, oauth2, text};

/// X accounts, still by the id of old. Keyed by `id`. An address comes only to applications that may ask for it,
/// and counts as proven as `confirmed_email`.
#[must_use]
pub fn twitter() -> Provider {
    let addresses = [
        "https://x.com/i/oauth2/authorize",
        "https://api.x.com/2/oauth2/token",
        "https://api.x.com/2/users/me?user.fields=profile_image_url",
    ];
    oauth2("twitter", "Twitter", addresses, profile).with_scopes(&[
        "users.read",
        "tweet.read",
        "offline.access",
    ])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?.pointer("/data")?;
    let unconfirmed = || text(person, "email").map(Email::Unverified);
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "name"),
        email: text(person, "confirmed_email").map(Email::Verified).or_else(unconfirmed),
        image: text(person, "profile_image_url"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_x_says() {
        let person = json!({
            "data": { "id": "1", "name": "Ada", "username": "ada",
            "profile_image_url": "https://img.example.com/a.png" },
        });
        let expected = Profile {
            subject: "1".into(),
            name: Some("Ada".into()),
            email: None,
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }

    #[test]
    fn a_confirmed_address_is_proven() {
        let person = json!({
            "data": { "id": "1", "name": "Ada", "confirmed_email": "ada@example.com" },
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
