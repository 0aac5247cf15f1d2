//! WordPress.com. <https://developer.wordpress.com/docs/oauth2/>

use serde_json::Value;

use super::{Profile, Provider, claimed_email, identifier, oauth2, text};

/// WordPress.com accounts. Keyed by `ID`; an address is as proven as `email_verified` says.
#[must_use]
pub fn wordpress() -> Provider {
    let addresses = [
        "https://public-api.wordpress.com/oauth2/authorize",
        "https://public-api.wordpress.com/oauth2/token",
        "https://public-api.wordpress.com/rest/v1/me",
    ];
    oauth2("wordpress", "WordPress.com", addresses, profile).with_scopes(&["auth"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "ID")?,
        name: text(person, "display_name"),
        email: claimed_email(person, &[]),
        image: text(person, "avatar_URL"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provider::Email;

    #[test]
    fn takes_what_wordpress_says() {
        let person = json!({
            "ID": 1, "display_name": "Ada", "email": "ada@example.com", "email_verified": true,
            "avatar_URL": "https://img.example.com/a.png",
        });
        let expected = Profile {
            subject: "1".into(),
            name: Some("Ada".into()),
            email: Some(Email::Verified("ada@example.com".into())),
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
