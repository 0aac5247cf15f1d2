//! From environment variables to what the site runs with. Pure, so that every wrong value has its sentence in a test.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use betancourt_auth::{Strategy, TokenStorage};
use http::HeaderValue;
use url::{Host, Url};

use crate::server::Limits;

const PORT: u16 = 3000;
const HOST: &str = "127.0.0.1";
const DATABASE: &str = "sqlite://betancourt.db";
const STUDIO: &str = "studio@betancourtaudio.example";
/// The variables that can hold a secret, as the library reads them.
const SECRETS: [&str; 5] =
    ["AUTH_SECRET", "AUTH_SECRET_1", "AUTH_SECRET_2", "AUTH_SECRET_3", "NEXTAUTH_SECRET"];

/// What the site runs with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where it keeps people and sessions.
    pub database_url: String,
    /// A replica of that database, which pages may ask who is there.
    pub replica_url: Option<String>,
    /// Where it keeps sessions and what is counted, if not in the database.
    pub redis_url: Option<String>,
    /// The origin that people see.
    pub url: Url,
    /// Whether people see it.
    pub production: bool,
    /// Where sessions are kept.
    pub strategy: Strategy,
    /// In which form tokens stand in the database: in clear beside a running Auth.js.
    pub token_storage: TokenStorage,
    /// The studio's own address, to which messages go.
    pub studio: String,
    /// Whose pages may read the API with a person's cookies, besides ours.
    pub other_origins: Vec<HeaderValue>,
    /// Whether the environment holds a secret.
    pub has_secret: bool,
    /// How much time and how many connections anybody may take.
    pub limits: Limits,
    variables: HashMap<String, String>,
}

/// A variable that cannot be used: which, what is wrong, what to do.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// `PORT` is no port.
    #[error("PORT is `{0}`: it must be a number from 1 to 65535, such as {PORT}.")]
    Port(String),
    /// `HOST` is no address.
    #[error(
        "HOST is `{0}`: it must be an address of this machine, such as {HOST}, or 0.0.0.0 for all of them."
    )]
    Host(String),
    /// `AUTH_URL` is no origin.
    #[error(
        "{variable} is `{value}`: it must be the address that people type, such as https://studio.example.com."
    )]
    Url {
        /// `AUTH_URL`, or its older name.
        variable: &'static str,
        /// What stands there.
        value: String,
    },
    /// The site would be reached from elsewhere under a name it does not know.
    #[error(
        "AUTH_URL is not set, and HOST is `{0}`, which others can reach: set AUTH_URL to the address that people type, such as https://studio.example.com."
    )]
    UnknownUrl(IpAddr),
    /// In production without https.
    #[error(
        "{variable} is `{value}`: in production it must begin with https://, because sign-in cookies may not travel in clear."
    )]
    NotHttps {
        /// `AUTH_URL`, or its older name.
        variable: &'static str,
        /// What stands there.
        value: String,
    },
    /// `AUTH_SESSION_STRATEGY` is neither of the two.
    #[error(
        "AUTH_SESSION_STRATEGY is `{0}`: it must be `database`, which is the default, or `jwt`."
    )]
    Strategy(String),
    /// `AUTH_SHARED_WITH_AUTHJS` is neither of the two.
    #[error(
        "AUTH_SHARED_WITH_AUTHJS is `{0}`: it must be `1` where an Auth.js application works on the same tables, or `0`, which is the default."
    )]
    Sharing(String),
    /// A deadline, or a number of connections, is none, or more than is safe.
    #[error("{variable} is `{value}`: it must be a number from 1 to {most}, which is the default.")]
    Limit {
        /// Which.
        variable: &'static str,
        /// What stands there.
        value: String,
        /// What may stand there at most.
        most: u32,
    },
    /// `LOG_FORMAT` is neither of the two.
    #[error("LOG_FORMAT is `{0}`: it must be `text`, which is the default, or `json`.")]
    LogFormat(String),
    /// One of `CORS_ALLOWED_ORIGINS` is none.
    #[error(
        "CORS_ALLOWED_ORIGINS holds `{0}`: each of them must be an origin, such as https://desk.example.com, in production over https."
    )]
    OtherOrigin(String),
    /// `STUDIO_EMAIL` is no address.
    #[error("STUDIO_EMAIL is `{0}`: it must be one e-mail address, such as {STUDIO}.")]
    Studio(String),
    /// Sessions would be where Auth.js does not look.
    #[error(
        "REDIS_URL and AUTH_SHARED_WITH_AUTHJS are both set: an Auth.js application looks for sessions in the database, so leave one of them away."
    )]
    SharedRedis,
    /// In production without a secret.
    #[error(
        "AUTH_SECRET is not set: in production it must be; put the output of `openssl rand -base64 32` there, and keep it."
    )]
    NoSecret,
}

