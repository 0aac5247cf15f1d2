//! Mattermost. <https://developers.mattermost.com/integrate/apps/authentication/oauth2/>

use serde_json::Value;

use super::{
    ClientAuthentication, Profile, Provider, claimed_email, first_text, identifier, oauth2,
};

/// People of a Mattermost server. Keyed by `id`; an address is as proven as `email_verified` says.
#[must_use]
pub fn mattermost(address: &str) -> Provider {
    let address = address.trim_end_matches('/');
    let addresses = [
        format!("{address}/oauth/authorize"),
        format!("{address}/oauth/access_token"),
        format!("{address}/api/v4/users/me"),
    ];
    oauth2("mattermost", "Mattermost", addresses, profile)
        .with_scopes(&["openid", "profile", "email"])
        .with_client_authentication(ClientAuthentication::Post)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: first_text(person, &["username", "nickname"]),
        email: claimed_email(person, &[]),
        image: None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provider::Email;

    #[test]
    fn takes_what_mattermost_says() {
        let person = json!({
            "id": "1", "username": "ada", "email": "ada@example.com", "email_verified": true,
        });
        let expected = Profile {
            subject: "1".into(),
            name: Some("ada".into()),
            email: Some(Email::Verified("ada@example.com".into())),
            image: None,
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
