//! VK. <https://dev.vk.com/en/api/access-token/authcode-flow-user>

use serde_json::Value;

use super::{
    ClientAuthentication, Email, Profile, Provider, Quirk, full_name, identifier, oauth2, text,
};

/// VK accounts. Keyed by `id`. The address comes beside the token. VK does not do PKCE for clients on a server. No
/// address counts as proven.
#[must_use]
pub fn vk() -> Provider {
    let addresses = [
        "https://oauth.vk.com/authorize?v=5.131",
        "https://oauth.vk.com/access_token?v=5.131",
        "https://api.vk.com/method/users.get?fields=photo_100&v=5.131",
    ];
    oauth2("vk", "VK", addresses, profile)
        .with_scopes(&["email"])
        .with_client_authentication(ClientAuthentication::Post)
        .with_quirk(Quirk::CommaScopes)
        .with_quirk(Quirk::NoPkce)
        .with_quirk(Quirk::TokenAnswer)
        .with_quirk(Quirk::UntypedToken)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?.pointer("/response/0")?;
    let answer = documents.get(1).unwrap_or(&Value::Null);
    Some(Profile {
        subject: identifier(person, "id")?,
        name: full_name(person, &["first_name", "last_name"]),
        email: text(answer, "email").map(Email::Unverified),
        image: text(person, "photo_100"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_the_address_from_beside_the_token() {
        let person = json!({
            "response": [{ "id": 1, "first_name": "Ada", "last_name": "Lovelace",
            "photo_100": "https://img.example.com/a.png" }],
        });
        let more = json!({ "email": "ada@example.com" });
        let expected = Profile {
            subject: "1".into(),
            name: Some("Ada Lovelace".into()),
            email: Some(Email::Unverified("ada@example.com".into())),
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person, more]), Some(expected));
    }
}
