//! Wikimedia. <https://www.mediawiki.org/wiki/OAuth/For_Developers>

use serde_json::Value;

use super::{Profile, Provider, identifier, oauth2, text, vouched_email};

/// Wikimedia accounts. Keyed by `sub`; an address is as proven as `confirmed_email` says.
#[must_use]
pub fn wikimedia() -> Provider {
    let addresses = [
        "https://meta.wikimedia.org/w/rest.php/oauth2/authorize",
        "https://meta.wikimedia.org/w/rest.php/oauth2/access_token",
        "https://meta.wikimedia.org/w/rest.php/oauth2/resource/profile",
    ];
    oauth2("wikimedia", "Wikimedia", addresses, profile)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "sub")?,
        name: text(person, "username"),
        email: vouched_email(person, "email", ("confirmed_email", Value::Bool(true))),
        image: None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provider::Email;

    #[test]
    fn takes_what_wikimedia_says() {
        let person = json!({
            "sub": "1", "username": "Ada", "email": "ada@example.com", "confirmed_email": true,
        });
        let expected = Profile {
            subject: "1".into(),
            name: Some("Ada".into()),
            email: Some(Email::Verified("ada@example.com".into())),
            image: None,
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
