//! Bungie. <https://github.com/Bungie-net/api/wiki/OAuth-Documentation>

use serde_json::Value;

use super::{Profile, Provider, identifier, oauth2, text};

/// Bungie.net accounts. Keyed by `membershipId`. There is no address. Bungie wants the key of the application with
/// each call: add it as [`DocumentHeader`](super::Quirk::DocumentHeader) of the name `X-API-Key`, or set
/// `AUTH_BUNGIE_API_KEY`.
#[must_use]
pub fn bungie() -> Provider {
    let addresses = [
        "https://www.bungie.net/en/OAuth/Authorize?reauth=true",
        "https://www.bungie.net/platform/app/oauth/token/",
        "https://www.bungie.net/platform/User/GetBungieAccount/{membership_id}/254/",
    ];
    oauth2("bungie", "Bungie", addresses, profile).with_scopes(&["openid", "profile", "email"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?.pointer("/Response/bungieNetUser")?;
    let picture = text(person, "profilePicturePath");
    let picture =
        picture.map(|path| format!("https://www.bungie.net/{}", path.trim_start_matches('/')));
    Some(Profile {
        subject: identifier(person, "membershipId")?,
        name: text(person, "displayName"),
        email: None,
        image: picture,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn completes_the_picture() {
        let person = json!({
            "Response": { "bungieNetUser": { "membershipId": "9", "displayName": "Ada",
            "profilePicturePath": "/img/a.png" } },
        });
        let expected = Profile {
            subject: "9".into(),
            name: Some("Ada".into()),
            email: None,
            image: Some("https://www.bungie.net/img/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
