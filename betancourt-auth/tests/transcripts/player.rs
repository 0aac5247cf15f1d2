//! Plays a scenario: a browser, and all that stands behind it.

use std::collections::BTreeMap;
use std::sync::Arc;

use betancourt_auth::testing::ManualClock;
use betancourt_auth::{Auth, SetupError, StoredToken};
use betancourt_auth_sqlx::SqlStore;
use bytes::Bytes;
use http::Response;
use http::header::{CONTENT_TYPE, LOCATION, SET_COOKIE};
use serde_json::{Value, json};
use url::Url;

use crate::browser::{Browser, split};
use crate::hooks::Hooks;
use crate::page;
use crate::plan::Plan;
use crate::provider::{Begun, Provider};
use crate::recording::{Exchange, Scenario};
use crate::report;
use crate::stage::{Counted, Stage, decisions};
use crate::tables::{self, Tables};
use crate::ways_in::Outbox;

/// The session tokens of the recordings that are shorter than any that Auth.js or we draw.
const SHORT_TOKENS: [&str; 2] = ["sess-existing", "unknown"];

/// See the module.
pub(crate) struct Player<'a> {
    scenario: &'a Scenario,
    stage: &'a Stage,
    clock: ManualClock,
    random: Arc<Counted>,
    store: SqlStore,
    outbox: Outbox,
    provider: Provider,
    pub(crate) browser: Browser,
    /// Session tokens by what the store keeps of them.
    tokens: BTreeMap<String, String>,
}

impl<'a> Player<'a> {
    /// Sets the scene: the tables hold what the scenario says.
    pub(crate) async fn enter(scenario: &'a Scenario, stage: &'a Stage, found: &Tables) -> Self {
        let mut player = Self {
            scenario,
            stage,
            clock: ManualClock::at(scenario.exchanges[0].now()),
            random: Arc::default(),
            store: SqlStore::connect("sqlite::memory:").await.unwrap(),
            outbox: Outbox::default(),
            provider: Provider::new(),
            browser: Browser::default(),
            tokens: BTreeMap::new(),
        };
        for user in found.0["users"].as_array().unwrap() {
            let id = user["id"].as_str().unwrap();
            player.browser.pairs.pair(id, id);
        }
        for token in SHORT_TOKENS {
            let ours = format!("{token}-in-its-full-length");
            player.browser.stand_in(token, &ours);
            player.remember(&ours);
        }
        tables::fill(&player.store, found, &player.browser.pairs).await;
        player
    }

    /// Plays one exchange, and reports.
    pub(crate) async fn play(&mut self, exchange: &Exchange) -> Value {
        let plan = Plan::of(self.scenario, exchange);
        let ends_an_attempt = self.stage.has_provider(exchange.request.action().1)
            && self.scenario.brings_an_attempt(&exchange.request);
        if ends_an_attempt {
            // It was begun before the recording.
            self.clock.set(self.scenario.exchanges[0].now());
            self.provider.prepare(Plan { is_down: false, ..plan.clone() });
            self.begin(exchange).await;
        }
        self.clock.set(exchange.now());
        if let Some((token, address)) = self.link_from_before(exchange) {
            self.ask_for_mail(exchange, &token, &address).await;
        }
        self.provider.prepare(plan);
        self.provider.take();
        self.break_down().await;

        let hooks = Hooks::new(decisions(self.scenario, exchange));
        let request = self.browser.request(&exchange.request, ends_an_attempt);
        let mut report = match self.instance(&hooks) {
            Ok(auth) => {
                let response = auth.handle(request).await;
                auth.settle().await;
                self.report(exchange, &response)
            }
            Err(sentence) => json!({ "start": sentence.to_string() }),
        };
        let (callbacks, events) = hooks.take();
        report["callbacks"] = callbacks.into();
        report["redirects"] = elsewhere(exchange, hooks.redirects());
        report["events"] = events.into();
        report["mail"] = self.outbox.take(&self.stage.secrets).into();
        report["upstream"] = self.provider.take().into();
        report["tables"] = tables::read(self.store.sqlite_pool().unwrap(), &self.tokens).await;
        report
    }

