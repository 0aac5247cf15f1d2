//! A `Config` that has been checked, with what is derived from it: what every step of the relay reads.

use std::collections::HashSet;
use std::fmt::{self, Debug, Display, Formatter};
use std::sync::Arc;

use time::{Duration, OffsetDateTime};
use url::Url;

use super::strangers::Strangers;
use super::{Config, Environment, Pages, registrations};
use crate::clock::to_millisecond;
use crate::cookie::Names;
use crate::crowd::Crowd;
use crate::documents::Documents;
use crate::errands::Errands;
use crate::http_client::HttpClient;
use crate::jwe::{Generation, Keyring};
use crate::model::TokenStorage;
use crate::nonces::Nonces;
use crate::seal::Sealer;
use crate::secret::Secret;
use crate::standings::Standings;
use crate::store::Store;
use crate::turns::Turns;

const SHORTEST_SECRET: usize = 32;
const LONGEST_CACHE: Duration = Duration::MINUTE;
/// What `examples/` are sealed with. Whoever copies one changes it, or does not go into production.
const SECRET_OF_THE_EXAMPLES: &str = "everybody knows the secret of an example";

/// Why an application cannot start: one sentence that says what is wrong and what to do.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// The Apple key cannot be read.
    #[error(
        "AUTH_APPLE_PRIVATE_KEY cannot be read: paste the whole content of the .p8 file from Apple's developer account, the BEGIN and END lines included."
    )]
    AppleKey,
    /// More is demanded of a sign-in than the provider could say of it.
    #[error(
        "`max_age` or `acr_values` is demanded of the provider `{0}`, which has no ID token to say so: demand nothing of it, or use a provider that speaks OpenID Connect."
    )]
    Assurance(String),
    /// The base path is not a path.
    #[error(
        "The base path is `{0}`: it must begin with `/`, end without one, and hold nothing but letters, digits, `-`, `_`, `.` and `/`; for example `/api/auth`."
    )]
    BasePath(String),
    /// What is to prove our client is not what the provider is told it with.
    #[error(
        "The provider `{provider}` is to be told who we are with a signature, but has no private key, or the other way round: make its registration with `Registration::with_private_key`, or give it a secret."
    )]
    ClientAuthentication {
        /// The provider's id.
        provider: String,
    },
    /// Two providers have the same id.
    #[error("Two providers are called `{0}`: give one of them another id.")]
    DuplicateProvider(String),
    /// An endpoint or issuer is not https.
    #[error(
        "The provider `{provider}` is reached at `{url}`: use https, or a loopback address while developing."
    )]
    InsecureProvider {
        /// The provider's id.
        provider: String,
        /// The address.
        url: String,
    },
    /// The site itself is not https in production.
    #[error(
        "AUTH_URL is `{0}`: in production it must begin with https://, because sign-in cookies may not travel in clear."
    )]
    InsecureUrl(String),
    /// The secret stands in an example.
    #[error(
        "AUTH_SECRET is that of an example, which everybody knows: put the output of `openssl rand -base64 32` there."
    )]
    ExampleSecret,
    /// One half of a registration is missing.
    #[error(
        "{present} is set but {missing} is not: set both, as the provider's console shows them, or neither."
    )]
    HalfRegistration {
        /// The variable that is there.
        present: String,
        /// The one that is not.
        missing: String,
    },
    /// A provider's tokens may be signed with a key that is published, or with a shared secret.
    #[error(
        "The provider `{0}` may sign with HS256 or with a published key: name algorithms of one kind, because what everybody knows must never count as a shared secret."
    )]
    MixedAlgorithms(String),
    /// There is no secret.
    #[error(
        "AUTH_SECRET is not set: put the output of `openssl rand -base64 32` there, and keep it."
    )]
    MissingSecret,
    /// The bundled client was left out, and no other was given.
    #[error(
        "There is no HTTP client: set `Config::http_client`, or switch on the feature `reqwest`."
    )]
    NoHttpClient,
    /// The mailer was left out.
    #[error(
        "AUTH_SMTP_URL is set, but there is nothing that speaks SMTP: switch on the feature `smtp`, or set `Config::email` yourself."
    )]
    NoMailer,
    /// The mail server cannot be written to.
    #[cfg(feature = "smtp")]
    #[error("AUTH_SMTP_URL and AUTH_EMAIL_FROM cannot be used: {0}.")]
    Smtp(#[source] crate::mailer::SmtpSetupError),
    /// The bundled client cannot be set up.
    #[error("The HTTP client cannot be set up on this system: {0}.")]
    HttpClient(#[source] crate::http_client::Unreachable),
    /// A page of the application's own is not on its origin.
    #[error(
        "The page `{0}` must be a path of this application, such as `/login`, without a fragment."
    )]
    Page(String),
    /// The logo is not a picture that every page may show.
    #[error(
        "The logo `{0}` must be a path of this application, such as `/logo.svg`, or an https address."
    )]
    Logo(String),
    /// Nobody could sign in.
    #[error(
        "No provider is configured: set AUTH_GOOGLE_ID and AUTH_GOOGLE_SECRET, or those of another provider, as its console shows them, or AUTH_SMTP_URL and AUTH_EMAIL_FROM for sign-in by e-mail; to try it without any, run `betancourt-auth-dev` and set what it prints."
    )]
    NoProvider,
    /// A private key cannot be read.
    #[error(
        "The private key of `{provider}` is none for {algorithm}: paste the whole PEM of a PKCS #8 key of that kind, as `openssl genpkey` writes it, the BEGIN and END lines included."
    )]
    PrivateKey {
        /// The provider's id.
        provider: String,
        /// What it was to sign with.
        algorithm: &'static str,
    },
    /// The issuer of `AUTH_OIDC_ISSUER` cannot be used.
    #[error(
        "AUTH_OIDC_ISSUER is `{0}`: it must be the issuer as the provider names itself, an https address without query and fragment, such as `https://id.example.com`; http is for loopback while developing."
    )]
    Issuer(String),
    /// Proxying redirects is not offered.
    #[error(
        "AUTH_REDIRECT_PROXY_URL is set, but redirect proxies are not supported: register each deployment's own callback address with the provider, and unset it."
    )]
    RedirectProxy,
    /// The list of proxies cannot be read.
    #[error(
        "AUTH_TRUSTED_PROXIES is `{list}`: list addresses or networks separated by commas, such as `10.0.0.0/8, ::1`."
    )]
    TrustedProxies {
        /// What stands there.
        list: String,
    },
    /// The cache of sessions is none.
    #[error(
        "AUTH_SESSION_CACHE_SECONDS, or `session.cache_for`, is `{0}`: it must be a number of seconds between 0, which switches the cache off, and 60; for example 5."
    )]
    SessionCache(String),
    /// What a proxy strips is not the beginning of the base path.
    #[error(
        "AUTH_STRIPPED_PREFIX is `{prefix}`, but the base path is `{base_path}`: it must be the first part of the path in AUTH_URL, such as `/app` of `https://example.com/app/auth`."
    )]
    StrippedPrefix {
        /// What is to be stripped.
        prefix: String,
        /// What is there.
        base_path: String,
    },
    /// The address of the site cannot be used.
    #[error("{variable} is `{value}`: it must be an address such as `https://app.example.com`.")]
    Url {
        /// The variable.
        variable: &'static str,
        /// What stands there.
        value: String,
    },
    /// A secret is too short to hold out.
    #[error(
        "AUTH_SECRET has fewer than {SHORTEST_SECRET} characters or hardly any different ones: put the output of `openssl rand -base64 32` there."
    )]
    WeakSecret,
}