impl Settings {
    /// Reads what is set and fills in what is not.
    ///
    /// # Errors
    /// [`Unusable`]: one sentence.
    pub fn read(variables: &HashMap<String, String>) -> Result<Self, Unusable> {
        let set = |name: &str| {
            variables.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
        };
        let port = set("PORT").map_or(Ok(PORT), port)?;
        let host = host(set("HOST").unwrap_or(HOST))?;
        let (variable, given) = ["AUTH_URL", "NEXTAUTH_URL"]
            .into_iter()
            .find_map(|name| Some((name, set(name)?.to_owned())))
            .map_or(("AUTH_URL", None), |(name, value)| (name, Some(value)));
        if given.is_none() && !host.is_loopback() {
            return Err(Unusable::UnknownUrl(host));
        }
        let value = given.unwrap_or_else(|| format!("http://localhost:{port}"));
        let url = origin(&value).ok_or_else(|| Unusable::Url { variable, value: value.clone() })?;
        let says_so = |name: &str| set(name) == Some("production");
        let production = !is_loopback(&url) || says_so("APP_ENV") || says_so("NODE_ENV");
        if production && url.scheme() != "https" {
            return Err(Unusable::NotHttps { variable, value });
        }
        let has_secret = SECRETS.into_iter().any(|name| set(name).is_some());
        if production && !has_secret {
            return Err(Unusable::NoSecret);
        }
        let strategy = set("AUTH_SESSION_STRATEGY").map_or(Ok(Strategy::Database), strategy)?;
        let token_storage =
            set("AUTH_SHARED_WITH_AUTHJS").map_or(Ok(TokenStorage::Hashed), sharing)?;
        let other_origins = set("CORS_ALLOWED_ORIGINS")
            .map_or(Ok(Vec::new()), |origins| other_origins(origins, production))?;
        let limits = limits(set)?;
        let studio = studio(set("STUDIO_EMAIL").unwrap_or(STUDIO))?;
        let database_url = set("DATABASE_URL").unwrap_or(DATABASE).to_owned();
        let replica_url = set("DATABASE_READ_URL").map(str::to_owned);
        let redis_url = set("REDIS_URL").map(str::to_owned);
        if redis_url.is_some() && token_storage == TokenStorage::SharedWithAuthJs {
            return Err(Unusable::SharedRedis);
        }
        let variables = variables.clone();
        Ok(Self {
            address: (host, port).into(),
            database_url,
            replica_url,
            redis_url,
            url,
            production,
            strategy,
            token_storage,
            studio,
            other_origins,
            has_secret,
            limits,
            variables,
        })
    }

    /// A variable as the library shall see it: the origin is settled, and `secret` stands in where there is none.
    #[must_use]
    pub fn variable(&self, name: &str, secret: Option<&str>) -> Option<String> {
        match name {
            "AUTH_URL" => Some(self.url.to_string()),
            "AUTH_SECRET" if !self.has_secret => secret.map(str::to_owned),
            _ => self.variables.get(name).cloned(),
        }
    }

    /// Whether look-alikes may stand in for providers: only where nobody else can come.
    #[must_use]
    pub fn is_private(&self) -> bool {
        !self.production && self.address.ip().is_loopback()
    }
}

/// How the events of the log are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people, one line each.
    Text,
    /// For programs, one JSON document a line.
    Json,
}

impl LogFormat {
    /// Reads `LOG_FORMAT`.
    ///
    /// # Errors
    /// [`Unusable::LogFormat`].
    pub fn read(variables: &HashMap<String, String>) -> Result<Self, Unusable> {
        match variables.get("LOG_FORMAT").map(|format| format.trim()) {
            None | Some("" | "text") => Ok(Self::Text),
            Some("json") => Ok(Self::Json),
            Some(other) => Err(Unusable::LogFormat(other.to_owned())),
        }
    }
}

