//! GitHub. <https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps>

use serde_json::Value;

use super::{
    Email, Profile, Protocol, Provider, first_text, identifier, oauth2, text, vouched_email,
};

/// GitHub accounts. Keyed by `id`. The address is the public one, or else the primary one of the list, and proven
/// if the list says `verified`. A GitHub App needs the permission to read addresses for it.
#[must_use]
pub fn github() -> Provider {
    let addresses = [
        "https://github.com/login/oauth/authorize",
        "https://github.com/login/oauth/access_token",
        "https://api.github.com/user",
    ];
    let mut provider =
        oauth2("github", "GitHub", addresses, profile).with_scopes(&["read:user", "user:email"]);
    if let Protocol::OAuth2 { documents, .. } = &mut provider.protocol {
        documents.push("https://api.github.com/user/emails".into());
    }
    provider
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    let emails = documents.get(1).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let public = text(person, "email");
    let listed = emails.iter().find(|email| match &public {
        Some(address) => email.get("email").is_some_and(|listed| listed == address),
        None => email.get("primary") == Some(&Value::Bool(true)),
    });
    let listed =
        listed.and_then(|email| vouched_email(email, "email", ("verified", Value::Bool(true))));
    Some(Profile {
        subject: identifier(person, "id")?,
        name: first_text(person, &["name", "login"]),
        email: listed.or_else(|| public.map(Email::Unverified)),
        image: text(person, "avatar_url"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_the_proof_from_the_list() {
        let person = json!({
            "id": 1, "login": "ada", "name": null, "email": null, "avatar_url": "https://img.example.com/a.png",
        });
        let more = json!([{"email": "x@example.com", "primary": false, "verified": true}, {"email": "ada@example.com", "primary": true, "verified": true}]);
        let expected = Profile {
            subject: "1".into(),
            name: Some("ada".into()),
            email: Some(Email::Verified("ada@example.com".into())),
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person, more]), Some(expected));
    }

    #[test]
    fn a_public_address_needs_its_own_proof() {
        let person = json!({
            "id": 1, "login": "ada", "name": "Ada", "email": "x@example.com",
            "avatar_url": "https://img.example.com/a.png",
        });
        let more = json!([{"email": "x@example.com", "primary": false, "verified": false}, {"email": "ada@example.com", "primary": true, "verified": true}]);
        let expected = Profile {
            subject: "1".into(),
            name: Some("Ada".into()),
            email: Some(Email::Unverified("x@example.com".into())),
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person, more]), Some(expected));
    }

    #[test]
    fn without_the_list_nothing_is_proven() {
        let person = json!({
            "id": 1, "login": "ada", "name": "Ada", "email": "ada@example.com",
            "avatar_url": "https://img.example.com/a.png",
        });
        let more = json!(null);
        let expected = Profile {
            subject: "1".into(),
            name: Some("Ada".into()),
            email: Some(Email::Unverified("ada@example.com".into())),
            image: Some("https://img.example.com/a.png".into()),
        };
        assert_eq!(profile(&[person, more]), Some(expected));
    }
}
