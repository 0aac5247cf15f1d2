//! Trakt. <https://trakt.docs.apiary.io/>

use serde_json::Value;

use super::{Profile, Provider, Quirk, identifier, oauth2, text};

/// Trakt accounts. Keyed by `ids.uuid`: a slug follows the username, which can change hands. There is no address.
#[must_use]
pub fn trakt() -> Provider {
    let addresses = [
        "https://trakt.tv/oauth/authorize",
        "https://api.trakt.tv/oauth/token",
        "https://api.trakt.tv/users/me?extended=full",
    ];
    oauth2("trakt", "Trakt", addresses, profile)
        .with_quirk(Quirk::DocumentHeader("trakt-api-version", "2".into()))
        .with_quirk(Quirk::DocumentHeader("trakt-api-key", "{client_id}".into()))
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person.get("ids")?, "uuid")?,
        name: text(person, "name"),
        email: None,
        image: person.pointer("/images/avatar").and_then(|avatar| text(avatar, "full")),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_trakt_says() {
        let person = json!({
            "ids": { "slug": "ada", "uuid": "b6589fc6ab0dc82cf12099d1c2d40ab994e8410c" }, "name": "Ada",
            "images": { "avatar": { "full": "https://img.example.com/a.png" } },
        });
        let expected = Profile {
            subject: "b6589fc6ab0dc82cf12099d1c2d40ab994e8410c".into(),
            name: Some("Ada".into()),
            email: None,
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }

    #[test]
    fn a_slug_is_nobody() {
        let person = json!({ "ids": { "slug": "ada" }, "name": "Ada" });
        assert_eq!(profile(&[person]), None);
    }
}
