//! Reddit. <https://github.com/reddit-archive/reddit/wiki/OAuth2>

use serde_json::Value;

use super::{Email, Profile, Provider, oauth2, standard, text};

/// Reddit accounts. Keyed by `id`. There is no address.
#[must_use]
pub fn reddit() -> Provider {
    let addresses = [
        "https://www.reddit.com/api/v1/authorize",
        "https://www.reddit.com/api/v1/access_token",
        "https://oauth.reddit.com/api/v1/me",
    ];
    oauth2("reddit", "Reddit", addresses, profile).with_scopes(&["identity"])
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
    fn takes_what_reddit_says() {
        let person = json!({ "id": "t1", "name": "ada" });
        let expected =
            Profile { subject: "t1".into(), name: Some("ada".into()), email: None, image: None };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
