//! osu!. <https://osu.ppy.sh/docs/>

use serde_json::Value;

use super::{Profile, Provider, identifier, oauth2, text};

/// osu! accounts. Keyed by `id`. There is no address.
#[must_use]
pub fn osu() -> Provider {
    let addresses = [
        "https://osu.ppy.sh/oauth/authorize",
        "https://osu.ppy.sh/oauth/token",
        "https://osu.ppy.sh/api/v2/me",
    ];
    oauth2("osu", "osu!", addresses, profile).with_scopes(&["identify"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "username"),
        email: None,
        image: text(person, "avatar_url"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_osu_says() {
        let person = json!({
            "id": 2, "username": "ada", "avatar_url": "https://img.example.com/a.png",
        });
        let expected = Profile {
            subject: "2".into(),
            name: Some("ada".into()),
            email: None,
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
