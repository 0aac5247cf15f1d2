//! What we take from a provider's documents, and the few ways in which it stands there.

use std::fmt::{self, Debug, Formatter};

use serde_json::Value;

/// What we take from a provider's documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The provider's own, unchanging id of the person. Never an address.
    pub subject: String,
    /// The name to show.
    pub name: Option<String>,
    /// The address, with what the provider says of it.
    pub email: Option<Email>,
    /// The address of a picture.
    pub image: Option<String>,
}

/// An address and whether the provider proved that it is the person's.
#[derive(Clone, PartialEq, Eq)]
pub enum Email {
    /// The provider says that the person reads mail there.
    Verified(String),
    /// The provider does not say so.
    Unverified(String),
}

impl Email {
    /// The address.
    #[must_use]
    pub fn address(&self) -> &str {
        match self {
            Self::Verified(address) | Self::Unverified(address) => address,
        }
    }

    /// The same address, whatever its provider says of it.
    pub(crate) fn unproven(self) -> Self {
        match self {
            Self::Verified(address) | Self::Unverified(address) => Self::Unverified(address),
        }
    }

    /// The address, if it is proven.
    #[must_use]
    pub fn verified(&self) -> Option<&str> {
        match self {
            Self::Verified(address) => Some(address),
            Self::Unverified(_) => None,
        }
    }
}

impl Debug for Email {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.verified().is_some() {
            "Verified(…)"
        } else {
            "Unverified(…)"
        })
    }
}

/// The standard claims (OpenID Connect Core §5.1), as Auth.js reads them.
pub(super) fn standard(documents: &[Value]) -> Option<Profile> {
    let claims = documents.first()?;
    Some(Profile {
        subject: identifier(claims, "sub").or_else(|| identifier(claims, "id"))?,
        name: first_text(claims, &["name", "nickname", "preferred_username"]),
        email: claimed_email(claims, &[]),
        image: text(claims, "picture"),
    })
}

/// A member of a JSON object that is a text with something in it.
pub(super) fn text(document: &Value, member: &str) -> Option<String> {
    document.get(member)?.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

/// A member that is an id: a text, or a whole number.
pub(super) fn identifier(document: &Value, member: &str) -> Option<String> {
    let number =
        || document.get(member).filter(|id| id.is_i64() || id.is_u64()).map(Value::to_string);
    text(document, member).or_else(number)
}

/// The first of several members that has something in it.
pub(super) fn first_text(document: &Value, members: &[&str]) -> Option<String> {
    members.iter().find_map(|member| text(document, member))
}

/// A name whose parts stand in several members.
pub(super) fn full_name(document: &Value, members: &[&str]) -> Option<String> {
    let parts: Vec<_> = members.iter().filter_map(|member| text(document, member)).collect();
    Some(parts.join(" ")).filter(|name| !name.is_empty())
}

/// The address in a member, proven if the provider says so in the member `verified` by exactly that value.
pub(super) fn vouched_email(
    document: &Value,
    member: &str,
    verified: (&str, Value),
) -> Option<Email> {
    let (sign, proof) = verified;
    let address = text(document, member)?;
    let proven = document.get(sign) == Some(&proof);
    Some(if proven { Email::Verified(address) } else { Email::Unverified(address) })
}

/// The address of the claims `email` and `email_verified` (OpenID Connect Core §5.1).
/// Only the boolean counts; `also` lists other values that a provider documents.
pub(super) fn claimed_email(claims: &Value, also: &[Value]) -> Option<Email> {
    let address = text(claims, "email")?;
    let said = claims.get("email_verified");
    let verified = said.is_some_and(|said| *said == Value::Bool(true) || also.contains(said));
    Some(if verified { Email::Verified(address) } else { Email::Unverified(address) })
}
