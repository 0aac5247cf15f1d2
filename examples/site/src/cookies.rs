//! Every cookie that the site may set, as the privacy policy lists them: from the configuration, so that the list is
//! what happens.

use betancourt_auth::{Config, CookiePurpose};
use time::Duration;

use crate::preferences::{LANGUAGE_COOKIE, REMEMBERED, THEME_COOKIE};
use crate::texts::{Cookies, Texts};

/// A cookie and why it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedCookie {
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub purpose: &'static str,
    /// How long it stays.
    pub lifetime: String,
}

/// The cookies of a configuration, and those that remember what a visitor prefers.
#[must_use]
pub fn listed(config: &Config, texts: &'static Texts) -> Vec<ListedCookie> {
    let texts = &texts.cookies;
    let of_sign_in = config.cookies().into_iter().map(|cookie| ListedCookie {
        name: cookie.name,
        purpose: purpose(cookie.purpose, texts),
        lifetime: cookie.lifetime.map_or_else(|| texts.until_closed.to_owned(), |d| span(d, texts)),
    });
    let preferences = [(LANGUAGE_COOKIE, texts.language), (THEME_COOKIE, texts.theme)];
    let of_preferences = preferences.map(|(name, purpose)| ListedCookie {
        name: name.to_owned(),
        purpose,
        lifetime: span(REMEMBERED, texts),
    });
    of_sign_in.chain(of_preferences).collect()
}

fn purpose(purpose: CookiePurpose, texts: &'static Cookies) -> &'static str {
    match purpose {
        CookiePurpose::Csrf => texts.csrf,
        CookiePurpose::Handshake => texts.handshake,
        CookiePurpose::Mail => texts.mail,
        CookiePurpose::ReturnTo => texts.return_to,
        CookiePurpose::Session => texts.session,
        CookiePurpose::SignOut => texts.sign_out,
        _ => texts.other,
    }
}

/// A time in the largest unit that goes into it.
fn span(time: Duration, texts: &Cookies) -> String {
    let (days, hours, minutes) = (time.whole_days(), time.whole_hours(), time.whole_minutes());
    let (count, one, several) = if days >= 365 && days % 365 == 0 {
        (days / 365, texts.year, texts.years)
    } else if days > 0 {
        (days, texts.day, texts.days)
    } else if hours > 0 {
        (hours, texts.hour, texts.hours)
    } else {
        (minutes, texts.minute, texts.minutes)
    };
    format!("{count} {}", if count == 1 { one } else { several })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preferences::Language;

    #[test]
    fn a_time_is_said_in_the_largest_unit() {
        let said = |time, language| span(time, &Texts::of(language).cookies);
        assert_eq!(said(Duration::days(365), Language::English), "1 year");
        assert_eq!(said(Duration::days(30), Language::Spanish), "30 días");
        assert_eq!(said(Duration::days(1), Language::English), "1 day");
        assert_eq!(said(Duration::minutes(120), Language::Spanish), "2 horas");
        assert_eq!(said(Duration::minutes(10), Language::English), "10 minutes");
    }
}
