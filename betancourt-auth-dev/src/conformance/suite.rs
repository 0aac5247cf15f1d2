//! The suite: a provider for every module, or one for all, and what comes of playing them.

use std::io;
use std::sync::Arc;

use betancourt_auth::provider::Registration;

use crate::conformance::module::Needs;
use crate::conformance::play::Player;
use crate::conformance::provider::{Issuer, KeyChest, Running, listen};
use crate::conformance::report::{Report, Verdict};
use crate::conformance::stage::Stage;
use crate::setup::{Setup, StartError};

/// The relying-party modules of the OpenID Foundation, and the hostile provider that plays them against an app.
///
/// The app is configured with [`registrations`](Self::registrations), one for each module, and served; then
/// [`play`](Self::play) signs in at it as a browser does, again and again, while the provider gets it wrong in every way
/// that the modules know.
///
/// ```
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use betancourt_auth::store::MemoryStore;
/// use betancourt_auth::{Auth, Config};
/// use betancourt_auth_dev::conformance::Suite;
///
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
/// let origin = format!("http://localhost:{}", listener.local_addr()?.port());
/// let suite = Suite::start(&format!("{origin}/auth")).await?;
///
/// let mut config = Config::new(&origin, "a secret of at least 32 characters!!")?;
/// config.registrations = suite.registrations();
/// config.rate.attempts = u32::MAX; // the suite signs in some hundred and fifty times
/// let auth = Auth::new(config, MemoryStore::default())?;
/// let app = betancourt_auth_axum::routes(&auth);
/// tokio::spawn(axum::serve(listener, app).into_future());
///
/// let report = suite.play().await;
/// assert!(report.is_passed(), "{report}");
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
/// ```
#[derive(Debug)]
pub struct Suite {
    stages: Vec<Stage>,
    player: Player,
    _provider: Running,
}

impl Suite {
    /// Starts the provider on a free port of 127.0.0.1, with an issuer for each module.
    ///
    /// `app` is where the app's auth routes begin, like `http://localhost:3000/auth`. The process's environment is asked
    /// whether this is production.
    ///
    /// # Errors
    ///
    /// [`StartError`] when this is no place for a hostile provider.
    pub async fn start(app: &str) -> Result<Self, StartError> {
        Self::begin(app, 0, None).await
    }

    /// Starts the provider on a port of 127.0.0.1 (0 takes a free one), with one issuer that plays every module, for a
    /// server that is configured from outside: the one that knows the provider as `id` gets [`variables`](Self::variables).
    ///
    /// What that server does not ask for, such as UserInfo or `form_post`, is not played. Nor is what needs a server that
    /// has just been started, but by [`play_with_restarts`](Self::play_with_restarts).
    ///
    /// ```
    /// # async fn example() -> Result<(), betancourt_auth_dev::StartError> {
    /// use betancourt_auth_dev::conformance::Suite;
    ///
    /// let suite = Suite::with_one_provider("http://localhost:3000/auth", "oidc", 0).await?;
    /// let variables = suite.variables();
    /// let names: Vec<_> = variables.iter().map(|(name, _)| name.as_str()).collect();
    /// assert_eq!(names, ["AUTH_OIDC_ISSUER", "AUTH_OIDC_ID", "AUTH_OIDC_SECRET"]);
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// [`StartError`] when this is no place for a hostile provider, or the port is taken.
    pub async fn with_one_provider(app: &str, id: &str, port: u16) -> Result<Self, StartError> {
        Self::begin(app, port, Some(id)).await
    }

    async fn begin(app: &str, port: u16, provider: Option<&str>) -> Result<Self, StartError> {
        let (app, _) = Setup::new(app).environment_of_this_process().apps()?;
        let refused = |source| StartError::Listen { port, source };
        let (listener, origin) = listen(port).await.map_err(refused)?;
        let keys = KeyChest::open().await.map_err(|error| StartError::Keys(error.into()))?;
        let issuer = |id: &str| Arc::new(Issuer::new(&origin, id, &app, Arc::clone(&keys)));
        let (stages, issuers) = match provider.map(issuer) {
            Some(issuer) => (Stage::all(|_| Arc::clone(&issuer)), vec![issuer]),
            None => {
                let stages = Stage::all(issuer);
                let issuers = stages.iter().map(|stage| Arc::clone(&stage.issuer)).collect();
                (stages, issuers)
            }
        };
        Ok(Self {
            stages,
            player: Player::new(app, provider.is_some()),
            _provider: Running::start(listener, issuers),
        })
    }

    /// Names the page of the app that answers with an access token of the person who is signed in, fresh if need be; a
    /// path in which `{provider}` stands for the provider's id. Without one, the modules about refresh tokens are not
    /// played. [`Auth::access_token`](betancourt_auth::Auth::access_token) is what such a page asks.
    #[must_use]
    pub fn access_page(mut self, path: &str) -> Self {
        self.player.access_page = Some(path.to_owned());
        self
    }

    /// The registrations of the app, one for each module, for `Config::registrations`.
    #[must_use]
    pub fn registrations(&self) -> Vec<Registration> {
        self.stages.iter().filter(|stage| stage.is_played()).map(Stage::registration).collect()
    }

    /// The environment variables of a server that has one provider for all modules: issuer, client id, client secret. None
    /// where each module has its own.
    #[must_use]
    pub fn variables(&self) -> Vec<(String, String)> {
        let first = self.stages.first().filter(|_| self.player.one_provider);
        let issuer = first.map(|stage| &stage.issuer);
        issuer.into_iter().flat_map(|issuer| issuer.variables()).collect()
    }

    /// Plays every module, and says what came of it.
    pub async fn play(&self) -> Report {
        let mut report = Report::default();
        for stage in &self.stages {
            let is_warm = self.player.one_provider && stage.module.needs == Needs::ColdCache;
            let verdict = if is_warm {
                Verdict::NotPlayed("it needs a server that has just been started".to_owned())
            } else {
                self.player.verdict(stage).await
            };
            report.rows.push(stage.row(verdict));
        }
        report
    }

    /// Plays every module at a server that `restart` starts, and starts anew wherever nothing may be in its caches.
    ///
    /// # Errors
    ///
    /// What `restart` says when the server does not start.
    pub async fn play_with_restarts(
        &self,
        mut restart: impl AsyncFnMut() -> io::Result<()>,
    ) -> io::Result<Report> {
        restart().await?;
        let mut report = self.play().await;
        for (stage, row) in self.stages.iter().zip(&mut report.rows) {
            if stage.module.needs == Needs::ColdCache {
                restart().await?;
                row.verdict = self.player.verdict(stage).await;
            }
        }
        Ok(report)
    }
}
