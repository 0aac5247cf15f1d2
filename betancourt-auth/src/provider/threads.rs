//! Threads. <https://developers.facebook.com/docs/threads/get-started/get-access-tokens-and-permissions>

use serde_json::Value;

use super::{ClientAuthentication, Profile, Provider, Quirk, identifier, oauth2, text};

/// Threads accounts. Keyed by `id`. There is no address.
#[must_use]
pub fn threads() -> Provider {
    let addresses = [
        "https://threads.net/oauth/authorize",
        "https://graph.threads.net/oauth/access_token",
        "https://graph.threads.net/v1.0/me?fields=id,username,threads_profile_picture_url",
    ];
    oauth2("threads", "Threads", addresses, profile)
        .with_scopes(&["threads_basic"])
        .with_client_authentication(ClientAuthentication::Post)
        .with_quirk(Quirk::CommaScopes)
        .with_quirk(Quirk::UntypedToken)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let document = documents.first()?;
    let person = document.get("data").unwrap_or(document);
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "username"),
        email: None,
        image: text(person, "threads_profile_picture_url"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_threads_says() {
        let person = json!({
            "id": "1", "username": "ada", "threads_profile_picture_url": "https://img.example.com/a.png",
        });
        let expected = Profile {
            subject: "1".into(),
            name: Some("ada".into()),
            email: None,
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
