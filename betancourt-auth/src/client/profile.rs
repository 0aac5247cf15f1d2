//! A profile as it may be stored: what a provider or a person wrote is bounded before anybody else reads it.

use serde_json::Value;

use super::{id_token, stored_tokens};
use crate::address::Address;
use crate::config::{Environment, Setup, is_safe};
use crate::error::{Claim, Error, ErrorKind};
use crate::model::Account;
use crate::provider::{Email, Profile};
use crate::request::Parameters;

const LONGEST_NAME: usize = 200;
const LONGEST_SUBJECT: usize = 255;
const LONGEST_IMAGE: usize = 2048;

/// Keeps what is sound and drops the rest. A person without a subject is nobody.
pub(super) fn tidy(profile: Profile, environment: Environment) -> Result<Profile, Error> {
    if profile.subject.is_empty() || profile.subject.len() > LONGEST_SUBJECT {
        return Err(ErrorKind::IdToken(Claim::Subject).into());
    }
    Ok(Profile {
        subject: profile.subject,
        name: profile.name.and_then(|name| display_name(&name)),
        email: profile.email.and_then(|email| match email {
            Email::Verified(text) => {
                Address::parse(&text).map(|email| Email::Verified(email.into()))
            }
            Email::Unverified(text) => {
                Address::parse(&text).map(|email| Email::Unverified(email.into()))
            }
        }),
        image: profile
            .image
            .filter(|image| image.len() <= LONGEST_IMAGE && is_safe(image, environment)),
    })
}

/// The claims of the ID token that came with the latest sign-in, which was judged then.
pub(crate) fn claims_of(setup: &Setup, account: &Account) -> Option<Value> {
    let token = stored_tokens::open(setup, &account.key, account.tokens.id_token.as_ref()?)?;
    id_token::claims(token.expose()).map(Value::Object)
}

/// What a provider of the configuration tells in such claims.
pub(crate) fn told(setup: &Setup, provider: &str, claims: &Value) -> Option<Profile> {
    let mut registrations = setup.config.registrations.iter();
    let registration = registrations.find(|known| *known.provider.id == *provider)?;
    let profile = (registration.provider.profile)(std::slice::from_ref(claims))?;
    tidy(profile, setup.environment_of(registration)).ok()
}

/// The name in the `user` field that Apple's form has the first time (Sign in with Apple JS, `UserI`). Nothing else
/// of it counts: the browser could have written it.
pub(super) fn name_in_form(answer: &Parameters) -> Option<String> {
    let user: Value = serde_json::from_str(answer.last("user")?).ok()?;
    let part = |member: &str| user.pointer(&format!("/name/{member}"))?.as_str();
    let parts: Vec<&str> = [part("firstName"), part("lastName")].into_iter().flatten().collect();
    Some(parts.join(" ")).filter(|name| !name.trim().is_empty())
}

/// A name without what would disturb the text around it: control characters and changes of direction.
fn display_name(name: &str) -> Option<String> {
    let harmless = |letter: &char| {
        !letter.is_control()
            && !matches!(*letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let name: String = name.trim().chars().filter(harmless).take(LONGEST_NAME).collect();
    Some(name).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_disturbs_nothing() {
        assert_eq!(display_name(" Ana\u{202e}\u{0} Prada ").as_deref(), Some("Ana Prada"));
        assert_eq!(display_name(&"x".repeat(1000)).unwrap().len(), LONGEST_NAME);
        assert_eq!(display_name("\u{202e}"), None);
    }
}
