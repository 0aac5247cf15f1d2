//! Kakao. <https://developers.kakao.com/docs/latest/en/kakaologin/rest-api>

use serde_json::Value;

use super::{ClientAuthentication, Email, Profile, Provider, Quirk, identifier, oauth2, text};

/// Kakao accounts. Keyed by `id`; an address is proven if it is both valid and verified.
#[must_use]
pub fn kakao() -> Provider {
    let addresses = [
        "https://kauth.kakao.com/oauth/authorize",
        "https://kauth.kakao.com/oauth/token",
        "https://kapi.kakao.com/v2/user/me",
    ];
    oauth2("kakao", "Kakao", addresses, profile)
        .with_client_authentication(ClientAuthentication::Post)
        .with_quirk(Quirk::CommaScopes)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    let account = person.get("kakao_account").unwrap_or(&Value::Null);
    let profile = account.get("profile").unwrap_or(&Value::Null);
    let is = |member: &str| account.get(member) == Some(&Value::Bool(true));
    let is_proven = is("is_email_valid") && is("is_email_verified");
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(profile, "nickname"),
        email: text(account, "email").map(if is_proven {
            Email::Verified
        } else {
            Email::Unverified
        }),
        image: text(profile, "profile_image_url"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_kakao_says() {
        let person = json!({
            "id": 123, "kakao_account": { "email": "ada@example.com", "is_email_valid": true,
            "is_email_verified": true, "profile": { "nickname": "Ada",
            "profile_image_url": "https://img.example.com/a.png" } },
        });
        let expected = Profile {
            subject: "123".into(),
            name: Some("Ada".into()),
            email: Some(Email::Verified("ada@example.com".into())),
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }

    #[test]
    fn an_address_that_went_to_somebody_else_is_not_proven() {
        let person = json!({
            "id": 123, "kakao_account": { "email": "ada@example.com", "is_email_valid": false,
            "is_email_verified": true },
        });
        let expected = Profile {
            subject: "123".into(),
            name: None,
            email: Some(Email::Unverified("ada@example.com".into())),
            image: None,
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
