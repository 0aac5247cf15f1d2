//! Plays the browser of a scenario against our own application: the recorded requests, one after the other.
//!
//! What Auth.js put into the browser is sent as it was recorded: its CSRF tokens and its sealed sessions are valid here.
//! In place of what cannot be carried over stands ours: session tokens, `state`, and the handshake instead of the three
//! cookies of an attempt. An attempt of which the recording has the callback only is begun here first.

use std::collections::BTreeMap;
use std::sync::Arc;

use betancourt_auth::store::StoreErrorKind;
use betancourt_auth::testing::ManualClock;
use betancourt_auth::{Auth, Config, SetupError, StoredToken};
use betancourt_auth_sqlx::SqlStore;
use bytes::Bytes;
use http::Response;
use http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use crate::hooks::Hooks;
use crate::page;
use crate::plan::Plan;
use crate::provider::{Begun, Provider};
use crate::recording::{CHECKS, Exchange, Request, Scenario, pairs};
use crate::report;
use crate::stage::{Counted, Stage, decisions};
use crate::stand_ins::StandIns;
use crate::tables::{self, Tables};
use crate::ways_in::Outbox;

/// The session tokens of the recordings that are shorter than any that Auth.js or we draw.
const SHORT_TOKENS: [&str; 2] = ["sess-existing", "unknown"];

/// The browser, and all that stands behind it.
pub(crate) struct Player<'a> {
    scenario: &'a Scenario,
    stage: &'a Stage,
    clock: ManualClock,
    random: Arc<Counted>,
    outbox: Outbox,
    store: SqlStore,
    provider: Provider,
    pub(crate) pairs: StandIns,
    /// Session tokens by what the store keeps of them.
    tokens: BTreeMap<String, String>,
    /// The cookies that we set, by the recorded ones in whose place they stand.
    cookies: BTreeMap<String, String>,
    /// The latest attempt, and its cookie.
    begun: Option<(Begun, String)>,
}

impl<'a> Player<'a> {
    /// Sets the scene: the tables hold what the scenario says.
    pub(crate) async fn enter(scenario: &'a Scenario, stage: &'a Stage, found: &Tables) -> Self {
        let mut player = Self {
            scenario,
            clock: ManualClock::at(scenario.exchanges[0].now()),
            random: Arc::default(),
            outbox: Outbox::default(),
            stage,
            store: SqlStore::connect("sqlite::memory:").await.unwrap(),
            provider: Provider::new(),
            pairs: StandIns::default(),
            tokens: BTreeMap::new(),
            cookies: BTreeMap::new(),
            begun: None,
        };
        for user in found.0["users"].as_array().unwrap() {
            let id = user["id"].as_str().unwrap();
            player.pairs.pair(id, id);
        }
        for token in SHORT_TOKENS {
            let ours = format!("{token}-in-its-full-length");
            player.pairs.pair(token, &ours);
            player.remember(&ours);
            player.cookies.insert(token.to_owned(), ours);
        }
        tables::fill(&player.store, found, &player.pairs).await;
        player
    }

    /// Plays one exchange, and reports.
    pub(crate) async fn play(&mut self, exchange: &Exchange) -> Value {
        let request = &exchange.request;
        if self.brings_an_attempt(request) {
            self.clock.set(self.scenario.exchanges[0].now());
            self.provider.prepare(Plan { is_down: false, ..Plan::of(self.scenario, exchange) });
            self.begin(exchange).await;
        }
        self.clock.set(exchange.now());
        self.provider.prepare(Plan::of(self.scenario, exchange));
        self.provider.take();
        self.break_down(exchange).await;

        let hooks = Hooks::new(decisions(self.scenario, exchange));
        let mut report = match self.instance(&hooks) {
            Ok(auth) => self.report(exchange, &auth.handle(self.request(request)).await),
            Err(sentence) => json!({ "start": sentence.to_string() }),
        };
        let (callbacks, events) = hooks.take();
        report["callbacks"] = callbacks.into();
        report["events"] = events.into();
        report["upstream"] = self.provider.take().into();
        report["tables"] = tables::read(self.store.sqlite_pool().unwrap(), &self.tokens).await;
        report
    }

