//! Plays modules at an app in a browser, and judges what comes of it.

use std::sync::OnceLock;

use betancourt_auth::http_client::Unreachable;
use betancourt_auth::provider::Algorithm;
use http::StatusCode;
use url::Url;

use crate::callback::ResponseMode;
use crate::conformance::browser::Browser;
use crate::conformance::module::{Needs, Outcome};
use crate::conformance::report::Verdict;
use crate::conformance::scene::{Play, Scene};
use crate::conformance::seen::{Endpoint, Seen};
use crate::conformance::stage::Stage;

/// What plays, and where.
#[derive(Debug)]
pub(crate) struct Player {
    /// Where the app's auth routes begin.
    pub(crate) app: Url,
    /// The page of the app that asks for an access token.
    pub(crate) access_page: Option<String>,
    /// Whether one provider of the app plays everything, so that the app's own configuration says what can be shown.
    pub(crate) one_provider: bool,
    /// How that provider is asked to answer, once it has been seen.
    asked: OnceLock<ResponseMode>,
}

impl Player {
    pub(crate) const fn new(app: Url, one_provider: bool) -> Self {
        Self { app, access_page: None, one_provider, asked: OnceLock::new() }
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

    /// What one provider has shown with other modules: that honest sign-ins succeed, and whether somebody who signs out is
    /// sent to it.
    fn leaves_out(&self, stage: &Stage, scene: &Scene) -> bool {
        self.one_provider
            && stage.module.scenes_known_by_others().any(|known| std::ptr::eq(known, scene))
    }

    /// What the app's own configuration keeps from being shown.
    fn obstacle(&self, stage: &Stage, scene: &Scene, seen: &Seen) -> Option<Verdict> {
        let told = seen.told.as_deref().unwrap_or_default();
        if told == "RateLimited" || told.starts_with("429") {
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
        let mut browser = Browser::new(self.app.clone())?;
        let mut page = if scene.play == Play::ComeFromElsewhere {
            browser.come_from_elsewhere(&issuer.base).await?
        } else {
            browser.sign_in(&issuer.provider).await?
        };
        let before = browser.session().await?;
        let mut access = None;
        match scene.play {
            Play::SignIn | Play::ComeFromElsewhere => {}
            Play::SignInAndAccess => access = self.access(&mut browser, stage).await?,
            Play::SignOut => page = browser.sign_out().await?,
            // What came of it, the issuer has noted.
            Play::SignOutByServer => drop(issuer.tell_the_server().await),
            Play::SignOutInFrame => page = browser.open(&issuer.sign_out_address()).await?,
        }
        let status = browser.is_refusal(&page).then(|| page.status.to_string());
        let latest = issuer.latest();
        Ok(Seen {
            was_signed_in: Seen::somebody_in(&before),
            session: browser.session().await?,
            visits: issuer.visits(),
            told: browser.take_error().or(status),
            is_back: browser.is_at_app(&page),
            frame: browser.frame(),
            access,
            logout_answer: latest.logout_answer,
            latest_access_token: latest.access_token,
            latest_id_token: latest.id_token,
        })
    }
    /// What the page answers that asks for an access token.
    async fn access(
        &self,
        browser: &mut Browser,
        stage: &Stage,
    ) -> Result<Option<(StatusCode, String)>, Unreachable> {
        let Some(path) = &self.access_page else { return Ok(None) };
        let mut url = self.app.clone();
        url.set_path(&path.replace("{provider}", &stage.issuer.provider));
        let page = browser.open(url.as_str()).await?;
        Ok(Some((page.status, page.body)))
    }
}
