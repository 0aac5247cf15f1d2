//! Azure DevOps. <https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/entra-oauth>

use serde_json::Value;

use super::{Email, Profile, Provider, identifier, oauth2, text};

/// People of Azure DevOps. Keyed by the id of their profile. Azure DevOps no longer registers applications of its
/// own, so this one is registered with Microsoft Entra ID. No address counts as proven.
#[must_use]
pub fn azure_devops() -> Provider {
    let addresses = [
        "https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize",
        "https://login.microsoftonline.com/organizations/oauth2/v2.0/token",
        "https://app.vssps.visualstudio.com/_apis/profile/profiles/me?api-version=6.0",
    ];
    oauth2("azure-devops", "Azure DevOps", addresses, profile)
        .with_scopes(&["499b84ac-1321-427f-aa17-267ca6975798/vso.profile"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: text(person, "displayName"),
        email: text(person, "emailAddress").map(Email::Unverified),
        image: None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_what_the_profile_says() {
        let person =
            json!({ "id": "d-1", "displayName": "Ada", "emailAddress": "ada@example.com" });
        let expected = Profile {
            subject: "d-1".into(),
            name: Some("Ada".into()),
            email: Some(Email::Unverified("ada@example.com".into())),
            image: None,
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
