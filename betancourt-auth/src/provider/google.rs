//! Google. <https://developers.google.com/identity/openid-connect/openid-connect>

use serde_json::Value;

use super::{
    Algorithm, ClientAuthentication, Email, Inbox, Profile, Protocol, Provider, Quirk,
    claimed_email, text,
};

/// The domains of addresses that belong to a Google account whatever becomes of anybody's domain.
const GMAIL: [&str; 2] = ["gmail.com", "googlemail.com"];

/// Google accounts. Keyed by `sub`. An address is proven where Google runs it: `email_verified`, and either of Gmail or of
/// a Workspace (`hd`). Google checked others once, and whoever has them now may be somebody else.
///
/// To admit one Workspace domain only, add [`Quirk::HostedDomain`]: it is checked in the signed claim `hd`.
///
/// ```
/// use betancourt_auth::provider::{Quirk, google};
/// let mut staff = google();
/// staff.quirks.push(Quirk::HostedDomain("example.com".into()));
/// ```
#[must_use]
pub fn google() -> Provider {
    Provider {
        id: "google".into(),
        name: "Google".into(),
        protocol: Protocol::OpenIdConnect {
            issuer: "https://accounts.google.com".into(),
            algorithms: vec![Algorithm::Rs256],
        },
        scopes: vec!["openid".into(), "profile".into(), "email".into()],
        client_authentication: ClientAuthentication::Post,
        quirks: vec![
            Quirk::IssuerSpelling("accounts.google.com".into()),
            Quirk::Inbox(Inbox::SecurityEvents("/.well-known/risc-configuration")),
        ],
        profile,
    }
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let claims = documents.first()?;
    Some(Profile {
        subject: text(claims, "sub")?,
        name: text(claims, "name"),
        email: claimed_email(claims, &[]).map(|email| believed(email, claims)),
        image: text(claims, "picture"),
    })
}

/// Google answers for the addresses that it runs.
/// <https://developers.google.com/identity/gsi/web/guides/verify-google-id-token>
fn believed(email: Email, claims: &Value) -> Email {
    let domain = email.address().rsplit('@').next().unwrap_or_default();
    let is_gmail = GMAIL.iter().any(|own| own.eq_ignore_ascii_case(domain));
    if is_gmail || text(claims, "hd").is_some() { email } else { email.unproven() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_google_says() {
        let claims = json!({
            "iss": "https://accounts.google.com", "sub": "110169484474386276334", "email": "ana@gmail.com",
            "email_verified": true, "name": "Ana Prada", "picture": "https://lh3.googleusercontent.com/a/photo",
        });
        let profile = profile(&[claims]).unwrap();
        assert_eq!(profile.subject, "110169484474386276334");
        assert_eq!(profile.name.as_deref(), Some("Ana Prada"));
        assert_eq!(profile.email, Some(Email::Verified("ana@gmail.com".into())));
        assert_eq!(profile.image.as_deref(), Some("https://lh3.googleusercontent.com/a/photo"));
    }

    #[test]
    fn google_answers_for_the_addresses_that_it_runs() {
        let judged = |email: &str, hd: Value| {
            let claims = json!({ "sub": "1", "email": email, "email_verified": true, "hd": hd });
            profile(&[claims]).unwrap().email.unwrap().verified().is_some()
        };
        assert!(judged("Ana@GMail.com", json!(null)) && judged("ana@googlemail.com", json!(null)));
        assert!(judged("ana@example.com", json!("example.com")));
        for elsewhere in ["ana@example.com", "ana@gmail.com.example.com", "gmail.com@example.com"] {
            assert!(
                !judged(elsewhere, json!(null)) && !judged(elsewhere, json!("")),
                "{elsewhere}"
            );
        }
    }

    #[test]
    fn only_the_boolean_proves_an_address() {
        for said in [json!("true"), json!(1), json!("false"), json!(0), json!(null)] {
            let claims = json!({ "sub": "1", "email": "ana@example.com", "email_verified": said });
            assert_eq!(
                profile(&[claims]).unwrap().email,
                Some(Email::Unverified("ana@example.com".into()))
            );
        }
    }
}
