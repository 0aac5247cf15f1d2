//! FACEIT. <https://docs.faceit.com/docs/oauth2/>

use serde_json::Value;

use super::{Email, Profile, Provider, identifier, oauth2, text};

/// FACEIT accounts. Keyed by `guid`. No address counts as proven.
#[must_use]
pub fn faceit() -> Provider {
    let addresses = [
        "https://accounts.faceit.com/accounts?redirect_popup=true",
        "https://api.faceit.com/auth/v1/oauth/token",
        "https://api.faceit.com/auth/v1/resources/userinfo",
    ];
    oauth2("faceit", "FACEIT", addresses, profile).with_scopes(&["openid", "profile", "email"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "guid")?,
        name: text(person, "name"),
        email: text(person, "email").map(Email::Unverified),
        image: text(person, "picture"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_faceit_says() {
        let person = json!({
            "guid": "g", "name": "Ada", "email": "ada@example.com", "picture": "https://img.example.com/a.png",
        });
        let expected = Profile {
            subject: "g".into(),
            name: Some("Ada".into()),
            email: Some(Email::Unverified("ada@example.com".into())),
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
