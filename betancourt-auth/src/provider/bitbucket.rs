//! Bitbucket. <https://developer.atlassian.com/cloud/bitbucket/rest/intro/#authentication>

use serde_json::Value;

use super::{Profile, Provider, first_text, identifier, oauth2, text};

/// Bitbucket accounts. Keyed by `account_id`. There is no address.
#[must_use]
pub fn bitbucket() -> Provider {
    let addresses = [
        "https://bitbucket.org/site/oauth2/authorize",
        "https://bitbucket.org/site/oauth2/access_token",
        "https://api.bitbucket.org/2.0/user",
    ];
    oauth2("bitbucket", "Bitbucket", addresses, profile).with_scopes(&["account"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "account_id")?,
        name: first_text(person, &["display_name", "username"]),
        email: None,
        image: person.pointer("/links/avatar").and_then(|avatar| text(avatar, "href")),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_bitbucket_says() {
        let person = json!({
            "account_id": "acc", "display_name": "Ada", "username": "ada",
            "links": { "avatar": { "href": "https://img.example.com/a.png" } },
        });
        let expected = Profile {
            subject: "acc".into(),
            name: Some("Ada".into()),
            email: None,
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