/// A program that ends with this error prints its `Debug`: that is the sentence, too.
impl Debug for SetupError {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, formatter)
    }
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Setup {
    pub(crate) config: Config,
    pub(crate) store: Arc<dyn Store>,
    /// In which form the store has session tokens and provider tokens.
    pub(crate) token_storage: TokenStorage,
    pub(crate) http: Arc<dyn HttpClient>,
    pub(crate) documents: Documents,
    /// The same for providers that strangers chose, which are kept apart.
    pub(super) strangers: Option<Strangers>,
    pub(crate) crowd: Crowd,
    pub(crate) errands: Errands,
    /// What servers want in proofs of a key.
    pub(crate) nonces: Nonces,
    pub(crate) standings: Standings,
    pub(crate) turns: Turns,
    pub(crate) sealer: Sealer,
    /// What sealed sessions are encrypted with.
    pub(crate) keyring: Keyring,
    /// What those of NextAuth.js v4 were encrypted with, where they are read.
    pub(crate) keyring_of_v4: Option<Keyring>,
    pub(crate) cookies: Names,
}

impl Setup {
    pub(crate) fn check(config: Config, store: Arc<dyn Store>) -> Result<Self, SetupError> {
        check_url(&config)?;
        check_secrets(&config)?;
        check_paths(&config)?;
        check_logo(&config)?;
        check_providers(&config)?;
        check_cache(&config)?;
        let sealer = Sealer::new(&config.secrets).ok_or(SetupError::MissingSecret)?;
        let http = match &config.http_client {
            Some(client) => Arc::clone(client),
            None => bundled_client()?,
        };
        let strangers = Strangers::of(&config)?;
        let cookies = Names::new(config.url.scheme() == "https");
        let keyring = |generation, salt| {
            Keyring::new(&config.secrets, generation, salt).ok_or(SetupError::MissingSecret)
        };
        Ok(Self {
            token_storage: store.token_storage(),
            documents: Documents::default(),
            crowd: Crowd::default(),
            errands: Errands::default(),
            nonces: Nonces::default(),
            standings: Standings::new(config.newswire.clone()),
            turns: Turns::default(),
            keyring: keyring(Generation::Five, cookies.session())?,
            keyring_of_v4: config
                .session
                .reads_v4
                .then(|| keyring(Generation::Four, ""))
                .transpose()?,
            store,
            http,
            strangers,
            sealer,
            cookies,
            config,
        })
    }

