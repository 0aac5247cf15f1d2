//! From settings to a running site, and the commands that need no server.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use betancourt_auth::news::Newswire;
use betancourt_auth::provider::EmailProvider;
use betancourt_auth::store::{SplitStore, UserStore as _};
use betancourt_auth::{Auth, Config, Role as _, SetupError, Strategy, TokenStorage};
use betancourt_auth_dev::{LookAlikes, Setup, StartError};
use betancourt_auth_redis::RedisStore;
use betancourt_auth_sqlx::{OpenError, SqlStore};
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use crate::alarm::Alarm;
use crate::database::NotAnswered;
use crate::routes::{self, AFTER_SIGN_IN};
use crate::secret_file::{self, FILE};
use crate::session_shape::WithIdAndRole;
use crate::settings::{Settings, Unusable};
use crate::site::{Administrator, Site};
use crate::{departures, looks, messages, server, tables};

/// Where the actions of sign-in are.
pub const BASE_PATH: &str = "/api/auth";
/// How often it is looked for messages that are old.
const FORGET_EVERY: Duration = Duration::from_secs(60 * 60);
/// How long the end waits for mail that is on its way.
const LAST_MAIL: Duration = Duration::from_secs(10);

/// Why a command ended early: one sentence that says what is wrong and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// A variable cannot be used.
    #[error(transparent)]
    Settings(#[from] Unusable),
    /// Sign-in cannot be set up.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The database cannot be made ready.
    #[error("DATABASE_URL is `{url}`: {source}.")]
    Database {
        /// What stands there, without a password.
        url: String,
        /// What the store said.
        source: OpenError,
    },
    /// The site's own tables cannot be made.
    #[error(
        "DATABASE_URL is `{url}`: the tables of the site cannot be made there, because {error}."
    )]
    Tables {
        /// What stands there, without a password.
        url: String,
        /// What the database said.
        error: NotAnswered,
    },
    /// Redis cannot be reached.
    #[error("REDIS_URL is `{url}`: {source}.")]
    Redis {
        /// What stands there, without a password.
        url: String,
        /// What is wrong with it.
        source: betancourt_auth_redis::OpenError,
    },
    /// The look-alikes cannot start.
    #[error("The look-alikes of the providers cannot start: {0}.")]
    LookAlikes(#[from] StartError),
    /// Nobody could sign in.
    #[error(
        "No provider is configured: set AUTH_GOOGLE_ID and AUTH_GOOGLE_SECRET, or those of Facebook, Apple or Microsoft, as their consoles show them, or AUTH_SMTP_URL and AUTH_EMAIL_FROM to sign in by e-mail."
    )]
    NoProvider,
    /// The port cannot be had.
    #[error(
        "{address} cannot be listened on ({source}): end what runs there, or set PORT to another number."
    )]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The secret of this machine can neither be read nor be made.
    #[error(
        "The file {FILE} can neither be read nor be made ({0}): make this folder writable, or set AUTH_SECRET."
    )]
    SecretFile(io::Error),
    /// Nobody of that address has signed in.
    #[error(
        "Nobody has signed in with the address {0} yet: let them sign in once, then say it again."
    )]
    Nobody(String),
    /// The store or the server failed.
    #[error("It failed: {0}.")]
    Failed(String),
    /// The system gave no threads.
    #[error("No runtime could be made: {0}.")]
    Runtime(io::Error),
}

