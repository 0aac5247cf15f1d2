//! One issuer: who it is, how it acts at the moment, and what it has seen.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::StatusCode;
use url::Url;

use crate::clock::Clock;
use crate::conformance::act::{Act, HONEST};
use crate::conformance::address::below;
use crate::conformance::provider::KeyChest;
use crate::conformance::seen::{PERSON, Visit};
use crate::person::Person;
use crate::random;
use crate::server::grant::Grant;
use crate::server::memory::Memory;

#[derive(Debug)]
pub(crate) struct Issuer {
    /// `http://127.0.0.1:PORT/<provider>`, exactly as it names itself.
    pub(crate) base: String,
    /// What the app calls it, which is also the path it is at.
    pub(crate) provider: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    /// The only address to which people are sent back.
    pub(crate) redirect_uri: Url,
    /// Where the app's auth routes begin.
    pub(crate) app: Url,
    pub(crate) person: Arc<Person>,
    pub(crate) keys: Arc<KeyChest>,
    pub(crate) clock: Clock,
    /// Where the key set is; another place at each start, so that only who reads the metadata finds it.
    pub(crate) keys_at: String,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    act: Act,
    turn: usize,
    memory: Memory,
    visits: Vec<Visit>,
    latest: Latest,
}

/// What was given last, since the scene began.
#[derive(Clone, Debug, Default)]
pub(crate) struct Latest {
    /// What the person allowed the app.
    pub(crate) grant: Option<Grant>,
    pub(crate) access_token: Option<String>,
    pub(crate) id_token: Option<String>,
    /// How the app's server answered a logout token.
    pub(crate) logout_answer: Option<StatusCode>,
}

impl Issuer {
    /// An issuer at `<origin>/<provider>`, for the provider of that id at the app.
    pub(crate) fn new(origin: &str, provider: &str, app: &Url, keys: Arc<KeyChest>) -> Self {
        let email = format!("{provider}@conformance.example");
        let [given_name, family_name] = PERSON;
        let state = State {
            act: HONEST,
            turn: 0,
            memory: Memory::default(),
            visits: Vec::new(),
            latest: Latest::default(),
        };
        Self {
            base: format!("{origin}/{provider}"),
            provider: provider.to_owned(),
            client_id: format!("client-of-{provider}"),
            client_secret: random::token("conformance-secret-"),
            redirect_uri: below(app, &format!("callback/{provider}")),
            app: app.clone(),
            person: Arc::new(Person::new(provider, given_name, family_name).with_email(&email)),
            keys,
            clock: Clock::default(),
            keys_at: random::token("/keys-"),
            state: Mutex::new(state),
        }
    }

    /// The variables of an app that is configured from its environment.
    pub(crate) fn variables(&self) -> [(String, String); 3] {
        let prefix = self.provider.to_uppercase().replace('-', "_");
        [("ISSUER", &self.base), ("ID", &self.client_id), ("SECRET", &self.client_secret)]
            .map(|(end, value)| (format!("AUTH_{prefix}_{end}"), value.clone()))
    }

    /// What a path says below this issuer, if it is one of its paths.
    pub(crate) fn below<'path>(&self, path: &'path str) -> Option<&'path str> {
        let rest = path.strip_prefix('/')?.strip_prefix(self.provider.as_str())?;
        rest.starts_with('/').then_some(rest)
    }

    /// A new scene begins: nothing has been seen yet.
    pub(crate) fn perform(&self, act: Act) {
        let mut state = self.state();
        state.act = act;
        state.visits.clear();
        state.latest = Latest::default();
    }

    pub(crate) fn act(&self) -> Act {
        self.state().act
    }

    /// Which key signs.
    pub(crate) fn turn(&self) -> usize {
        self.state().turn
    }

    pub(crate) fn turn_key(&self) {
        self.state().turn += 1;
    }

    pub(crate) fn remember<T>(&self, change: impl FnOnce(&mut Memory) -> T) -> T {
        change(&mut self.state().memory)
    }

    pub(crate) fn note(&self, visit: Visit) {
        self.state().visits.push(visit);
    }

    pub(crate) fn note_given(&self, change: impl FnOnce(&mut Latest)) {
        change(&mut self.state().latest);
    }

    pub(crate) fn visits(&self) -> Vec<Visit> {
        self.state().visits.clone()
    }

    pub(crate) fn latest(&self) -> Latest {
        self.state().latest.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
