//! Foursquare. <https://docs.foursquare.com/developer/reference/authentication>

use serde_json::Value;

use super::{Email, Profile, Provider, Quirk, full_name, identifier, oauth2, text};

/// Foursquare accounts. Keyed by `id`. The token is sent in the address of the document. No address counts as
/// proven.
#[must_use]
pub fn foursquare() -> Provider {
    let addresses = [
        "https://foursquare.com/oauth2/authenticate",
        "https://foursquare.com/oauth2/access_token",
        "https://api.foursquare.com/v2/users/self?v=20230131&oauth_token={access_token}",
    ];
    oauth2("foursquare", "Foursquare", addresses, profile)
        .with_scopes(&["openid", "profile", "email"])
        .with_quirk(Quirk::UntypedToken)
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?.pointer("/response/user")?;
    let photo = person.get("photo");
    let photo = photo.and_then(|photo| {
        Some(format!("{}original{}", text(photo, "prefix")?, text(photo, "suffix")?))
    });
    Some(Profile {
        subject: identifier(person, "id")?,
        name: full_name(person, &["firstName", "lastName"]),
        email: person
            .get("contact")
            .and_then(|contact| text(contact, "email"))
            .map(Email::Unverified),
        image: photo,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn puts_name_and_picture_together() {
        let person = json!({
            "response": { "user": { "id": "1", "firstName": "Ada", "lastName": "Lovelace",
            "contact": { "email": "ada@example.com" }, "photo": { "prefix": "https://img.example.com/",
            "suffix": "/a.png" } } },
        });
        let expected = Profile {
            subject: "1".into(),
            name: Some("Ada Lovelace".into()),
            email: Some(Email::Unverified("ada@example.com".into())),
            image: Some("https://img.example.com/original/a.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
