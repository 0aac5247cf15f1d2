//! EVE Online. <https://developers.eveonline.com/docs/services/sso/>

use serde_json::Value;

use super::{Profile, Provider, identifier, oauth2, text};

/// Characters of EVE Online. Keyed by `CharacterID`. There is no address.
#[must_use]
pub fn eveonline() -> Provider {
    let addresses = [
        "https://login.eveonline.com/v2/oauth/authorize",
        "https://login.eveonline.com/v2/oauth/token",
        "https://login.eveonline.com/oauth/verify",
    ];
    oauth2("eveonline", "EVE Online", addresses, profile).with_scopes(&["publicData"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let character = documents.first()?;
    let subject = identifier(character, "CharacterID")?;
    Some(Profile {
        name: text(character, "CharacterName"),
        email: None,
        image: Some(format!("https://image.eveonline.com/Character/{subject}_128.jpg")),
        subject,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn draws_the_character() {
        let person = json!({ "CharacterID": 95465499, "CharacterName": "CCP Bartender" });
        let expected = Profile {
            subject: "95465499".into(),
            name: Some("CCP Bartender".into()),
            email: None,
            image: Some("https://image.eveonline.com/Character/95465499_128.jpg".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