    /// An instance of the application that has seen nothing before: any of them can finish what another began.
    fn instance(&self, hooks: &Hooks) -> Result<Auth, SetupError> {
        let mut config = self.config();
        config.http_client = Some(Arc::new(self.provider.clone()));
        config.callbacks = Arc::new(hooks.clone());
        config.events = Arc::new(hooks.clone());
        Auth::new(config, self.store.clone())
    }

    fn config(&self) -> Config {
        self.stage.config(self.scenario, &self.clock, &self.random, &self.outbox)
    }

    fn remember(&mut self, token: &str) {
        let stored = StoredToken::hashed(token);
        self.tokens.insert(stored.as_str().to_owned(), token.to_owned());
    }

    /// Whether a request ends an attempt that was begun before the recording.
    fn brings_an_attempt(&self, request: &Request) -> bool {
        self.stage.has_provider(request.action().1) && self.scenario.brings_an_attempt(request)
    }

    /// Begins an attempt as the browser of the exchange would have.
    async fn begin(&mut self, exchange: &Exchange) {
        let request = &exchange.request;
        let provider = match exchange.note.contains("made for provider 'acme'") {
            true => "acme",
            false => request.action().1.unwrap(),
        };
        let url = request.url.join(&format!("/auth/signin/{provider}")).unwrap();
        let text = |name| pairs(&format!("_={}", request.cookie(name).unwrap())).remove(0).1;
        let csrf = text("authjs.csrf-token");
        let mut form = Serializer::new(String::new());
        form.append_pair("csrfToken", csrf.split('|').next().unwrap());
        form.append_pair("callbackUrl", &text("authjs.callback-url"));
        let posted = http::Request::post(url.as_str())
            .header(COOKIE, self.cookie_header(request, false))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Bytes::from(form.finish()))
            .unwrap();
        let hooks = Hooks::new(decisions(self.scenario, exchange));
        let response = self.instance(&hooks).unwrap().handle(posted).await;
        let to = response.headers()[LOCATION].to_str().unwrap();
        let handshake = set_cookies(&response);
        let handshake = handshake.into_iter().find(|cookie| cookie.contains("authjs.handshake."));
        let handshake = handshake.unwrap_or_else(|| panic!("{to}"));
        let begun = Begun::read(to);
        self.provider.visit(begun.clone());
        self.begun = Some((begun, handshake.split("; ").next().unwrap().to_owned()));
    }

    /// What breaks in this scenario, breaks now.
    async fn break_down(&self, exchange: &Exchange) {
        let pool = self.store.sqlite_pool().unwrap();
        let broken = match (self.scenario.setup["adapter"].as_str(), exchange.request.action().0) {
            (Some("getUserByAccount throws"), _) => r#"ALTER TABLE "accounts" RENAME TO "gone""#,
            (Some("getSessionAndUser throws"), _) => r#"ALTER TABLE "sessions" RENAME TO "gone""#,
            _ => return,
        };
        sqlx::query(broken).execute(pool).await.unwrap();
        let key = betancourt_auth::AccountKey::new("acme", "4711");
        let asked = betancourt_auth::store::AccountStore::candidates(&self.store, &key, None).await;
        assert!(
            asked.is_err_and(|error| error.kind() == StoreErrorKind::Unavailable)
                || broken.contains("sessions")
        );
    }

    /// The recorded request with ours in place of what cannot be carried over.
    fn request(&self, request: &Request) -> http::Request<Bytes> {
        let mut url = request.url.clone();
        let in_body = self.scenario.id == "signin-form-post" && request.is_post();
        let query = self.carried(pairs(url.query().unwrap_or_default()), request, !in_body);
        if request.url.query().is_some() || query.iter().any(|(name, _)| name == "state") {
            url.set_query(Some(&Serializer::new(String::new()).extend_pairs(&query).finish()));
        }
        let kind = request.headers.get("content-type").map_or("", String::as_str);
        let body = request.body.clone().unwrap_or_default();
        let body = match kind {
            "application/x-www-form-urlencoded" => {
                let form = self.carried(pairs(&body), request, in_body);
                Serializer::new(String::new()).extend_pairs(&form).finish()
            }
            _ => body,
        };
        let mut sent = http::Request::builder().method(&*request.method).uri(url.as_str());
        for (name, value) in request.headers.iter().filter(|(name, _)| *name != "cookie") {
            sent = sent.header(name, value);
        }
        let cookies = self.cookie_header(request, true);
        if !cookies.is_empty() {
            sent = sent.header(COOKIE, cookies);
        }
        sent.body(Bytes::from(body)).unwrap()
    }

    /// Parameters with ours in place of theirs. A provider hands back the `state` that it was given: where Auth.js gave
    /// it none, we did.
    fn carried(
        &self,
        parameters: Vec<(String, String)>,
        request: &Request,
        has_the_answer: bool,
    ) -> Vec<(String, String)> {
        let ours = |(name, value): (String, String)| match (&*name, &self.begun) {
            ("state", Some((begun, _))) if value.starts_with("eyJ") => (name, begun.state.clone()),
            _ => (name, self.pairs.ours(&value).to_owned()),
        };
        let mut carried: Vec<_> = parameters.into_iter().map(ours).collect();
        let was_given_none = request.cookie("authjs.state").is_none();
        if let Some((begun, _)) = &self.begun
            && has_the_answer
            && was_given_none
            && self.brings_an_attempt(request)
        {
            carried.push(("state".to_owned(), begun.state.clone()));
        }
        carried
    }

    fn cookie_header(&self, request: &Request, with_attempt: bool) -> String {
        let mut cookies = Vec::new();
        for (name, value) in request.cookies() {
            if !CHECKS.iter().any(|check| name.ends_with(check)) {
                let value = self.cookies.get(value).map_or(value, String::as_str);
                cookies.push(format!("{name}={value}"));
            }
        }
        let attempt =
            self.begun.as_ref().filter(|_| with_attempt && self.brings_an_attempt(request));
        cookies.extend(attempt.map(|(_, handshake)| handshake.clone()));
        cookies.join("; ")
    }

    fn report(&mut self, exchange: &Exchange, response: &Response<Bytes>) -> Value {
        let text = String::from_utf8(response.body().to_vec()).unwrap();
        let headers = response.headers().iter();
        let headers = headers.map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
        let set = set_cookies(response);
        self.keep(exchange, &set);
        let body = match response.headers().get(CONTENT_TYPE).map(|kind| kind.to_str().unwrap()) {
            Some("application/json") => report::json_body(serde_json::from_str(&text).unwrap()),
            Some(_) => report::page(page::forms(&text)),
            None => text.into(),
        };
        let secrets = &self.stage.secrets;
        json!({
            "status": response.status().as_u16(), "headers": report::headers(headers), "body": body,
            "cookies": set.iter().map(|set| report::cookie(set, secrets)).collect::<Value>(),
        })
    }

    /// Keeps the cookies that were set, each in place of the recorded one of its name.
    fn keep(&mut self, exchange: &Exchange, set: &[String]) {
        let split = |cookie: &str| {
            let (name, rest) = cookie.split_once('=').unwrap();
            (name.to_owned(), rest.split("; ").next().unwrap().to_owned())
        };
        let recorded: BTreeMap<_, _> =
            exchange.response.set_cookie.iter().map(|cookie| split(cookie)).collect();
        for (name, ours) in set.iter().map(|cookie| split(cookie)) {
            if name.contains("session-token") && !ours.is_empty() {
                self.remember(&ours);
            }
            if let Some(theirs) = recorded.get(&name).filter(|_| !ours.is_empty()) {
                self.cookies.insert(theirs.clone(), ours);
            }
        }
    }
}

fn set_cookies(response: &Response<Bytes>) -> Vec<String> {
    let all = response.headers().get_all(SET_COOKIE).iter();
    all.map(|cookie| cookie.to_str().unwrap().to_owned()).collect()
}
