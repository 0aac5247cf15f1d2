//! Mailchimp. <https://mailchimp.com/developer/marketing/guides/access-user-data-oauth-2/>

use serde_json::Value;

use super::{Email, Profile, Provider, Quirk, identifier, oauth2, text};

/// Mailchimp accounts. Keyed by the id of the login. No address counts as proven.
#[must_use]
pub fn mailchimp() -> Provider {
    let addresses = [
        "https://login.mailchimp.com/oauth2/authorize",
        "https://login.mailchimp.com/oauth2/token",
        "https://login.mailchimp.com/oauth2/metadata",
    ];
    oauth2("mailchimp", "Mailchimp", addresses, profile)
        .with_scopes(&["openid", "profile", "email"])
        .with_quirk(Quirk::UntypedToken)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let account = documents.first()?;
    let login = account.get("login")?;
    Some(Profile {
        subject: identifier(login, "login_id")?,
        name: text(account, "accountname"),
        email: text(login, "email").map(Email::Unverified),
        image: None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_mailchimp_says() {
        let person = json!({
            "accountname": "Acme", "login": { "login_id": 1, "email": "ada@example.com" },
        });
        let expected = Profile {
            subject: "1".into(),
            name: Some("Acme".into()),
            email: Some(Email::Unverified("ada@example.com".into())),
            image: None,
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
