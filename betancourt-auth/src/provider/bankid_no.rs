//! BankID Norge. <https://developer.bankid.no/bankid-oidc-provider/>

use serde_json::Value;

use super::{ClientAuthentication, Profile, Provider, Quirk, claimed_email, oidc, text};

/// People with a Norwegian BankID. Keyed by `sub`; the claims come from UserInfo, signed. There is no picture.
#[must_use]
pub fn bankid_no() -> Provider {
    oidc("bankid-no", "BankID Norge", "https://auth.bankid.no/auth/realms/prod")
        .with_profile(profile)
        .with_client_authentication(ClientAuthentication::Post)
        .with_quirk(Quirk::Parameter("ui_locales".into(), "no".into()))
        .with_quirk(Quirk::Parameter("login_hint".into(), "BIS".into()))
        .with_quirk(Quirk::UserInfo)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: text(person, "sub")?,
        name: text(person, "name"),
        email: claimed_email(person, &[]),
        image: None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_bankid_says() {
        let person = json!({ "sub": "s", "name": "Ola Nordmann" });
        let expected = Profile {
            subject: "s".into(),
            name: Some("Ola Nordmann".into()),
            email: None,
            image: None,
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
