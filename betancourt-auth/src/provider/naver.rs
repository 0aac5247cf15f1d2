//! Naver. <https://developers.naver.com/docs/login/api/api.md>

use serde_json::Value;

use super::{Email, Profile, Provider, identifier, oauth2, text};

/// NAVER accounts. Keyed by `id`. No address counts as proven.
#[must_use]
pub fn naver() -> Provider {
    let addresses = [
        "https://nid.naver.com/oauth2.0/authorize",
        "https://nid.naver.com/oauth2.0/token",
        "https://openapi.naver.com/v1/nid/me",
    ];
    oauth2("naver", "Naver", addresses, profile).with_scopes(&["openid", "profile", "email"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?.pointer("/response")?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "nickname"),
        email: text(person, "email").map(Email::Unverified),
        image: text(person, "profile_image"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_naver_says() {
        let person = json!({
            "response": { "id": "1", "nickname": "Ada", "email": "ada@example.com",
            "profile_image": "https://img.example.com/a.png" },
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
