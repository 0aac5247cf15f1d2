//! NetSuite. <https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_157771733782.html>

use serde_json::Value;

use super::{Email, Profile, Provider, identifier, oauth2, text};

/// Users of a NetSuite account. NetSuite has no document about them, so the address is that of a RESTlet of the
/// account that answers with `id`, `name` and `email`; the account is the first part of its host. Keyed by `id`. No
/// address counts as proven.
#[must_use]
pub fn netsuite(address: &str) -> Provider {
    let host = address.trim_start_matches("https://");
    let account = host.split('.').next().unwrap_or_default();
    let addresses = [
        format!("https://{account}.app.netsuite.com/app/login/oauth2/authorize.nl"),
        format!("https://{account}.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token"),
        address.to_owned(),
    ];
    oauth2("netsuite", "NetSuite", addresses, profile)
        .with_scopes(&["restlets", "rest_webservices"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "name"),
        email: text(person, "email").map(Email::Unverified),
        image: None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_the_restlet_says() {
        let person = json!({ "id": 1, "name": "Ada", "email": "ada@example.com" });
        let expected = Profile {
            subject: "1".into(),
            name: Some("Ada".into()),
            email: Some(Email::Unverified("ada@example.com".into())),
            image: None,
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
