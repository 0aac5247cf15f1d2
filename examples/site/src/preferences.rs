//! What a visitor prefers: a language and a theme.

use axum::Form;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use http::HeaderValue;
use http::header::{ACCEPT_LANGUAGE, COOKIE, HeaderMap, SET_COOKIE};
use serde::Deserialize;
use url::{Position, Url};

use crate::site::Site;

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

/// Lets the pages of sign-in and its mails speak the visitor's language: they know `Accept-Language` only.
pub async fn heard_everywhere(mut request: Request, next: Next) -> Response {
    let tag = Preferences::of(request.headers()).language.tag();
    request.headers_mut().insert(ACCEPT_LANGUAGE, HeaderValue::from_static(tag));
    next.run(request).await
}

/// A click on a toggle of a browser without the script.
#[derive(Debug, Deserialize)]
pub struct Choice {
    lang: Option<String>,
    theme: Option<String>,
    return_to: Option<String>,
}

/// `POST /preferences`: remembers the choice for a year and goes back to the page.
pub async fn choose(State(site): State<Site>, Form(choice): Form<Choice>) -> Response {
    let language = choice.lang.as_deref().and_then(Language::from_tag);
    let theme = choice.theme.as_deref().and_then(Theme::from_name);
    let chosen = [
        language.map(|language| (LANGUAGE_COOKIE, language.tag())),
        theme.map(|theme| (THEME_COOKIE, theme.name())),
    ];
    let secure = if site.is_secure() { "; Secure" } else { "" };
    let remembered = |(name, value)| {
        (SET_COOKIE, format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax{secure}"))
    };
    let cookies: Vec<_> = chosen.into_iter().flatten().map(remembered).collect();
    let back = way_back(&site.auth.config().url, choice.return_to.as_deref());
    (AppendHeaders(cookies), Redirect::to(&back)).into_response()
}

/// A page of ours, or the first one. A path that begins with two slashes would name another host.
fn way_back(ours: &Url, wanted: Option<&str>) -> String {
    let is_ours = |page: &Url| page.origin() == ours.origin() && !page.path().starts_with("//");
    let page = wanted.and_then(|wanted| ours.join(wanted).ok()).filter(is_ours);
    page.map_or_else(|| "/".to_owned(), |page| page[Position::BeforePath..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headers: &[(http::HeaderName, &str)]) -> Preferences {
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
    fn the_way_back_stays_on_the_site() {
        let ours = Url::parse("http://localhost:3000/").unwrap();
        let back = |wanted| way_back(&ours, wanted);
        assert_eq!(
            back(Some("/?error=AccessDenied&ref=K7QW2MXA")),
            "/?error=AccessDenied&ref=K7QW2MXA"
        );
        assert_eq!(back(Some("http://localhost:3000/terms")), "/terms");
        for elsewhere in [
            "//evil.test/",
            "https://evil.test/x",
            "/\\evil.test",
            "javascript:alert(1)",
            "/.//evil.test",
            "http://localhost:3000//evil.test",
        ] {
            assert_eq!(back(Some(elsewhere)), "/", "{elsewhere}");
        }
        assert_eq!(back(None), "/");
    }

    #[test]
    fn a_choice_nobody_offers_is_no_choice() {
        let headers = [(COOKIE, "lang=tlh; theme=neon"), (ACCEPT_LANGUAGE, "es")];
        assert_eq!(of(&headers), Preferences { language: Language::Spanish, theme: Theme::Dark });
    }
}
