//! Mastodon. <https://docs.joinmastodon.org/spec/oauth/>

use serde_json::Value;

use super::{Profile, Provider, first_text, identifier, oauth2, text};

/// People of a Mastodon server. Keyed by `id`. There is no address.
#[must_use]
pub fn mastodon(address: &str) -> Provider {
    let address = address.trim_end_matches('/');
    let addresses = [
        format!("{address}/oauth/authorize"),
        format!("{address}/oauth/token"),
        format!("{address}/api/v1/accounts/verify_credentials"),
    ];
    oauth2("mastodon", "Mastodon", addresses, profile).with_scopes(&["read"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "username"),
        email: None,
        image: first_text(person, &["avatar_static", "avatar"]),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_mastodon_says() {
        let person = json!({
            "id": "1", "username": "ada", "avatar_static": "https://img.example.com/a.png",
        });
        let expected = Profile {
            subject: "1".into(),
            name: Some("ada".into()),
            email: None,
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