    /// The present moment, to the millisecond that the stores keep.
    pub(crate) fn now(&self) -> OffsetDateTime {
        to_millisecond(self.config.clock.now())
    }

    /// The absolute address of a path below the base path, for example `/callback/google`.
    pub(crate) fn action_url(&self, action: &str) -> String {
        format!("{}{}{action}", self.origin(), self.config.base_path)
    }

    /// The origin without a slash at its end.
    pub(crate) fn origin(&self) -> &str {
        self.config.url.as_str().trim_end_matches('/')
    }

    /// The absolute address of a page of ours: its path was checked at the start.
    pub(crate) fn absolute(&self, page: &str) -> String {
        self.config.url.join(page).map_or_else(|_| page.to_owned(), String::from)
    }

    /// The path of the page to sign in.
    pub(crate) fn sign_in_page(&self) -> String {
        let own = self.config.pages.sign_in.clone();
        own.unwrap_or_else(|| format!("{}/signin", self.config.base_path))
    }

    /// The path of the page that shows errors.
    pub(crate) fn error_page(&self) -> String {
        let own = self.config.pages.error.clone();
        own.unwrap_or_else(|| format!("{}/error", self.config.base_path))
    }

    /// Whether a request that names this host was meant for us.
    pub(crate) fn is_our_host(&self, named: &str) -> bool {
        let named = Url::parse(&format!("{}://{named}/", self.config.url.scheme()));
        named.is_ok_and(|named| {
            named.origin() == self.config.url.origin() && named.username().is_empty()
        })
    }
}

fn check_url(config: &Config) -> Result<(), SetupError> {
    let must_be_https = config.environment == Environment::Production;
    if must_be_https && config.url.scheme() != "https" {
        return Err(SetupError::InsecureUrl(config.url.to_string()));
    }
    Ok(())
}

