//! BoxyHQ SAML. <https://boxyhq.com/docs/jackson/deploy/service>

use serde_json::Value;

use super::{Email, Profile, Provider, full_name, identifier, oauth2, text};

/// People of a SAML identity provider behind BoxyHQ SAML Jackson. Keyed by `id`. No address counts as proven.
#[must_use]
pub fn boxyhq_saml(address: &str) -> Provider {
    let address = address.trim_end_matches('/');
    let addresses = [
        format!("{address}/api/oauth/authorize?provider=saml"),
        format!("{address}/api/oauth/token"),
        format!("{address}/api/oauth/userinfo"),
    ];
    oauth2("boxyhq-saml", "BoxyHQ SAML", addresses, profile)
        .with_scopes(&["openid", "profile", "email"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: full_name(person, &["firstName", "lastName"]),
        email: text(person, "email").map(Email::Unverified),
        image: None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn puts_the_name_together() {
        let person = json!({
            "id": "1", "email": "ada@example.com", "firstName": "Ada", "lastName": "Lovelace",
        });
        let expected = Profile {
            subject: "1".into(),
            name: Some("Ada Lovelace".into()),
            email: Some(Email::Unverified("ada@example.com".into())),
            image: None,
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
