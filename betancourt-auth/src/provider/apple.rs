//! Apple. <https://developer.apple.com/documentation/signinwithapple>

use serde_json::{Value, json};

use super::{
    Algorithm, ClientAuthentication, Inbox, Profile, Protocol, Provider, Quirk, claimed_email, text,
};

/// Apple accounts. Keyed by `sub`. Apple answers by a cross-site POST, sends the person's name only the first time,
/// writes `email_verified` as a text, and lets people hide behind a relay address, which is theirs all the same.
#[must_use]
pub fn apple() -> Provider {
    Provider {
        id: "apple".into(),
        name: "Apple".into(),
        protocol: Protocol::OpenIdConnect {
            issuer: "https://appleid.apple.com".into(),
            algorithms: vec![Algorithm::Rs256],
        },
        scopes: vec!["name".into(), "email".into()],
        client_authentication: ClientAuthentication::Post,
        quirks: vec![Quirk::FormPost, Quirk::NameInForm, Quirk::Inbox(Inbox::Notifications)],
        profile,
    }
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let claims = documents.first()?;
    Some(Profile {
        subject: text(claims, "sub")?,
        name: None,
        email: claimed_email(claims, &[json!("true")]),
        image: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Email;

    #[test]
    fn takes_what_apple_says() {
        let claims = json!({
            "iss": "https://appleid.apple.com", "sub": "001473.fe1a.1047", "email": "x7k2p9@privaterelay.appleid.com",
            "email_verified": "true", "is_private_email": "true",
        });
        let profile = profile(&[claims]).unwrap();
        assert_eq!(profile.subject, "001473.fe1a.1047");
        assert_eq!(profile.email, Some(Email::Verified("x7k2p9@privaterelay.appleid.com".into())));
    }

    #[test]
    fn other_texts_prove_nothing() {
        for said in [json!("false"), json!("1"), json!(null)] {
            let claims = json!({ "sub": "1", "email": "ana@example.com", "email_verified": said });
            assert_eq!(
                profile(&[claims]).unwrap().email,
                Some(Email::Unverified("ana@example.com".into()))
            );
        }
    }
}
