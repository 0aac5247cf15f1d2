//! Spotify. <https://developer.spotify.com/documentation/web-api/tutorials/code-flow>

use serde_json::Value;

use super::{Email, Profile, Provider, identifier, oauth2, text};

/// Spotify accounts. Keyed by `id`. Spotify says that it does not prove addresses.
#[must_use]
pub fn spotify() -> Provider {
    let addresses = [
        "https://accounts.spotify.com/authorize",
        "https://accounts.spotify.com/api/token",
        "https://api.spotify.com/v1/me",
    ];
    oauth2("spotify", "Spotify", addresses, profile).with_scopes(&["user-read-email"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "display_name"),
        email: text(person, "email").map(Email::Unverified),
        image: person.pointer("/images/0").and_then(|image| text(image, "url")),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_spotify_says() {
        let person = json!({
            "id": "ada", "display_name": "Ada", "email": "ada@example.com",
            "images": [{ "url": "https://img.example.com/a.png" }],
        });
        let expected = Profile {
            subject: "ada".into(),
            name: Some("Ada".into()),
            email: Some(Email::Unverified("ada@example.com".into())),
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
