//! Battle.net. <https://community.developer.battle.net/documentation/guides/using-oauth>

use serde_json::Value;

use super::{Profile, Provider, first_text, oidc, text};

/// Battle.net accounts. Keyed by `sub`; there is no address. China has an issuer of its own,
/// `https://oauth.battlenet.com.cn`.
#[must_use]
pub fn battlenet() -> Provider {
    oidc("battlenet", "Battle.net", "https://oauth.battle.net").with_profile(profile)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: text(person, "sub")?,
        name: first_text(person, &["battle_tag", "battletag"]),
        email: None,
        image: None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_the_battle_tag() {
        let person = json!({ "sub": "123", "battle_tag": "Ada#1234" });
        let expected = Profile {
            subject: "123".into(),
            name: Some("Ada#1234".into()),
            email: None,
            image: None,
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
