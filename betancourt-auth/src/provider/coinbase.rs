//! Coinbase. <https://docs.cdp.coinbase.com/coinbase-app/oauth2-integration/overview>

use serde_json::Value;

use super::{Email, Profile, Provider, identifier, oauth2, text};

/// Coinbase accounts. Keyed by `id`. No address counts as proven.
#[must_use]
pub fn coinbase() -> Provider {
    let addresses = [
        "https://login.coinbase.com/oauth2/auth",
        "https://login.coinbase.com/oauth2/token",
        "https://api.coinbase.com/v2/user",
    ];
    oauth2("coinbase", "Coinbase", addresses, profile)
        .with_scopes(&["wallet:user:email", "wallet:user:read"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?.pointer("/data")?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "name"),
        email: text(person, "email").map(Email::Unverified),
        image: text(person, "avatar_url"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_coinbase_says() {
        let person = json!({
            "data": { "id": "1", "name": "Ada", "email": "ada@example.com",
            "avatar_url": "https://img.example.com/a.png" },
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
