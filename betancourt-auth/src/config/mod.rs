//! What an application decides once: a plain struct, its defaults explained, checked in `Auth::new`.

mod cookies;
mod environment;
mod registrations;
mod retention;
mod setup;
mod strangers;
mod way_in;

use std::borrow::Cow;
use std::sync::Arc;

use time::Duration;
use url::{Host, Url};

use crate::clock::{Clock, SystemClock};
use crate::hook::{Callbacks, Events, NoHooks};
use crate::http_client::HttpClient;
use crate::jwe::Encryption;
use crate::language::Language;
use crate::news::Newswire;
use crate::provider::{CredentialsProvider, EmailProvider, Registrar, Registration};
use crate::request::TrustedProxies;
use crate::secret::{OsRandom, Random, Secret};
use crate::theme::Theme;

pub use cookies::{CookiePurpose, KnownCookie};
pub(crate) use registrations::is_safe;
pub use retention::Retention;
pub(crate) use setup::Setup;
pub use setup::SetupError;
pub(crate) use way_in::WayIn;

/// Everything an application decides. [`Config::new`] has the defaults; change what you need.
///
/// ```
/// use betancourt_auth::Config;
/// use betancourt_auth::provider::{Registration, google};
///
/// let mut config = Config::new("https://app.example.com", "a secret of at least 32 characters!!")?;
/// config.registrations.push(Registration::new(google(), "client id", "client secret"));
/// config.base_path = "/api/auth".into();
/// # Ok::<(), betancourt_auth::SetupError>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// The origin that people see. Callbacks, cookies and return addresses follow it, whatever `Host` says.
    pub url: Url,
    /// The path of all actions: `/auth`.
    pub base_path: String,
    /// What stands before all paths as people see them, and what a proxy, or the router that the whole application is
    /// nested in, takes away before it hands a request on: for example `/app`, where `base_path` is `/app/auth` and the
    /// application itself sees `/auth`. Empty: nothing.
    pub stripped_prefix: String,
    /// What everything sealed is sealed with: the first seals, every one opens. At least 32 characters each.
    pub secrets: Vec<Secret>,
    /// The providers, in the order in which they are shown.
    pub registrations: Vec<Registration>,
    /// Ways to sign in by a link in a mail; shown after the providers.
    pub email: Vec<EmailProvider>,
    /// Ways to sign in by the application's own judgement; shown last.
    pub credentials: Vec<CredentialsProvider>,
    /// Pages of the application's own instead of the built-in ones.
    pub pages: Pages,
    /// How the built-in pages look.
    pub theme: Theme,
    /// How long somebody who asked to be deleted may change their mind: 14 days.
    pub deletion_grace: Duration,
    /// A role that somebody must always have, such as that of administrators: whoever alone has it can neither ask to be
    /// deleted nor be deleted because they did. `None`: nobody is missed.
    pub never_without: Option<Cow<'static, str>>,
    /// What the built-in pages and mails are written in. `None`: what the browser asks for, else English.
    pub language: Option<Language>,
    /// How long sessions live.
    pub session: SessionRules,
    /// How often one network may begin to sign in, and how much mail is sent.
    pub rate: RateLimit,
    /// How long what is over stays in the store.
    pub retention: Retention,
    /// The proxies whose `X-Forwarded-For` counts. None by default.
    pub trusted_proxies: TrustedProxies,
    /// Production asks for https and strong secrets. Every `url` that is not a loopback address is production.
    pub environment: Environment,
    /// Where the application has its say.
    pub callbacks: Arc<dyn Callbacks>,
    /// What the application hears of.
    pub events: Arc<dyn Events>,
    /// Who tells other processes on the same store what ends in this one, and this one what ends in them. `None`: nobody,
    /// and they find out by themselves, within [`cache_for`](SessionRules::cache_for) or
    /// [`recheck_after`](SessionRules::recheck_after).
    pub newswire: Option<Arc<dyn Newswire>>,
    /// Who speaks to the providers. `None`: the bundled client.
    pub http_client: Option<Arc<dyn HttpClient>>,
    /// Who finds registrations that come at run time. `None`: there are no others than those above.
    pub registrar: Option<Arc<dyn Registrar>>,
    /// Who speaks to the providers that the registrar finds. `None`: the bundled client, which connects to public addresses
    /// alone. Another one must do the same.
    pub http_client_for_strangers: Option<Arc<dyn HttpClient>>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where randomness comes from.
    pub random: Arc<dyn Random>,
}

impl Config {
    /// The defaults for an application at `url` with one secret.
    ///
    /// # Errors
    /// [`SetupError`] when `url` is not an http(s) origin. Everything else is checked by
    /// [`Auth::new`](crate::Auth::new).
    pub fn new(url: &str, secret: impl Into<String>) -> Result<Self, SetupError> {
        let not_an_origin = || SetupError::Url { variable: "AUTH_URL", value: url.to_owned() };
        let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let url = url
            .filter(|url| url.username().is_empty() && url.password().is_none())
            .ok_or_else(not_an_origin)?;
        Ok(Self {
            base_path: base_path_of(&url),
            environment: if is_loopback(&url) {
                Environment::Development
            } else {
                Environment::Production
            },
            url: origin_of(url),
            stripped_prefix: String::new(),
            secrets: vec![Secret::new(secret)],
            registrations: Vec::new(),
            email: Vec::new(),
            credentials: Vec::new(),
            pages: Pages::default(),
            theme: Theme::default(),
            deletion_grace: Duration::days(14),
            never_without: None,
            language: None,
            session: SessionRules::default(),
            rate: RateLimit::default(),
            retention: Retention::default(),
            trusted_proxies: TrustedProxies::default(),
            callbacks: Arc::new(NoHooks),
            events: Arc::new(NoHooks),
            newswire: None,
            http_client: None,
            registrar: None,
            http_client_for_strangers: None,
            clock: Arc::new(SystemClock),
            random: Arc::new(OsRandom::default()),
        })
    }
}

