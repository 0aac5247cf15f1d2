//! Plays modules at an app in a browser, and judges what comes of it.

use std::sync::OnceLock;

use betancourt_auth::http_client::{BundledClient, Unreachable};
use betancourt_auth::provider::Algorithm;
use url::Url;

use crate::callback::ResponseMode;
use crate::conformance::browser::Browser;
use crate::conformance::module::{Needs, Outcome, Play, Scene};
use crate::conformance::report::Verdict;
use crate::conformance::seen::{Endpoint, Seen};
use crate::conformance::stage::Stage;

/// What plays, and where.
#[derive(Debug)]
pub(crate) struct Player {
    /// Where the app's auth routes begin.
    pub(crate) app: Url,
    /// The page of the app that asks for an access token.
    pub(crate) access_page: Option<String>,
    pub(crate) http: BundledClient,
    /// Whether one provider of the app plays everything, so that the app's own configuration says what can be shown.
    pub(crate) one_provider: bool,
    /// How that provider is asked to answer, once it has been seen.
    asked: OnceLock<ResponseMode>,
}

impl Player {
    pub(crate) const fn new(app: Url, http: BundledClient, one_provider: bool) -> Self {
        Self { app, access_page: None, http, one_provider, asked: OnceLock::new() }
    }

    pub(crate) async fn verdict(&self, stage: &Stage) -> Verdict {
        if stage.module.needs == Needs::AccessPage && self.access_page.is_none() {
            return Verdict::NotPlayed("no page is known that asks for an access token".to_owned());
        }
        if let Some(verdict) = self.other_mode(stage) {
            return verdict;
        }
        for scene in stage.module.scenes.iter().filter(|scene| !self.leaves_out(stage, scene)) {
            let Ok(seen) = self.perform(stage, scene).await else {
                return Verdict::Failed(format!("{} does not answer", self.app));
            };
            if let Some(verdict) = self.obstacle(stage, scene, &seen).or_else(|| scene.judge(&seen))
            {
                return verdict;
            }
        }
        match stage.module.outcome {
            Outcome::Passed => Verdict::Passed,
            Outcome::NotSupported(reason) => Verdict::NotSupported(reason.to_owned()),
        }
    }

    /// One provider has shown with its first module that honest sign-ins succeed.
    fn leaves_out(&self, stage: &Stage, scene: &Scene) -> bool {
        let has_more = stage.module.scenes.len() > 1;
        let is_known = stage.module.needs != Needs::ColdCache && scene.is_twin;
        self.one_provider && has_more && is_known
    }

    /// What the app's own configuration keeps from being shown.
    fn obstacle(&self, stage: &Stage, scene: &Scene, seen: &Seen) -> Option<Verdict> {
        if seen.told.as_deref() == Some("RateLimited") {
            let reason = "the server lets one network sign in only so often: raise its limit";
            return Some(Verdict::NotPlayed(reason.to_owned()));
        }
        if !self.one_provider {
            return None;
        }
        if let Some(visit) = seen.at(Endpoint::Authorization).last() {
            let mode = visit.value("response_mode").and_then(ResponseMode::with_name);
            self.asked.get_or_init(|| mode.unwrap_or(ResponseMode::Query));
        }
        if let Some(verdict) = self.other_mode(stage) {
            return Some(verdict);
        }
        let algorithm = scene.act.algorithm;
        let is_unknown = algorithm != Algorithm::Rs256 && scene.is_welcome() && !seen.signed_in();
        is_unknown.then(|| {
            let name = format!("{algorithm:?}").to_uppercase();
            Verdict::NotSupported(format!("the server takes no {name} from this provider"))
        })
    }

    /// A provider that is asked for answers in one way is not asked for them in another.
    fn other_mode(&self, stage: &Stage) -> Option<Verdict> {
        let asked = *self.asked.get()?;
        let mode = stage.response_mode.name();
        let is_other = asked != stage.response_mode;
        is_other.then(|| Verdict::NotPlayed(format!("the server does not ask for {mode}")))
    }

    /// Plays a scene in a browser of its own.
    async fn perform(&self, stage: &Stage, scene: &Scene) -> Result<Seen, Unreachable> {
        let issuer = &stage.issuer;
        issuer.perform(scene.act);
        let mut browser = Browser::new(self.http.clone(), self.app.clone());
        let page = browser.sign_in(&issuer.provider).await?;
        let status = browser.is_refusal(&page).then(|| page.status.to_string());
        let told = browser.take_error().or(status);
        let access = match (scene.play, &self.access_page) {
            (Play::SignInAndAccess, Some(path)) => {
                let mut url = self.app.clone();
                url.set_path(&path.replace("{provider}", &issuer.provider));
                let page = browser.open(url).await?;
                Some((page.status, page.body))
            }
            (Play::SignIn, _) | (Play::SignInAndAccess, None) => None,
        };
        Ok(Seen {
            session: browser.session().await?,
            visits: issuer.visits(),
            told,
            access,
            latest_access_token: issuer.latest_access_token(),
        })
    }
}
