//! The pages: what each shows, as plain values, and the template that shows it.

pub mod account;
pub mod admin;
mod contact;
mod dashboard;
mod document;
mod failure;
mod landing;
mod sign_in;

pub use contact::{Contact, Entered, Receipt, Wrong, contact, contact_page};
pub use dashboard::{Dashboard, Visit, dashboard};
pub use document::{DocumentPage, help, privacy, terms};
pub use failure::Failure;
pub use landing::{Landing, landing};
pub use sign_in::{Provider, Reference, SignIn, sentence};

use betancourt_auth::{Role as _, User};
use time::OffsetDateTime;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;
use url::Url;

use crate::preferences::{Currency, Language, Preferences, Theme};
use crate::site::Administrator;
use crate::texts::Texts;

/// What every page has around it: the bar at the top, the foot, the preferences.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The language and the theme.
    pub preferences: Preferences,
    /// The origin that people see, such as `https://studio.example.com`.
    pub origin: String,
    /// Path and query of this page, to which the toggles come back.
    pub here: String,
    /// Who is looking, if they are signed in.
    pub visitor: Option<Visitor>,
    /// Whether look-alikes stand in for the providers.
    pub look_alikes: bool,
    /// Where mail can be read that is not sent, if it is not.
    pub mailbox: Option<Url>,
    /// Where to write to the studio.
    pub contact: String,
    /// The year of the copyright line.
    pub year: i32,
}

impl Frame {
    /// The language of the page.
    #[must_use]
    pub fn language(&self) -> Language {
        self.preferences.language
    }

    /// The texts in that language.
    #[must_use]
    pub fn texts(&self) -> &'static Texts {
        Texts::of(self.language())
    }

    /// What its prices are said in first.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.preferences.currency
    }

    /// The theme of the page.
    #[must_use]
    pub fn theme(&self) -> Theme {
        self.preferences.theme
    }
}

/// Somebody who is signed in, and the token their forms carry.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Who it is.
    pub person: Person,
    /// The token of the sign-out form.
    pub csrf_token: String,
}

/// A person, as the pages show them.
#[derive(Clone, Debug)]
pub struct Person {
    /// The number of the account.
    pub id: String,
    /// The name, if the provider gave one.
    pub name: Option<String>,
    /// The address, if the provider gave one.
    pub email: Option<String>,
    /// Whether this is an administrator.
    pub administrator: bool,
}

impl From<&User> for Person {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.to_string(),
            name: user.name.clone(),
            email: user.email.clone(),
            administrator: user.role == Administrator::NAME,
        }
    }
}

impl Person {
    /// The name, else the address, else nothing.
    #[must_use]
    pub fn shown_name(&self) -> &str {
        self.name.as_deref().or(self.email.as_deref()).unwrap_or_default()
    }

    /// The letter on the disc that stands for a picture.
    #[must_use]
    pub fn initial(&self) -> String {
        self.shown_name().chars().next().unwrap_or('U').to_uppercase().collect()
    }
}

const MINUTE: StaticFormatDescription = format_description!("[year]-[month]-[day] [hour]:[minute]");

/// A moment, to the minute, in UTC.
pub(crate) fn minute(moment: OffsetDateTime) -> String {
    moment.to_offset(time::UtcOffset::UTC).format(MINUTE).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn person(name: Option<&str>, email: Option<&str>) -> Person {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Person { id: "1".into(), name: owned(name), email: owned(email), administrator: false }
    }

    #[test]
    fn the_disc_shows_the_first_letter_of_what_is_known() {
        assert_eq!(person(Some("ángela"), Some("x@example.org")).initial(), "Á");
        assert_eq!(person(None, Some("x@example.org")).initial(), "X");
        assert_eq!(person(None, None).initial(), "U");
    }

    #[test]
    fn moments_are_shown_in_utc() {
        assert_eq!(minute(datetime!(2026-11-22 20:05:59 -5)), "2026-11-23 01:05");
    }
}
