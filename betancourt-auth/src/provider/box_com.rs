//! Box. <https://developer.box.com/guides/authentication/oauth2/>

use serde_json::Value;

use super::{Email, Profile, Provider, identifier, oauth2, text};

/// Box accounts. Keyed by `id`; the address is the `login`. No address counts as proven.
#[must_use]
pub fn box_com() -> Provider {
    let addresses = [
        "https://account.box.com/api/oauth2/authorize",
        "https://api.box.com/oauth2/token",
        "https://api.box.com/2.0/users/me",
    ];
    oauth2("box", "Box", addresses, profile).with_scopes(&["openid", "profile", "email"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "name"),
        email: text(person, "login").map(Email::Unverified),
        image: text(person, "avatar_url"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_box_says() {
        let person = json!({
            "id": "1", "name": "Ada", "login": "ada@example.com", "avatar_url": "https://img.example.com/a.png",
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
