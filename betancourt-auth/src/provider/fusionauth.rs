//! FusionAuth. <https://fusionauth.io/docs/lifecycle/authenticate-users/oauth/>

use serde_json::Value;

use super::{Profile, Provider, claimed_email, full_name, oidc, text};

/// People of a FusionAuth tenant, whose issuer must be its address. Keyed by `sub`; an address is as proven as
/// `email_verified` says.
#[must_use]
pub fn fusionauth(issuer: &str) -> Provider {
    oidc("fusionauth", "FusionAuth", issuer.to_owned())
        .with_scopes(&["openid", "offline_access", "email", "profile"])
        .with_profile(profile)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: text(person, "sub")?,
        name: text(person, "name").or_else(|| full_name(person, &["given_name", "family_name"])),
        email: claimed_email(person, &[]),
        image: text(person, "picture"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provider::Email;

    #[test]
    fn puts_the_name_together() {
        let person = json!({
            "sub": "s", "given_name": "Ada", "family_name": "Lovelace", "email": "ada@example.com",
            "email_verified": true,
        });
        let expected = Profile {
            subject: "s".into(),
            name: Some("Ada Lovelace".into()),
            email: Some(Email::Verified("ada@example.com".into())),
            image: None,
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
