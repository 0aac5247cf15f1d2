//! Strava. <https://developers.strava.com/docs/authentication/>

use serde_json::Value;

use super::{ClientAuthentication, Profile, Provider, Quirk, full_name, identifier, oauth2, text};

/// Strava athletes. Keyed by `id`. There is no address.
#[must_use]
pub fn strava() -> Provider {
    let addresses = [
        "https://www.strava.com/api/v3/oauth/authorize?approval_prompt=auto",
        "https://www.strava.com/api/v3/oauth/token",
        "https://www.strava.com/api/v3/athlete",
    ];
    oauth2("strava", "Strava", addresses, profile)
        .with_scopes(&["read"])
        .with_client_authentication(ClientAuthentication::Post)
        .with_quirk(Quirk::CommaScopes)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: full_name(person, &["firstname", "lastname"]),
        email: None,
        image: text(person, "profile"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn puts_the_name_together() {
        let person = json!({
            "id": 1, "firstname": "Ada", "lastname": "Lovelace", "profile": "https://img.example.com/a.png",
        });
        let expected = Profile {
            subject: "1".into(),
            name: Some("Ada Lovelace".into()),
            email: None,
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
