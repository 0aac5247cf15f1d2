//! The suite: a provider for every module, and what plays them.

use std::sync::Arc;

use betancourt_auth::http_client::{BundledClient, Unreachable};
use betancourt_auth::provider::{Protocol, Quirk, Registration, oidc};
use url::Url;

use crate::callback::ResponseMode;
use crate::conformance::browser::Browser;
use crate::conformance::module::{Module, Needs, Outcome, Play, Scene};
use crate::conformance::modules::MODULES;
use crate::conformance::plan::Plan;
use crate::conformance::provider::{Issuer, KeyChest, Running, listen};
use crate::conformance::report::{Report, Row, Verdict};
use crate::conformance::seen::Seen;
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
    app: Url,
    stages: Vec<Stage>,
    access_page: Option<String>,
    http: BundledClient,
    _provider: Running,
}

/// A module, and the issuer that plays it.
#[derive(Debug)]
struct Stage {
    module: &'static Module,
    response_mode: ResponseMode,
    /// The id of the provider at the app.
    id: String,
    issuer: Arc<Issuer>,
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
        let (app, _) = Setup::new(app).environment_of_this_process().apps()?;
        let refused = |source| StartError::Listen { port: 0, source };
        let (listener, origin) = listen(0).await.map_err(refused)?;
        let keys = KeyChest::open().await.map_err(|_| StartError::Keys)?;
        let issuer = |id: &str| Arc::new(Issuer::new(&origin, id, &app, id, Arc::clone(&keys)));
        let stages: Vec<_> = parts()
            .map(|(module, response_mode)| {
                let id = id_of(module, response_mode);
                Stage { module, response_mode, issuer: issuer(&id), id }
            })
            .collect();
        let issuers = stages.iter().map(|stage| Arc::clone(&stage.issuer)).collect();
        Ok(Self {
            stages,
            access_page: None,
            http: BundledClient::new().map_err(|_| StartError::Client)?,
            _provider: Running::start(listener, issuers),
            app,
        })
    }

    /// Names the page of the app that answers with an access token of the person who is signed in, fresh if need be; a
    /// path in which `{provider}` stands for the provider's id. Without one, the modules about refresh tokens are not
    /// played. [`Auth::access_token`](betancourt_auth::Auth::access_token) is what such a page asks.
    #[must_use]
    pub fn access_page(self, path: &str) -> Self {
        Self { access_page: Some(path.to_owned()), ..self }
    }

    /// The registrations of the app, one for each module, for `Config::registrations`.
    #[must_use]
    pub fn registrations(&self) -> Vec<Registration> {
        self.stages.iter().filter(|stage| stage.is_played()).map(Stage::registration).collect()
    }

    /// Plays every module, and says what came of it.
    pub async fn play(&self) -> Report {
        let mut report = Report::default();
        for stage in &self.stages {
            report.rows.push(stage.row(self.verdict(stage).await));
        }
        report
    }

    async fn verdict(&self, stage: &Stage) -> Verdict {
        if stage.module.needs == Needs::AccessPage && self.access_page.is_none() {
            return Verdict::NotPlayed("no page is known that asks for an access token".to_owned());
        }
        for scene in stage.module.scenes {
            match self.perform(stage, scene).await {
                Err(_) => return Verdict::Failed(format!("{} does not answer", self.app)),
                Ok(seen) => {
                    if let Some(verdict) = scene.judge(&seen) {
                        return verdict;
                    }
                }
            }
        }
        match stage.module.outcome {
            Outcome::Passed => Verdict::Passed,
            Outcome::NotSupported(reason) => Verdict::NotSupported(reason.to_owned()),
        }
    }

    /// Plays a scene in a browser of its own.
    async fn perform(&self, stage: &Stage, scene: &Scene) -> Result<Seen, Unreachable> {
        stage.issuer.perform(scene.act);
        let mut browser = Browser::new(self.http.clone(), self.app.clone());
        let page = browser.sign_in(&stage.id).await?;
        let status = browser.is_refusal(&page).then(|| page.status.to_string());
        let told = browser.take_error().or(status);
        let access = match (scene.play, &self.access_page) {
            (Play::SignInAndAccess, Some(path)) => {
                let mut url = self.app.clone();
                url.set_path(&path.replace("{provider}", &stage.id));
                let page = browser.open(url).await?;
                Some((page.status, page.body))
            }
            (Play::SignIn, _) | (_, None) => None,
        };
        Ok(Seen {
            session: browser.session().await?,
            visits: stage.issuer.visits(),
            told,
            access,
            latest_access_token: stage.issuer.latest_access_token(),
        })
    }
}

impl Stage {
    fn is_played(&self) -> bool {
        !self.module.scenes.is_empty()
    }

    fn registration(&self) -> Registration {
        let mut provider = oidc(self.id.clone(), self.module.name, self.issuer.base.clone());
        provider.quirks.push(Quirk::UserInfo);
        if self.response_mode == ResponseMode::FormPost {
            provider.quirks.push(Quirk::FormPost);
        }
        if let Protocol::OpenIdConnect { algorithms, .. } = &mut provider.protocol {
            *algorithms = self.module.algorithms();
        }
        Registration::new(
            provider,
            self.issuer.client_id.clone(),
            self.issuer.client_secret.clone(),
        )
    }

    fn row(&self, verdict: Verdict) -> Row {
        let is_twin = self.module.response_modes.first() != Some(&self.response_mode);
        let plans = if is_twin { vec![Plan::FormPostBasic] } else { self.module.plans.to_vec() };
        let (module, about) = (self.module.name, self.module.about);
        Row { module, plans, response_mode: self.response_mode, about, verdict }
    }
}

/// Every module in each of its ways.
fn parts() -> impl Iterator<Item = (&'static Module, ResponseMode)> {
    MODULES.iter().copied().flatten().flat_map(|module| {
        module.response_modes.iter().map(move |response_mode| (module, *response_mode))
    })
}

fn id_of(module: &Module, response_mode: ResponseMode) -> String {
    match response_mode {
        ResponseMode::Query => module.name.to_owned(),
        ResponseMode::FormPost => format!("{}-by-form-post", module.name),
    }
}
