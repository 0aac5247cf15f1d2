//! Pinterest. <https://developers.pinterest.com/docs/api/v5/user_account-get/>

use serde_json::Value;

use super::{Profile, Provider, Quirk, identifier, oauth2, text};

/// Pinterest accounts. Keyed by `id`: a username can change hands. There is no address.
#[must_use]
pub fn pinterest() -> Provider {
    let addresses = [
        "https://www.pinterest.com/oauth",
        "https://api.pinterest.com/v5/oauth/token",
        "https://api.pinterest.com/v5/user_account",
    ];
    oauth2("pinterest", "Pinterest", addresses, profile)
        .with_scopes(&["user_accounts:read"])
        .with_quirk(Quirk::CommaScopes)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "username"),
        email: None,
        image: text(person, "profile_image"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_pinterest_says() {
        let person = json!({
            "id": "729934870", "username": "ada", "profile_image": "https://img.example.com/a.png",
        });
        let expected = Profile {
            subject: "729934870".into(),
            name: Some("ada".into()),
            email: None,
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }

    #[test]
    fn a_username_is_nobody() {
        let person = json!({ "username": "ada" });
        assert_eq!(profile(&[person]), None);
    }
}
