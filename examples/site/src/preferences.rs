//! What a visitor prefers: a language and a theme.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE};

/// The cookie that remembers the language.
pub const LANGUAGE_COOKIE: &str = "lang";
/// The cookie that remembers the theme.
pub const THEME_COOKIE: &str = "theme";

/// A language the site speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, unless something asks for another.
    #[default]
    English,
    /// Spanish.
    Spanish,
}

impl Language {
    /// Every language, in the order of the toggle.
    pub const ALL: [Self; 2] = [Self::English, Self::Spanish];

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::English => Self::Spanish,
            Self::Spanish => Self::English,
        }
    }

    /// Its BCP 47 tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// The language of a tag such as `es` or `es-CO`.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.split('-').next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "es" => Some(Self::Spanish),
            _ => None,
        }
    }

    /// The best of an `Accept-Language` header (RFC 9110 §12.5.4); the first of two equal wishes wins.
    fn accepted(header: &str) -> Option<Self> {
        let wishes = header.split(',').filter_map(|wish| {
            let mut parts = wish.split(';').map(str::trim);
            let language = Self::from_tag(parts.next()?)?;
            let weight = parts
                .find_map(|part| part.strip_prefix("q="))
                .map_or(Some(1.0), |q| q.parse::<f32>().ok())?;
            (weight > 0.0).then_some((language, weight))
        });
        let best = wishes.reduce(|best, wish| if wish.1 > best.1 { wish } else { best })?;
        Some(best.0)
    }
}

/// A theme of the site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// The studio at night, unless something asks for the other.
    #[default]
    Dark,
    /// The studio by day.
    Light,
}

impl Theme {
    /// The name of its class and of its cookie's value.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }

    /// The theme of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "dark" => Some(Self::Dark),
            "light" => Some(Self::Light),
            _ => None,
        }
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Dark => Self::Light,
            Self::Light => Self::Dark,
        }
    }
}

/// A language and a theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// What the pages are written in.
    pub language: Language,
    /// What the pages look like.
    pub theme: Theme,
}

impl Preferences {
    /// What a request asks for: the cookies, then `Accept-Language`, then English and dark.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Self {
            language: cookie(headers, LANGUAGE_COOKIE)
                .and_then(Language::from_tag)
                .or_else(|| accepted.and_then(Language::accepted))
                .unwrap_or_default(),
            theme: cookie(headers, THEME_COOKIE).and_then(Theme::from_name).unwrap_or_default(),
        }
    }
}

fn cookie<'request>(headers: &'request HeaderMap, name: &str) -> Option<&'request str> {
    let pairs = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headers: &[(axum::http::HeaderName, &str)]) -> Preferences {
        let headers =
            headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        Preferences::of(&headers)
    }

    #[test]
    fn english_and_dark_unless_asked() {
        assert_eq!(of(&[]), Preferences { language: Language::English, theme: Theme::Dark });
        assert_eq!(of(&[(ACCEPT_LANGUAGE, "de, fr;q=0.5")]).language, Language::English);
    }

    #[test]
    fn the_browser_is_heard() {
        assert_eq!(of(&[(ACCEPT_LANGUAGE, "es-CO,es;q=0.9,en;q=0.8")]).language, Language::Spanish);
        assert_eq!(of(&[(ACCEPT_LANGUAGE, "de, es;q=0.4, en;q=0.7")]).language, Language::English);
        assert_eq!(of(&[(ACCEPT_LANGUAGE, "es;q=0, en;q=0.1")]).language, Language::English);
        assert_eq!(of(&[(ACCEPT_LANGUAGE, "es;q=high")]).language, Language::English);
    }

    #[test]
    fn the_choice_wins_over_the_browser() {
        let headers = [(COOKIE, "a=b; lang=en; theme=light"), (ACCEPT_LANGUAGE, "es")];
        assert_eq!(of(&headers), Preferences { language: Language::English, theme: Theme::Light });
    }

    #[test]
    fn a_choice_nobody_offers_is_no_choice() {
        let headers = [(COOKIE, "lang=tlh; theme=neon"), (ACCEPT_LANGUAGE, "es")];
        assert_eq!(of(&headers), Preferences { language: Language::Spanish, theme: Theme::Dark });
    }
}
