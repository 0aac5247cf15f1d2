//! Zoho. <https://www.zoho.com/accounts/protocol/oauth/web-server-applications.html>

use serde_json::Value;

use super::{Email, Profile, Provider, Quirk, full_name, identifier, oauth2, text};

/// Zoho accounts of the data centre in the United States. Keyed by `ZUID`. No address counts as proven.
#[must_use]
pub fn zoho() -> Provider {
    let addresses = [
        "https://accounts.zoho.com/oauth/v2/auth",
        "https://accounts.zoho.com/oauth/v2/token",
        "https://accounts.zoho.com/oauth/user/info",
    ];
    oauth2("zoho", "Zoho", addresses, profile)
        .with_scopes(&["AaaServer.profile.Read"])
        .with_quirk(Quirk::CommaScopes)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "ZUID")?,
        name: full_name(person, &["First_Name", "Last_Name"]),
        email: text(person, "Email").map(Email::Unverified),
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
            "ZUID": 1, "First_Name": "Ada", "Last_Name": "Lovelace", "Email": "ada@example.com",
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