/// Serves until Ctrl-C or SIGTERM, then finishes what is under way.
///
/// # Errors
/// [`Stop`].
pub async fn serve(settings: Settings) -> Result<(), Stop> {
    let store = connect(&settings).await?;
    let mut config = config(&settings)?;
    let stand_ins = StandIns::for_what_is_missing(&config);
    let look_alikes = look_alikes(&settings, &mut config, stand_ins).await?;
    let letters = TaskTracker::new();
    if let Some(alarm) = Alarm::of(&config, &store, &letters) {
        config.events = Arc::new(alarm);
    }
    if config.session.cache_for.is_positive() || settings.replica_url.is_some() {
        config.newswire = newswire(&settings, &store).await?;
    }
    let mailbox = look_alikes.as_ref().map(LookAlikes::mailbox_url);
    let site = Site {
        auth: auth(&settings, config, &store).await?,
        store,
        look_alikes: look_alikes.is_some() && stand_ins.providers,
        mailbox: mailbox.filter(|_| stand_ins.mail),
        contact: settings.studio.clone(),
        other_origins: settings.other_origins.clone(),
        letters: letters.clone(),
        counts_sessions: settings.redis_url.is_none() && settings.strategy == Strategy::Database,
        started: Instant::now(),
    };
    let address = settings.address;
    let listener =
        TcpListener::bind(address).await.map_err(|source| Stop::Listen { address, source })?;
    greet(&settings, &site, look_alikes.as_ref());
    let auth = site.auth.clone();
    let sweeping = tokio::spawn(sweep(site.clone()));
    let proxies = auth.config().trusted_proxies.clone();
    server::serve(listener, routes::router(site), settings.limits, proxies, asked_to_stop()).await;
    sweeping.abort();
    letters.close();
    let last_mail = async { tokio::join!(auth.settle(), letters.wait()) };
    if timeout(LAST_MAIL, last_mail).await.is_err() {
        tracing::warn!("some mail was not sent in time");
    }
    if let Some(look_alikes) = look_alikes {
        look_alikes.stop().await;
    }
    Ok(())
}

/// Makes or adopts the tables, and nothing else.
///
/// # Errors
/// [`Stop`].
pub async fn migrate(settings: &Settings) -> Result<(), Stop> {
    connect(settings).await?;
    say(&format!("The tables of {} are up to date.", settings.database_url));
    Ok(())
}

/// Gives the person of an address a role. Their sessions have it at once.
///
/// # Errors
/// [`Stop`].
pub async fn set_role(settings: &Settings, email: &str, role: &str) -> Result<(), Stop> {
    let store = connect(settings).await?;
    let auth = Auth::new(config(settings)?, store.clone())?;
    let found = store.user_by_email(&email.trim().to_lowercase()).await;
    let user = found.map_err(|error| Stop::Failed(error.to_string()))?;
    let user = user.ok_or_else(|| Stop::Nobody(email.to_owned()))?;
    auth.set_role(&user.id, role).await.map_err(|error| Stop::Failed(error.to_string()))?;
    say(&format!("{email} is {role} now."));
    Ok(())
}

async fn connect(settings: &Settings) -> Result<SqlStore, Stop> {
    let url = &settings.database_url;
    let mut options = SqlStore::options().token_storage(settings.token_storage);
    if let Some(replica) = &settings.replica_url {
        options = options.replica(replica);
    }
    let stop = |source| Stop::Database { url: showable(url), source };
    let store = options.connect(url).await.map_err(stop)?;
    tables::make(&store).await.map_err(|error| Stop::Tables { url: showable(url), error })?;
    Ok(store)
}

/// What tells other instances of the site what ends in this one, where the database can.
async fn newswire(
    settings: &Settings,
    store: &SqlStore,
) -> Result<Option<Arc<dyn Newswire>>, Stop> {
    let url = showable(&settings.database_url);
    store.newswire().await.map_err(|source| Stop::Database { url, source })
}

/// Sign-in over the database, and over Redis where that is given.
async fn auth(settings: &Settings, config: Config, people: &SqlStore) -> Result<Auth, Stop> {
    let Some(url) = &settings.redis_url else { return Ok(Auth::new(config, people.clone())?) };
    let sessions = RedisStore::connect(url).await;
    let sessions = sessions.map_err(|source| Stop::Redis { url: showable(url), source })?;
    Ok(Auth::new(config, SplitStore::new(people.clone(), sessions))?)
}

/// The address of a database without the password that may be in it.
fn showable(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    rest.rsplit_once('@').map_or_else(|| url.to_owned(), |(_, host)| format!("{scheme}://…@{host}"))
}

