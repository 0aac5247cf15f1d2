//! What a visitor prefers: a language and a theme.

use axum::Form;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use http::header::{ACCEPT_LANGUAGE, COOKIE, HeaderMap, SET_COOKIE};
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Deserialize;
use url::{Position, Url};

use crate::site::Site;

/// The cookie that remembers the language.
pub const LANGUAGE_COOKIE: &str = "lang";
/// The cookie that remembers the theme.
pub const THEME_COOKIE: &str = "theme";

/// How long it does.
pub const REMEMBERED: time::Duration = time::Duration::days(365);
/// Where proxies say which country a visitor is in.
pub const COUNTRY_HEADERS: [HeaderName; 2] =
    [HeaderName::from_static("cf-ipcountry"), HeaderName::from_static("x-country")];

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

/// The currency in which a price is said first. The other one stands beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Currency {
    /// Dollars of the United States.
    #[default]
    Dollars,
    /// Colombian pesos.
    Pesos,
}

impl Currency {
    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Dollars => Self::Pesos,
            Self::Pesos => Self::Dollars,
        }
    }

    /// Pesos in Colombia, and dollars elsewhere; where no proxy says where that is, pesos for whoever reads Spanish.
    fn of(headers: &HeaderMap, language: Language) -> Self {
        let at_home = country(headers).map_or(language == Language::Spanish, is_colombia);
        if at_home { Self::Pesos } else { Self::Dollars }
    }
}

/// Which country a visitor is in, by its two letters, where a proxy says so. Nobody else is asked.
fn country(headers: &HeaderMap) -> Option<&str> {
    let named = COUNTRY_HEADERS.iter().find_map(|name| headers.get(name))?;
    named.to_str().ok().filter(|code| code.len() == 2)
}

fn is_colombia(code: &str) -> bool {
    code.eq_ignore_ascii_case("CO")
}

/// A language, a theme and a currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// What the pages are written in.
    pub language: Language,
    /// What the pages look like.
    pub theme: Theme,
    /// What prices are said in first.
    pub currency: Currency,
}

impl Preferences {
    /// What a request asks for: the cookies, then `Accept-Language`, then the country, then English and dark.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let of_country = || country(headers).is_some_and(is_colombia).then_some(Language::Spanish);
        let language = cookie(headers, LANGUAGE_COOKIE)
            .and_then(Language::from_tag)
            .or_else(|| accepted.and_then(Language::accepted))
            .or_else(of_country)
            .unwrap_or_default();
        let theme = cookie(headers, THEME_COOKIE).and_then(Theme::from_name).unwrap_or_default();
        Self { language, theme, currency: Currency::of(headers, language) }
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

/// `POST /preferences`: remembers the choice for a year and goes back to the page. No other site chooses for anybody.
pub async fn choose(
    State(site): State<Site>,
    headers: HeaderMap,
    Form(choice): Form<Choice>,
) -> Response {
    if !site.auth.is_from_our_origin(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let language = choice.lang.as_deref().and_then(Language::from_tag);
    let theme = choice.theme.as_deref().and_then(Theme::from_name);
    let chosen = [
        language.map(|language| (LANGUAGE_COOKIE, language.tag())),
        theme.map(|theme| (THEME_COOKIE, theme.name())),
    ];
    let secure = if site.is_secure() { "; Secure" } else { "" };
    let remembered = |(name, value)| {
        let age = REMEMBERED.whole_seconds();
        (SET_COOKIE, format!("{name}={value}; Path=/; Max-Age={age}; SameSite=Lax{secure}"))
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

    fn of(headers: &[(HeaderName, &str)]) -> Preferences {
        let headers =
            headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        Preferences::of(&headers)
    }

    #[test]
    fn english_and_dark_unless_asked() {
        assert_eq!(of(&[]), Preferences::default());
        assert_eq!((of(&[]).language, of(&[]).theme), (Language::English, Theme::Dark));
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
        let chosen = of(&headers);
        assert_eq!((chosen.language, chosen.theme), (Language::English, Theme::Light));
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
        let chosen = of(&headers);
        assert_eq!((chosen.language, chosen.theme), (Language::Spanish, Theme::Dark));
    }

    #[test]
    fn prices_follow_the_country_and_where_nobody_names_it_the_language() {
        let [by_cloud, by_proxy] = COUNTRY_HEADERS;
        for (headers, language, currency) in [
            (vec![], Language::English, Currency::Dollars),
            (vec![(ACCEPT_LANGUAGE, "es-CO")], Language::Spanish, Currency::Pesos),
            (vec![(by_cloud.clone(), "CO")], Language::Spanish, Currency::Pesos),
            (
                vec![(by_proxy.clone(), "co"), (ACCEPT_LANGUAGE, "en")],
                Language::English,
                Currency::Pesos,
            ),
            (vec![(by_cloud, "ES"), (ACCEPT_LANGUAGE, "es")], Language::Spanish, Currency::Dollars),
            (vec![(by_proxy, "Colombia")], Language::English, Currency::Dollars),
        ] {
            let preferences = of(&headers);
            assert_eq!(
                (preferences.language, preferences.currency),
                (language, currency),
                "{headers:?}"
            );
        }
    }
}