    /// An instance of the application that has seen nothing before: any of them can finish what another began.
    fn instance(&self, hooks: &Hooks) -> Result<Auth, SetupError> {
        let mut config = self.stage.config(self.scenario, &self.clock, &self.random, &self.outbox);
        config.http_client = Some(Arc::new(self.provider.clone()));
        config.callbacks = Arc::new(hooks.clone());
        config.events = Arc::new(hooks.clone());
        Auth::new(config, self.store.clone())
    }

    /// Begins the attempt that an exchange ends, as its browser would have.
    async fn begin(&mut self, exchange: &Exchange) {
        let provider = match exchange.request.action().1.unwrap() {
            "other" => "acme", // whose attempt it tries to end
            provider => provider,
        };
        let request = self.browser.beginning(&exchange.request, provider, None);
        let hooks = Hooks::new(decisions(self.scenario, exchange));
        let response = self.instance(&hooks).unwrap().handle(request).await;
        let begun = Begun::read(response.headers()[LOCATION].to_str().unwrap());
        self.provider.visit(begun.clone());
        self.browser.begin(begun, &set_cookies(&response));
    }

    /// The link that is opened, if its mail was sent before the recording: its token, and the address.
    fn link_from_before(&self, exchange: &Exchange) -> Option<(String, String)> {
        let taken = exchange.calls("adapter.useVerificationToken").next()?.returns.as_ref()?;
        let address = taken["identifier"].as_str()?.to_owned();
        let token = exchange.request.token()?;
        (self.browser.pairs.ours(&token) == token).then_some((token, address))
    }

    /// Asks for that mail.
    async fn ask_for_mail(&mut self, exchange: &Exchange, token: &str, address: &str) {
        let request = self.browser.beginning(&exchange.request, "email", Some(address));
        let auth = self.instance(&Hooks::new(decisions(self.scenario, exchange))).unwrap();
        auth.handle(request).await;
        auth.settle().await;
        let mail = self.outbox.take(&self.stage.secrets).remove(0);
        self.browser.pairs.pair(token, mail["link"]["query"]["token"].as_str().unwrap());
    }

    /// What breaks in this scenario, breaks now.
    async fn break_down(&self) {
        let broken = match self.scenario.setup["adapter"].as_str() {
            Some("getUserByAccount throws") => r#"ALTER TABLE "accounts" RENAME TO "gone""#,
            Some("getSessionAndUser throws") => r#"ALTER TABLE "sessions" RENAME TO "gone""#,
            _ => return,
        };
        sqlx::query(broken).execute(self.store.sqlite_pool().unwrap()).await.unwrap();
    }

    fn remember(&mut self, token: &str) {
        let stored = StoredToken::hashed(token);
        self.tokens.insert(stored.as_str().to_owned(), token.to_owned());
    }

    fn report(&mut self, exchange: &Exchange, response: &Response<Bytes>) -> Value {
        let cookies = set_cookies(response);
        self.browser.keep(exchange, &cookies);
        for (_, token) in cookies.iter().map(|cookie| split(cookie)) {
            self.remember(token);
        }
        let headers = response.headers().iter();
        let headers = headers.map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
        let secrets = &self.stage.secrets;
        json!({
            "status": response.status().as_u16(),
            "headers": report::headers(headers),
            "body": body(response),
            "cookies": cookies.iter().map(|set| report::cookie(set, secrets)).collect::<Value>(),
        })
    }
}

/// What the callback `redirect` was asked about here and not there, where every request asks about something.
fn elsewhere(exchange: &Exchange, mut asked: Vec<Url>) -> Value {
    let there = exchange.calls("callbacks.redirect").map(|call| call.params["url"].as_str());
    let there = there.flatten().map(|url| exchange.request.url.join(url));
    let there: Vec<_> = there.filter_map(Result::ok).collect();
    asked.retain(|url| !there.contains(url));
    asked.iter().map(Url::as_str).collect()
}

fn body(response: &Response<Bytes>) -> Value {
    let text = String::from_utf8(response.body().to_vec()).unwrap();
    match response.headers().get(CONTENT_TYPE).map(|kind| kind.to_str().unwrap()) {
        Some("application/json") => report::json_body(serde_json::from_str(&text).unwrap()),
        Some(_) => report::page(page::forms(&text)),
        None => text.into(),
    }
}

fn set_cookies(response: &Response<Bytes>) -> Vec<String> {
    let all = response.headers().get_all(SET_COOKIE).iter();
    all.map(|cookie| cookie.to_str().unwrap().to_owned()).collect()
}
