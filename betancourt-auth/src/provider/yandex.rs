//! Yandex. <https://yandex.com/dev/id/doc/en/user-information>

use serde_json::Value;

use super::{Email, Profile, Provider, first_text, identifier, oauth2, text};

/// Yandex accounts. Keyed by `id`. No address counts as proven.
#[must_use]
pub fn yandex() -> Provider {
    let addresses = [
        "https://oauth.yandex.ru/authorize",
        "https://oauth.yandex.ru/token",
        "https://login.yandex.ru/info?format=json",
    ];
    oauth2("yandex", "Yandex", addresses, profile).with_scopes(&[
        "login:info",
        "login:email",
        "login:avatar",
    ])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    let first = || person.pointer("/emails/0").and_then(Value::as_str).map(str::to_owned);
    let has_picture = person.get("is_avatar_empty") == Some(&Value::Bool(false));
    let picture = text(person, "default_avatar_id").filter(|_| has_picture);
    Some(Profile {
        subject: identifier(person, "id")?,
        name: first_text(person, &["display_name", "real_name", "first_name"]),
        email: text(person, "default_email").or_else(first).map(Email::Unverified),
        image: picture.map(|id| format!("https://avatars.yandex.net/get-yapic/{id}/islands-200")),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_yandex_says() {
        let person = json!({
            "id": "1", "display_name": "ada", "default_email": "ada@yandex.ru", "is_avatar_empty": false,
            "default_avatar_id": "131652443",
        });
        let expected = Profile {
            subject: "1".into(),
            name: Some("ada".into()),
            email: Some(Email::Unverified("ada@yandex.ru".into())),
            image: Some("https://avatars.yandex.net/get-yapic/131652443/islands-200".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