fn config(settings: &Settings) -> Result<Config, Stop> {
    let secret = if settings.has_secret {
        None
    } else {
        Some(secret_file::read_or_make(Path::new(FILE)).map_err(Stop::SecretFile)?)
    };
    let mut config = Config::from_variables(|name| settings.variable(name, secret.as_deref()))?;
    config.base_path = BASE_PATH.to_owned();
    config.pages.sign_in = Some("/".to_owned());
    config.pages.signed_in = Some(AFTER_SIGN_IN.to_owned());
    config.pages.error = Some("/".to_owned());
    config.pages.forbidden = Some("/dashboard".to_owned());
    config.theme = looks::theme();
    config.callbacks = Arc::new(WithIdAndRole);
    config.never_without = Some(Administrator::NAME.into());
    config.session.strategy = settings.strategy;
    config.session.recheck_after = time::Duration::ZERO; // a role counts at the next click
    config.session.seen_every = Some(time::Duration::HOUR);
    Ok(config)
}

/// What look-alikes would have to stand in for.
#[derive(Clone, Copy, Debug)]
struct StandIns {
    providers: bool,
    mail: bool,
}

impl StandIns {
    fn for_what_is_missing(config: &Config) -> Self {
        Self { providers: config.registrations.is_empty(), mail: config.email.is_empty() }
    }
}

/// Look-alikes stand in where nobody else can come, never otherwise: for providers if none is configured, and for the
/// mail server.
async fn look_alikes(
    settings: &Settings,
    config: &mut Config,
    stand_ins: StandIns,
) -> Result<Option<LookAlikes>, Stop> {
    let StandIns { providers, mail } = stand_ins;
    if !settings.is_private() {
        return if providers && mail { Err(Stop::NoProvider) } else { Ok(None) };
    }
    if !providers && !mail {
        return Ok(None);
    }
    let app = settings.url.join(BASE_PATH).unwrap_or_else(|_| settings.url.clone());
    let running = Setup::new(app.as_str()).start().await?;
    if providers {
        config.registrations = running.registrations();
    }
    if mail {
        config.email.push(EmailProvider::new(Arc::new(running.mailbox())));
    }
    Ok(Some(running))
}

fn greet(settings: &Settings, site: &Site, look_alikes: Option<&LookAlikes>) {
    say(&format!("Betancourt Audio is at {}", settings.url));
    if let Some(replica_url) = &settings.replica_url {
        say(&format!("Pages ask {} who is there, while it follows.", showable(replica_url)));
    }
    if let Some(redis_url) = &settings.redis_url {
        let [people, sessions] = [&settings.database_url, redis_url].map(|url| showable(url));
        say(&format!("People are kept in {people}, sessions and limits in {sessions}."));
    }
    if let Some(running) = look_alikes.filter(|_| site.look_alikes) {
        let url = running.url();
        say(&format!("No provider is configured: look-alikes at {url} sign in whoever asks."));
    }
    if settings.token_storage == TokenStorage::SharedWithAuthJs {
        say("Tokens stand in the database in clear, so that Auth.js can read them.");
    }
    if let Some(mailbox) = &site.mailbox {
        say(&format!("No mail server is configured: mail is shown at {mailbox}."));
    }
}

/// Tells who typed the command what it did. Whoever does not read on is no reason to end.
fn say(line: &str) {
    drop(writeln!(io::stdout(), "{line}"));
}

/// What is over goes: of the library's in one instance at a time, and of the site's own.
async fn sweep(site: Site) {
    tokio::join!(site.auth.keep_swept(), forget(&site));
}

/// Old messages, and people who asked for it.
async fn forget(site: &Site) {
    let mut every = tokio::time::interval(FORGET_EVERY);
    loop {
        every.tick().await;
        if let Err(error) = messages::forget(&site.store, site.now()).await {
            tracing::error!(%error, "old messages were not forgotten");
        }
        match departures::carry_out(site).await {
            Ok(0) => {}
            Ok(deleted) => tracing::info!(deleted, "whoever asked for it is deleted"),
            Err(error) => tracing::error!(%error, "requests to delete were not carried out"),
        }
    }
}

/// Ends when the process is asked to: by Ctrl-C, or by SIGTERM where there is one.
async fn asked_to_stop() {
    let interrupted = async { drop(tokio::signal::ctrl_c().await) };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminated) = signal(SignalKind::terminate()) else { return interrupted.await };
        tokio::select! {
            () = interrupted => {}
            _ = terminated.recv() => {}
        }
    }
    #[cfg(not(unix))]
    interrupted.await;
}
