//! Dropbox. <https://developers.dropbox.com/oauth-guide>

use serde_json::Value;

use super::{Profile, Provider, Quirk, claimed_email, identifier, oauth2, text};

/// Dropbox accounts. Keyed by `account_id`; an address is as proven as `email_verified` says.
#[must_use]
pub fn dropbox() -> Provider {
    let addresses = [
        "https://www.dropbox.com/oauth2/authorize?token_access_type=offline",
        "https://api.dropboxapi.com/oauth2/token",
        "https://api.dropboxapi.com/2/users/get_current_account",
    ];
    oauth2("dropbox", "Dropbox", addresses, profile)
        .with_scopes(&["account_info.read"])
        .with_quirk(Quirk::PostedDocuments)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "account_id")?,
        name: person.get("name").and_then(|name| text(name, "display_name")),
        email: claimed_email(person, &[]),
        image: text(person, "profile_photo_url"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provider::Email;

    #[test]
    fn takes_what_dropbox_says() {
        let person = json!({
            "account_id": "dbid:1", "name": { "display_name": "Ada" }, "email": "ada@example.com",
            "email_verified": true, "profile_photo_url": "https://img.example.com/a.png",
        });
        let expected = Profile {
            subject: "dbid:1".into(),
            name: Some("Ada".into()),
            email: Some(Email::Verified("ada@example.com".into())),
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
