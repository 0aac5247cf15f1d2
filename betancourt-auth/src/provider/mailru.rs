//! Mail.ru. <https://id.vk.com/about/business/go/docs/ru/vkid/latest/oauth/oauth-mail/index>

use serde_json::Value;

use super::{Email, Profile, Provider, oauth2, standard, text};

/// Mail.ru accounts. Keyed by `id`. No address counts as proven.
#[must_use]
pub fn mailru() -> Provider {
    let addresses = [
        "https://oauth.mail.ru/login",
        "https://oauth.mail.ru/token",
        "https://oauth.mail.ru/userinfo",
    ];
    oauth2("mailru", "Mail.ru", addresses, profile).with_scopes(&["userinfo"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let address = text(documents.first()?, "email");
    Some(Profile { email: address.map(Email::Unverified), ..standard(documents)? })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_address_is_proven() {
        let person = json!({
            "id": "1", "name": "Ada", "email": "ada@example.com", "email_verified": true,
        });
        let expected = Profile {
            subject: "1".into(),
            name: Some("Ada".into()),
            email: Some(Email::Unverified("ada@example.com".into())),
            image: None,
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