/// Where the application runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// On the machine of who writes it.
    Development,
    /// For people.
    Production,
}

/// Pages of the application's own: paths on its origin, for example `/login` or `/account?tab=sign-in`. `None`: the
/// built-in page. What a page gets to know is added to its query.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Pages {
    /// Where people sign in. Gets `callbackUrl`, and `error` with `ref` after a failure.
    pub sign_in: Option<String>,
    /// Where people are told that a mail is on its way. Gets `provider` and `type`.
    pub verify_request: Option<String>,
    /// Where people land who signed in for the first time. Gets `callbackUrl`, where they wanted to go. Nobody is sent
    /// there who came by credentials.
    pub new_user: Option<String>,
    /// Where people land who signed in without asking for a place, or for one that is not ours. `None`: the origin.
    pub signed_in: Option<String>,
    /// Where people sign out.
    pub sign_out: Option<String>,
    /// Where errors are shown. Gets `error` and `ref`.
    pub error: Option<String>,
    /// Where somebody goes who is signed in but lacks the role for a page.
    pub forbidden: Option<String>,
}

/// Where sessions are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strategy {
    /// In the store: the cookie holds a random token, and the store its hash.
    #[default]
    Database,
    /// In the cookie, encrypted as Auth.js does it. The store keeps people and accounts, and what ends a session
    /// before its time.
    Jwt,
}

/// How sessions are kept, and how long they live.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SessionRules {
    /// Where sessions are kept: [`Strategy::Database`].
    pub strategy: Strategy,
    /// How long a session lives after its latest use: 30 days.
    pub max_age: Duration,
    /// How long after an extension the next one is written: 24 hours.
    pub update_age: Duration,
    /// How long a session lives at most, however often it is used: 180 days.
    pub absolute_age: Duration,
    /// How long after signing in somebody may do sensitive things: 10 minutes.
    pub fresh_for: Duration,
    /// How many stored sessions a person keeps; the ones that would end first go: 10.
    pub keep: u32,
    /// How exactly it is known when a stored session was last used: one small write in that time. `None`: to
    /// `update_age`, without any.
    pub seen_every: Option<Duration>,
    /// How long a sealed session counts without asking the store whether it has ended, in each process: a minute. With
    /// zero the store is asked at each request.
    pub recheck_after: Duration,
    /// How long a stored session counts without asking the store, in each process: not at all. Up to a minute; 5 seconds
    /// take nearly all queries from a busy page.
    ///
    /// The price: what another process ends or changes, a page of this one may not know for so long, unless there is a
    /// [`newswire`](Config::newswire). What this process ends or changes counts at once, and so it does everywhere for all
    /// that must not rest on a moment ago: [`Role`](crate::Role), everything below the base path, and
    /// [`Auth::current_user`](crate::Auth::current_user) ask the store.
    pub cache_for: Duration,
    /// How a sealed session is encrypted: `A256CBC-HS512`, as Auth.js does it.
    pub encryption: Encryption,
    /// Whether sessions of NextAuth.js v4 are read, too, and moved to our own cookie, so that the change signs nobody
    /// out: no.
    pub reads_v4: bool,
}

impl Default for SessionRules {
    fn default() -> Self {
        Self {
            strategy: Strategy::default(),
            max_age: Duration::days(30),
            update_age: Duration::hours(24),
            absolute_age: Duration::days(180),
            fresh_for: Duration::minutes(10),
            keep: 10,
            seen_every: None,
            recheck_after: Duration::minutes(1),
            cache_for: Duration::ZERO,
            encryption: Encryption::default(),
            reads_v4: false,
        }
    }
}

/// How often something may be begun.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RateLimit {
    /// How many attempts to sign in one network may begin, which is an IPv4 address or an IPv6 /64: 60. The /56 around that
    /// has four times as many, and the /48 sixteen times; everybody whose address is not known has one network's together.
    pub attempts: u32,
    /// How many mails are sent to one address: 3. Who asks for more gets the same answer, and no mail.
    pub mails_to_one: u32,
    /// How many mails are sent in all: 1,000.
    pub mails: u32,
    /// How many words of providers about people who signed out there are taken from one network: 1,000.
    pub logouts: u32,
    /// In which time: 10 minutes.
    pub window: Duration,
    /// How long the store may take to count: 10 seconds. Whoever cannot be counted is told to come again, and nobody passes
    /// uncounted.
    pub patience: Duration,
    /// How many networks, names and addresses each process tells apart in that time: 100,000. Those beyond share 256
    /// counts, so that ever new ones do not fill the store.
    pub told_apart: u32,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self {
            attempts: 60,
            mails_to_one: 3,
            mails: 1_000,
            logouts: 1_000,
            window: Duration::minutes(10),
            patience: Duration::seconds(10),
            told_apart: 100_000,
        }
    }
}

/// Whether an address names this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The path of `AUTH_URL` is the base path, as in Auth.js; without one it is `/auth`.
fn base_path_of(url: &Url) -> String {
    match url.path().trim_end_matches('/') {
        "" => "/auth".to_owned(),
        path => path.to_owned(),
    }
}

fn origin_of(mut url: Url) -> Url {
    url.set_path("/");
    url.set_query(None);
    url.set_fragment(None);
    url
}
