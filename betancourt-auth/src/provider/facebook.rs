//! Facebook. <https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow>

use serde_json::Value;

use super::{ClientAuthentication, Email, Inbox, Profile, Protocol, Provider, Quirk, text};

/// Facebook accounts, by the Graph API. Keyed by the id that Facebook gives the person for this application.
/// Facebook does not say whether an address is proven, so it never counts as proven; many people have none.
#[must_use]
pub fn facebook() -> Provider {
    Provider {
        id: "facebook".into(),
        name: "Facebook".into(),
        protocol: Protocol::OAuth2 {
            authorization: "https://www.facebook.com/v23.0/dialog/oauth".into(),
            token: "https://graph.facebook.com/v23.0/oauth/access_token".into(),
            documents: vec![
                "https://graph.facebook.com/v23.0/me?fields=id,name,email,picture".into(),
            ],
        },
        scopes: vec!["email".into()],
        client_authentication: ClientAuthentication::Post,
        quirks: vec![Quirk::AppSecretProof, Quirk::Inbox(Inbox::SignedRequests)],
        profile,
    }
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: text(person, "id")?,
        name: text(person, "name"),
        email: text(person, "email").map(Email::Unverified),
        image: person.pointer("/picture/data").and_then(|picture| text(picture, "url")),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_the_graph_says() {
        let person = json!({
            "id": "10224899016283421", "name": "Mateo Rincón", "email": "mateo@example.com",
            "picture": { "data": { "url": "https://platform-lookaside.fbsbx.com/photo.jpg", "is_silhouette": false } },
        });
        let profile = profile(&[person]).unwrap();
        assert_eq!(profile.subject, "10224899016283421");
        assert_eq!(profile.name.as_deref(), Some("Mateo Rincón"));
        assert_eq!(profile.email, Some(Email::Unverified("mateo@example.com".into())));
        assert_eq!(
            profile.image.as_deref(),
            Some("https://platform-lookaside.fbsbx.com/photo.jpg")
        );
    }

    #[test]
    fn a_person_may_have_no_address() {
        assert_eq!(profile(&[json!({ "id": "1", "name": "Mateo" })]).unwrap().email, None);
    }
}