/// What a server may be told to be stricter about. No more than the defaults is safe for everybody.
fn limits<'v>(set: impl Fn(&str) -> Option<&'v str>) -> Result<Limits, Unusable> {
    let number = |variable: &'static str, most: u32| {
        let Some(value) = set(variable) else { return Ok(most) };
        let number = value.parse().ok().filter(|number| (1..=most).contains(number));
        number.ok_or_else(|| Unusable::Limit { variable, value: value.to_owned(), most })
    };
    let time = |variable, most: Duration| {
        let most = u32::try_from(most.as_millis()).unwrap_or(u32::MAX);
        number(variable, most).map(|milliseconds| Duration::from_millis(milliseconds.into()))
    };
    let most = Limits::default();
    Ok(Limits {
        header: time("HEADER_TIMEOUT_MS", most.header)?,
        body: time("BODY_TIMEOUT_MS", most.body)?,
        connections: number("CONNECTIONS", most.connections)?,
        of_one_network: number("CONNECTIONS_OF_ONE_NETWORK", most.of_one_network)?,
    })
}

/// One address, as a page and a mail server can be given it.
fn studio(text: &str) -> Result<String, Unusable> {
    let fits = text.split_once('@').is_some_and(|(local, domain)| {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || ".+-_".contains(letter);
        !local.is_empty()
            && !domain.is_empty()
            && (local.chars().chain(domain.chars())).all(is_plain)
    });
    fits.then(|| text.to_owned()).ok_or_else(|| Unusable::Studio(text.to_owned()))
}

fn port(text: &str) -> Result<u16, Unusable> {
    text.parse().ok().filter(|port| *port != 0).ok_or_else(|| Unusable::Port(text.to_owned()))
}

fn strategy(text: &str) -> Result<Strategy, Unusable> {
    match text {
        "database" => Ok(Strategy::Database),
        "jwt" => Ok(Strategy::Jwt),
        _ => Err(Unusable::Strategy(text.to_owned())),
    }
}

fn sharing(text: &str) -> Result<TokenStorage, Unusable> {
    match text {
        "1" => Ok(TokenStorage::SharedWithAuthJs),
        "0" => Ok(TokenStorage::Hashed),
        _ => Err(Unusable::Sharing(text.to_owned())),
    }
}

fn host(text: &str) -> Result<IpAddr, Unusable> {
    let text = if text == "localhost" { HOST } else { text };
    text.parse().map_err(|_| Unusable::Host(text.to_owned()))
}

/// Origins, with commas between them. A star is none: whoever may send cookies is named.
fn other_origins(text: &str, production: bool) -> Result<Vec<HeaderValue>, Unusable> {
    let each = text.split(',').map(str::trim).filter(|each| !each.is_empty());
    let each = each.map(|each| {
        let url = Url::parse(each.trim_end_matches('/')).ok();
        let safe =
            url.filter(|url| url.scheme() == "https" || (!production && url.scheme() == "http"));
        let spelt = safe.map(|url| url.origin().ascii_serialization());
        let spelt = spelt.filter(|origin| origin == each.trim_end_matches('/'));
        let value = spelt.and_then(|origin| HeaderValue::try_from(origin).ok());
        value.ok_or_else(|| Unusable::OtherOrigin(each.to_owned()))
    });
    each.collect()
}

/// An http(s) address, reduced to its origin: the site lives at the root of it.
fn origin(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let plain = url.username().is_empty() && url.password().is_none();
    plain.then(|| url.join("/").ok()).flatten()
}

