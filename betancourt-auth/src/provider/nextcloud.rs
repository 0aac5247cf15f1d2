//! Nextcloud. <https://docs.nextcloud.com/server/latest/admin_manual/configuration_server/oauth2.html>

use serde_json::Value;

use super::{Email, Profile, Provider, Quirk, identifier, oauth2, text};

/// People of a Nextcloud server. Keyed by `id`, their unchanging name there. No address counts as proven.
#[must_use]
pub fn nextcloud(address: &str) -> Provider {
    let address = address.trim_end_matches('/');
    let addresses = [
        format!("{address}/apps/oauth2/authorize"),
        format!("{address}/apps/oauth2/api/v1/token"),
        format!("{address}/ocs/v1.php/cloud/users/{{user_id}}"),
    ];
    oauth2("nextcloud", "Nextcloud", addresses, profile)
        .with_scopes(&["openid", "profile", "email"])
        .with_quirk(Quirk::DocumentHeader("OCS-APIRequest", "true".into()))
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?.pointer("/ocs/data")?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "displayname"),
        email: text(person, "email").map(Email::Unverified),
        image: None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_nextcloud_says() {
        let person = json!({
            "ocs": { "data": { "id": "ada", "displayname": "Ada", "email": "ada@example.com" } },
        });
        let expected = Profile {
            subject: "ada".into(),
            name: Some("Ada".into()),
            email: Some(Email::Unverified("ada@example.com".into())),
            image: None,
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
