//! HubSpot. <https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/oauth/working-with-oauth>

use serde_json::Value;

use super::{ClientAuthentication, Email, Profile, Provider, identifier, oauth2, text};

/// HubSpot users. Keyed by `user_id`; HubSpot tells their address, and no name. The token stands in the address of
/// the document. No address counts as proven.
#[must_use]
pub fn hubspot() -> Provider {
    let addresses = [
        "https://app.hubspot.com/oauth/authorize",
        "https://api.hubapi.com/oauth/v1/token",
        "https://api.hubapi.com/oauth/v1/access-tokens/{access_token}",
    ];
    oauth2("hubspot", "HubSpot", addresses, profile)
        .with_scopes(&["oauth"])
        .with_client_authentication(ClientAuthentication::Post)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "user_id")?,
        name: None,
        email: text(person, "user").map(Email::Unverified),
        image: None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_hubspot_says() {
        let person = json!({ "user": "ada@example.com", "user_id": 123 });
        let expected = Profile {
            subject: "123".into(),
            name: None,
            email: Some(Email::Unverified("ada@example.com".into())),
            image: None,
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
