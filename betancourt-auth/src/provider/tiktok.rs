//! TikTok. <https://developers.tiktok.com/doc/login-kit-web/>

use serde_json::Value;

use super::{ClientAuthentication, Profile, Provider, Quirk, identifier, oauth2, text};

/// TikTok accounts. Keyed by `open_id`, which TikTok mints for this application. There is no address.
#[must_use]
pub fn tiktok() -> Provider {
    let addresses = [
        "https://www.tiktok.com/v2/auth/authorize",
        "https://open.tiktokapis.com/v2/oauth/token/",
        "https://open.tiktokapis.com/v2/user/info/?fields=open_id,avatar_url,display_name",
    ];
    oauth2("tiktok", "TikTok", addresses, profile)
        .with_scopes(&["user.info.basic"])
        .with_client_authentication(ClientAuthentication::Post)
        .with_quirk(Quirk::ClientIdAs("client_key"))
        .with_quirk(Quirk::CommaScopes)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?.pointer("/data/user")?;
    Some(Profile {
        subject: identifier(person, "open_id")?,
        name: text(person, "display_name"),
        email: None,
        image: text(person, "avatar_url"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_tiktok_says() {
        let person = json!({
            "data": { "user": { "open_id": "o-1", "display_name": "Ada",
            "avatar_url": "https://img.example.com/a.png" } },
        });
        let expected = Profile {
            subject: "o-1".into(),
            name: Some("Ada".into()),
            email: None,
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
