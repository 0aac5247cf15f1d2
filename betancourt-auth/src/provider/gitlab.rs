//! GitLab. <https://docs.gitlab.com/api/oauth2/>

use serde_json::Value;

use super::{Email, Profile, Provider, first_text, identifier, oauth2, text};

/// GitLab accounts, at gitlab.com or, with [`Provider::at`], at an instance of your own. Keyed by `id`. An address
/// counts as proven once GitLab says when it was confirmed.
#[must_use]
pub fn gitlab() -> Provider {
    let addresses = [
        "https://gitlab.com/oauth/authorize",
        "https://gitlab.com/oauth/token",
        "https://gitlab.com/api/v4/user",
    ];
    oauth2("gitlab", "GitLab", addresses, profile).with_scopes(&["read_user"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    let is_confirmed = text(person, "confirmed_at").is_some();
    Some(Profile {
        subject: identifier(person, "sub").or_else(|| identifier(person, "id"))?,
        name: first_text(person, &["name", "username"]),
        email: text(person, "email").map(if is_confirmed {
            Email::Verified
        } else {
            Email::Unverified
        }),
        image: text(person, "avatar_url"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_gitlab_says() {
        let person = json!({
            "id": 1, "name": "Ada", "username": "ada", "email": "ada@example.com",
            "confirmed_at": "2012-05-23T09:05:22Z", "avatar_url": "https://img.example.com/a.png",
        });
        let expected = Profile {
            subject: "1".into(),
            name: Some("Ada".into()),
            email: Some(Email::Verified("ada@example.com".into())),
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }

    #[test]
    fn an_address_that_waits_for_its_owner_is_not_proven() {
        let person = json!({
            "id": 1, "username": "ada", "email": "ada@example.com", "confirmed_at": null,
        });
        let expected = Profile {
            subject: "1".into(),
            name: Some("ada".into()),
            email: Some(Email::Unverified("ada@example.com".into())),
            image: None,
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
