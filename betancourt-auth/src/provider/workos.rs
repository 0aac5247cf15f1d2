//! WorkOS. <https://workos.com/docs/reference/sso>

use serde_json::Value;

use super::{ClientAuthentication, Email, Profile, Provider, full_name, identifier, oauth2, text};

/// People of the identity providers behind WorkOS. Keyed by the id of their profile. WorkOS wants to know the
/// connection: add it as [`Parameter`](super::Quirk::Parameter) `connection`. No address counts as proven.
#[must_use]
pub fn workos() -> Provider {
    let addresses = [
        "https://api.workos.com/sso/authorize",
        "https://api.workos.com/sso/token",
        "https://api.workos.com/sso/profile",
    ];
    oauth2("workos", "WorkOS", addresses, profile)
        .with_scopes(&["openid", "profile", "email"])
        .with_client_authentication(ClientAuthentication::Post)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: full_name(person, &["first_name", "last_name"]),
        email: text(person, "email").map(Email::Unverified),
        image: person.get("raw_attributes").and_then(|raw| text(raw, "picture")),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn puts_the_name_together() {
        let person = json!({
            "id": "prof_1", "first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com",
            "raw_attributes": { "picture": "https://img.example.com/a.png" },
        });
        let expected = Profile {
            subject: "prof_1".into(),
            name: Some("Ada Lovelace".into()),
            email: Some(Email::Unverified("ada@example.com".into())),
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