/// Whether an address names this machine.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Settings, Unusable> {
        let owned = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Settings::read(&owned.collect())
    }

    #[test]
    fn nothing_needs_to_be_set() {
        let settings = read(&[]).unwrap();
        assert_eq!(settings.address.to_string(), "127.0.0.1:3000");
        assert_eq!(settings.url.as_str(), "http://localhost:3000/");
        assert_eq!(settings.database_url, "sqlite://betancourt.db");
        assert_eq!((&settings.replica_url, &settings.redis_url), (&None, &None));
        assert!(settings.is_private() && !settings.has_secret);
        assert_eq!(settings.token_storage, TokenStorage::Hashed);
        assert_eq!(settings.studio, STUDIO);
        let limits = settings.limits;
        assert_eq!(limits, Limits::default());
        assert_eq!((limits.header.as_secs(), limits.body.as_secs()), (10, 30));
        let studio = ("STUDIO_EMAIL", " hola@betancourt-audio.example ");
        assert_eq!(read(&[studio]).unwrap().studio, "hola@betancourt-audio.example");
    }

    #[test]
    fn the_url_follows_the_port_unless_it_is_set() {
        assert_eq!(read(&[("PORT", "8080")]).unwrap().url.as_str(), "http://localhost:8080/");
        let settings =
            read(&[("PORT", "8080"), ("NEXTAUTH_URL", "http://127.0.0.1:9000")]).unwrap();
        assert_eq!(settings.url.as_str(), "http://127.0.0.1:9000/");
        let both = [("AUTH_URL", "http://localhost:1"), ("NEXTAUTH_URL", "http://localhost:2")];
        assert_eq!(read(&both).unwrap().url.as_str(), "http://localhost:1/");
    }

    #[test]
    fn production_is_where_people_are_and_asks_for_more() {
        let secret = ("AUTH_SECRET", "k6xJ0s2mN8qRv4tYw7zAbCdEfGhIjKlM");
        let settings = read(&[("AUTH_URL", "https://studio.example.com"), secret]).unwrap();
        assert!(settings.production && !settings.is_private());
        assert!(
            read(&[("APP_ENV", "production"), ("AUTH_URL", "https://localhost"), secret])
                .unwrap()
                .production
        );
        assert!(
            !read(&[("HOST", "0.0.0.0"), ("AUTH_URL", "http://localhost:3000")])
                .unwrap()
                .is_private()
        );
    }

    #[test]
    fn every_wrong_value_has_its_sentence() {
        let https = ("AUTH_URL", "https://studio.example.com");
        for (variables, beginning) in [
            (vec![("PORT", "web")], "PORT is `web`"),
            (vec![("PORT", "0")], "PORT is `0`"),
            (vec![("AUTH_SESSION_STRATEGY", "redis")], "AUTH_SESSION_STRATEGY is `redis`"),
            (vec![("AUTH_SHARED_WITH_AUTHJS", "yes")], "AUTH_SHARED_WITH_AUTHJS is `yes`"),
            (vec![("CORS_ALLOWED_ORIGINS", "*")], "CORS_ALLOWED_ORIGINS holds `*`"),
            (
                vec![("CORS_ALLOWED_ORIGINS", "https://a.test, https://b.test/x")],
                "CORS_ALLOWED_ORIGINS holds `https://b.test/x`",
            ),
            (
                vec![("REDIS_URL", "redis://127.0.0.1"), ("AUTH_SHARED_WITH_AUTHJS", "1")],
                "REDIS_URL and AUTH_SHARED_WITH_AUTHJS are both set",
            ),
            (vec![("HEADER_TIMEOUT_MS", "10001")], "HEADER_TIMEOUT_MS is `10001`"),
            (vec![("BODY_TIMEOUT_MS", "0")], "BODY_TIMEOUT_MS is `0`"),
            (vec![("CONNECTIONS", "many")], "CONNECTIONS is `many`"),
            (vec![("CONNECTIONS_OF_ONE_NETWORK", "257")], "CONNECTIONS_OF_ONE_NETWORK is `257`"),
            (vec![("HOST", "studio")], "HOST is `studio`"),
            (vec![("STUDIO_EMAIL", "studio")], "STUDIO_EMAIL is `studio`"),
            (vec![("STUDIO_EMAIL", "a@b.co, c@d.co")], "STUDIO_EMAIL is `a@b.co, c@d.co`"),
            (vec![("HOST", "0.0.0.0")], "AUTH_URL is not set, and HOST is `0.0.0.0`"),
            (vec![("AUTH_URL", "studio.example.com")], "AUTH_URL is `studio.example.com`"),
            (vec![("NEXTAUTH_URL", "ftp://x")], "NEXTAUTH_URL is `ftp://x`"),
            (
                vec![("AUTH_URL", "http://studio.example.com")],
                "AUTH_URL is `http://studio.example.com`: in production",
            ),
            (
                vec![("NODE_ENV", "production")],
                "AUTH_URL is `http://localhost:3000`: in production",
            ),
            (vec![https], "AUTH_SECRET is not set: in production"),
        ] {
            let sentence = read(&variables).unwrap_err().to_string();
            assert!(sentence.starts_with(beginning), "{sentence}");
            assert_eq!(sentence.matches(". ").count(), 0, "one sentence: {sentence}");
        }
    }
}
