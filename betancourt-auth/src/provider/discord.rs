//! Discord. <https://docs.discord.com/developers/topics/oauth2>

use serde_json::Value;

use super::{Profile, Provider, first_text, identifier, oauth2, text, vouched_email};

/// Discord accounts. Keyed by `id`; an address is as proven as `verified` says.
#[must_use]
pub fn discord() -> Provider {
    let addresses = [
        "https://discord.com/api/oauth2/authorize",
        "https://discord.com/api/oauth2/token",
        "https://discord.com/api/users/@me",
    ];
    oauth2("discord", "Discord", addresses, profile).with_scopes(&["identify", "email"])
}

fn profile(documents: &[Value]) -> Option<Profile> {
    let person = documents.first()?;
    Some(Profile {
        subject: identifier(person, "id")?,
        name: first_text(person, &["global_name", "username"]),
        email: vouched_email(person, "email", ("verified", Value::Bool(true))),
        image: avatar(person),
    })
}

/// The person's picture, moving or not, or the one that Discord draws by the id, or by the discriminator of old.
fn avatar(person: &Value) -> Option<String> {
    let id = text(person, "id")?;
    if let Some(hash) = text(person, "avatar") {
        let kind = if hash.starts_with("a_") { "gif" } else { "png" };
        return Some(format!("https://cdn.discordapp.com/avatars/{id}/{hash}.{kind}"));
    }
    let number = match text(person, "discriminator")?.parse::<u64>().ok()? {
        0 => (id.parse::<u64>().ok()? >> 22) % 6,
        discriminator => discriminator % 5,
    };
    Some(format!("https://cdn.discordapp.com/embed/avatars/{number}.png"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provider::Email;

    #[test]
    fn takes_what_discord_says() {
        let person = json!({
            "id": "80351110224678912", "username": "ada", "global_name": "Ada L", "discriminator": "0",
            "avatar": "a_8342729096ea", "email": "ada@example.com", "verified": true,
        });
        let expected = Profile {
            subject: "80351110224678912".into(),
            name: Some("Ada L".into()),
            email: Some(Email::Verified("ada@example.com".into())),
            image: Some(
                "https://cdn.discordapp.com/avatars/80351110224678912/a_8342729096ea.gif".into(),
            ),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }

    #[test]
    fn without_a_picture_there_is_one_of_discords_own() {
        let person = json!({
            "id": "80351110224678912", "username": "ada", "discriminator": "1337", "email": "ada@example.com",
            "verified": false,
        });
        let expected = Profile {
            subject: "80351110224678912".into(),
            name: Some("ada".into()),
            email: Some(Email::Unverified("ada@example.com".into())),
            image: Some("https://cdn.discordapp.com/embed/avatars/2.png".into()),
        };
        assert_eq!(profile(&[person]), Some(expected));
    }
}
