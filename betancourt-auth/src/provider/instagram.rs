//! Instagram. <https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login>

use serde_json::Value;

use super::{ClientAuthentication, Profile, Provider, Quirk, identifier, oauth2, text};

/// Instagram accounts. Keyed by `id`. There is no address.
#[must_use]
pub fn instagram() -> Provider {
    let addresses = [
        "https://api.instagram.com/oauth/authorize",
        "https://api.instagram.com/oauth/access_token",
        "https://graph.instagram.com/me?fields=id,username,account_type,name",
    ];
    oauth2("instagram", "Instagram", addresses, profile)
        .with_scopes(&["user_profile"])
        .with_client_authentication(ClientAuthentication::Post)
        .with_quirk(Quirk::CommaScopes)
        .with_quirk(Quirk::UntypedToken)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "username"),
        email: None,
        image: None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_instagram_says() {
        let person = json!({ "id": "1", "username": "ada", "account_type": "PERSONAL" });
        let expected =
            Profile { subject: "1".into(), name: Some("ada".into()), email: None, image: None };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