fn check_secrets(config: &Config) -> Result<(), SetupError> {
    if config.secrets.iter().all(|secret| secret.expose().is_empty()) {
        return Err(SetupError::MissingSecret);
    }
    let weak = |secret: &str| {
        let different: HashSet<char> = secret.chars().collect();
        secret.chars().count() < SHORTEST_SECRET || different.len() < 8
    };
    if config.secrets.iter().any(|secret| weak(secret.expose())) {
        return Err(SetupError::WeakSecret);
    }
    let is_of_an_example = |secret: &Secret| secret.expose() == SECRET_OF_THE_EXAMPLES;
    if config.environment == Environment::Production && config.secrets.iter().any(is_of_an_example)
    {
        return Err(SetupError::ExampleSecret);
    }
    Ok(())
}

fn check_paths(config: &Config) -> Result<(), SetupError> {
    let plain = |path: &str| {
        path.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_./".contains(letter))
    };
    let base_path = &config.base_path;
    if !base_path.starts_with('/')
        || base_path.ends_with('/')
        || base_path.contains("//")
        || !plain(base_path)
    {
        return Err(SetupError::BasePath(base_path.clone()));
    }
    let prefix = &config.stripped_prefix;
    let rest = base_path.strip_prefix(prefix.as_str());
    if !rest.is_some_and(|rest| rest.starts_with('/')) {
        let (prefix, base_path) = (prefix.clone(), base_path.clone());
        return Err(SetupError::StrippedPrefix { prefix, base_path });
    }
    let Pages { sign_in, verify_request, new_user, signed_in, sign_out, error, forbidden } =
        &config.pages;
    let pages = [sign_in, verify_request, new_user, signed_in, sign_out, error, forbidden];
    let foreign = pages.into_iter().flatten().find(|page| {
        let url = config.url.join(page);
        !page.starts_with('/')
            || page.contains('#')
            || url.map_or(true, |url| url.origin() != config.url.origin())
    });
    foreign.map_or(Ok(()), |page| Err(SetupError::Page(page.clone())))
}

/// The logo's origin becomes part of a `Content-Security-Policy`, where some signs have a meaning of their own.
fn check_logo(config: &Config) -> Result<(), SetupError> {
    let Some(logo) = &config.theme.logo else { return Ok(()) };
    let is_sound = |url: &Url| {
        let is_ours = url.origin() == config.url.origin();
        let host = url.host_str().unwrap_or_default();
        (is_ours || url.scheme() == "https")
            && (url.username().is_empty() && url.password().is_none())
            && host.chars().all(|letter| letter.is_ascii_alphanumeric() || "-.:[]".contains(letter))
    };
    let url = config.url.join(logo).ok().filter(is_sound);
    url.map(drop).ok_or_else(|| SetupError::Logo(logo.clone()))
}

fn check_providers(config: &Config) -> Result<(), SetupError> {
    let Config { registrations, email, credentials, .. } = config;
    let ids = registrations.iter().map(|registration| &registration.provider.id);
    let ids = ids.chain(email.iter().map(|provider| &provider.id));
    let mut known = HashSet::new();
    for id in ids.chain(credentials.iter().map(|provider| &provider.id)) {
        if !known.insert(id) {
            return Err(SetupError::DuplicateProvider(id.to_string()));
        }
    }
    registrations.iter().try_for_each(|known| registrations::check(known, config.environment))
}

/// A cache that knows less than nothing, or nothing new for longer than anybody would wait, is a mistake.
fn check_cache(config: &Config) -> Result<(), SetupError> {
    let cache_for = config.session.cache_for;
    let is_sound = (Duration::ZERO..=LONGEST_CACHE).contains(&cache_for);
    is_sound.then_some(()).ok_or_else(|| SetupError::SessionCache(cache_for.to_string()))
}

#[cfg(feature = "reqwest")]
fn bundled_client() -> Result<Arc<dyn HttpClient>, SetupError> {
    Ok(Arc::new(crate::http_client::BundledClient::new().map_err(SetupError::HttpClient)?))
}

#[cfg(not(feature = "reqwest"))]
fn bundled_client() -> Result<Arc<dyn HttpClient>, SetupError> {
    Err(SetupError::NoHttpClient)
}
