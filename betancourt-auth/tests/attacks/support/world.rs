//! One world for one test: look-alike providers, servers on sockets of their own, a clock, a log.

use std::net::SocketAddr;
use std::sync::Arc;

use betancourt_auth::clock::Clock as _;
use betancourt_auth::provider::EmailProvider;
use betancourt_auth::store::UserStore as _;
use betancourt_auth::testing::WatchedStore;
use betancourt_auth::{Auth, Config};
use betancourt_auth_dev::{Callback, Endpoint, Face, LookAlikes, Person, Setup, Tamper};
use serde_json::json;
use time::{Duration, OffsetDateTime};

use super::browser::Browser;
use super::clock::MovableClock;
use super::door::{Door, Server};
use super::keeper::Keeper;
use super::log::Log;
use super::place::{Files, Place};
use super::random::RepeatingRandom;
use super::secrets::{CANARY, SECRET, Secrets};
use super::store::{Snapshot, Watch, Watched};

/// What browsers know of a world.
#[derive(Debug)]
pub(crate) struct Net {
    /// The sockets of the servers.
    pub(crate) doors: Vec<SocketAddr>,
    /// The origin that people see, and the host in it.
    pub(crate) origin: String,
    pub(crate) host: String,
    pub(crate) lookalikes: LookAlikes,
    pub(crate) secrets: Secrets,
}

/// See the module. When it ends, its whole log is searched for secrets.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) net: Arc<Net>,
    pub(crate) auth: Auth,
    /// Those of all servers, the first one among them.
    pub(crate) auths: Vec<Auth>,
    pub(crate) store: Watched,
    pub(crate) random: RepeatingRandom,
    pub(crate) log: Log,
    clock: MovableClock,
    _servers: Vec<Server>,
    _files: Option<Files>,
}

/// A world that is being set up.
pub(crate) struct Stage {
    place: Place,
    keeper: Option<Keeper>,
    servers: usize,
    scheme: &'static str,
    host: Option<&'static str>,
    people: Vec<(Face, Vec<Person>)>,
    credentials: Option<(&'static str, &'static str)>,
    mail: bool,
    change: Box<dyn Fn(&mut Config) + Send>,
}

impl Stage {
    /// One server behind https, with the look-alikes' own people.
    pub(crate) fn new(place: Place) -> Self {
        let change = Box::new(|_: &mut Config| {});
        Self {
            place,
            keeper: None,
            servers: 1,
            scheme: "https",
            host: None,
            people: Vec::new(),
            credentials: None,
            mail: false,
            change,
        }
    }

    /// So many servers on one store, as behind a balancer.
    pub(crate) fn servers(self, servers: usize) -> Self {
        Self { servers, ..self }
    }

    /// With a Redis of its own.
    pub(crate) fn keeper(self, keeper: Keeper) -> Self {
        Self { keeper: Some(keeper), ..self }
    }

    /// Reached over http, as while developing.
    pub(crate) fn in_clear(self) -> Self {
        Self { scheme: "http", ..self }
    }

    /// Known by a name of its own at the usual port, instead of by `localhost` at the port it listens on.
    pub(crate) fn host(self, host: &'static str) -> Self {
        Self { host: Some(host), ..self }
    }

    /// Other people at a face.
    pub(crate) fn people(mut self, face: Face, people: Vec<Person>) -> Self {
        self.people.push((face, people));
        self
    }

    /// Another client id and secret at Microsoft, where they travel by `client_secret_basic`.
    pub(crate) fn credentials(self, id: &'static str, secret: &'static str) -> Self {
        Self { credentials: Some((id, secret)), ..self }
    }

    /// With sign-in by e-mail, whose mail goes into the look-alikes' mailbox.
    pub(crate) fn mail(self) -> Self {
        Self { mail: true, ..self }
    }

    /// Another configuration.
    pub(crate) fn config(self, change: impl Fn(&mut Config) + Send + 'static) -> Self {
        Self { change: Box::new(change), ..self }
    }

    /// The same with one more change to the configuration, before the others.
    pub(crate) fn also(self, more: impl Fn(&mut Config) + Send + 'static) -> Self {
        let change = self.change;
        let both = move |config: &mut Config| {
            more(config);
            change(config);
        };
        Self { change: Box::new(both), ..self }
    }

    pub(crate) async fn start(self) -> World {
        let mut closed = Vec::new();
        for _ in 0..self.servers {
            closed.push(Door::find(self.place.adapter()).await);
        }
        let doors: Vec<_> = closed.iter().map(Door::address).collect();
        let host = self.host.map(str::to_owned);
        let host = host.unwrap_or_else(|| format!("localhost:{}", doors[0].port()));
        let origin = format!("{}://{host}", self.scheme);
        let lookalikes = self.lookalikes(&origin).await;

        let (log, clock) = (Log::default(), MovableClock::default());
        let (random, watch) = (RepeatingRandom::default(), Arc::<Watch>::default());
        let mut config = Config::new(&origin, SECRET).unwrap();
        config.registrations = lookalikes.registrations();
        config.clock = Arc::new(clock.clone());
        config.random = Arc::new(random.clone());
        config.rate.attempts = u32::MAX;
        config.session.strategy = self.place.strategy();
        config.session.recheck_after = Duration::ZERO;
        if self.mail {
            config.email.push(EmailProvider::new(Arc::new(lookalikes.mailbox())));
        }
        (self.change)(&mut config);

        let (stores, files) = self.place.open(self.servers, self.keeper).await;
        let watched = |store| Watched::new(store, Arc::clone(&watch));
        let stores: Vec<_> = stores.into_iter().map(watched).collect();
        let auths = stores
            .iter()
            .map(|store| Auth::new(config.clone(), WatchedStore::clone(store)).unwrap());
        let auths: Vec<_> = auths.collect();
        let mut servers = Vec::new();
        for (door, auth) in closed.into_iter().zip(&auths) {
            servers.push(door.open(auth.clone(), log.dispatch()).await);
        }
        let secrets = Secrets::default();
        let net = Net { doors, origin, host, lookalikes, secrets };
        let (auth, store) = (auths[0].clone(), stores[0].clone());
        World {
            net: Arc::new(net),
            auth,
            auths,
            store,
            random,
            log,
            clock,
            _servers: servers,
            _files: files,
        }
    }

    async fn lookalikes(&self, origin: &str) -> LookAlikes {
        let mut setup = Setup::new(&format!("{origin}/auth"));
        for face in [Face::Google, Face::Facebook] {
            setup = setup.credentials(face, face.id(), &format!("{CANARY}of-{}", face.id()));
        }
        let (id, secret) = self.credentials.unwrap_or(("an-app", "canary-of-microsoft"));
        setup = setup.credentials(Face::Microsoft, id, secret);
        for (face, people) in self.people.clone() {
            setup = setup.people(face, people);
        }
        let lookalikes = setup.start().await.unwrap();
        lookalikes.ready().await;
        lookalikes
    }
}

impl World {
    /// The usual world.
    pub(crate) async fn start(place: Place) -> Self {
        Stage::new(place).start().await
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(Arc::clone(&self.net))
    }

    /// A browser in which somebody is signed in.
    pub(crate) async fn signed_in(&self, face: Face, person: &str) -> Browser {
        let mut browser = self.browser();
        browser.sign_in(face, person).await;
        browser
    }

    /// What a token of Auth.js would say of somebody who signed in there just now.
    pub(crate) async fn claims_of(&self, email: &str) -> String {
        let user = self.store.user_by_email(email).await.unwrap().unwrap();
        let now = self.clock.now().unix_timestamp();
        let claims = json!({
            "sub": user.id.as_str(), "name": "as it was then", "iat": now, "exp": now + 2_592_000,
            "jti": "00000000-0000-4000-8000-000000000000",
        });
        claims.to_string()
    }

    /// What a face calls somebody.
    pub(crate) fn subject(&self, face: Face, person: &str) -> String {
        let mut people = self.net.lookalikes.people(face);
        people.find(|candidate| candidate.key() == person).unwrap().subject.clone()
    }

    /// Lets time pass, here and at the providers.
    pub(crate) fn wait(&self, time: Duration) {
        self.clock.advance(time);
        self.net.lookalikes.advance_clock(time.unsigned_abs());
    }

    /// What time it is, here and at the providers.
    pub(crate) fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    pub(crate) fn tamper(&self, face: Face, tamper: Tamper) {
        self.net.lookalikes.tamper(face, tamper);
    }

    /// How many requests a face's token endpoint has seen.
    pub(crate) fn token_requests(&self, face: Face) -> usize {
        self.net.lookalikes.seen(face, Endpoint::Token).len()
    }

    pub(crate) async fn snapshot(&self) -> Snapshot {
        self.store.snapshot().await
    }

    /// Fails unless people, accounts and sessions are what they were (D=).
    pub(crate) async fn assert_unchanged(&self, before: &Snapshot) {
        assert_eq!(&self.snapshot().await, before);
    }
}

impl Net {
    /// Lets a person say yes at a provider, and notes what is secret about it.
    pub(crate) async fn approve(&self, authorize: &str, person: &str) -> Callback {
        let callback = self.lookalikes.approve(authorize, person).await.unwrap();
        for name in ["state", "code"] {
            self.secrets.add(callback.value(name).unwrap_or_default());
        }
        callback
    }

    /// Notes what the providers were told, and who lives there.
    pub(crate) fn learn_secrets(&self) {
        for request in self.lookalikes.log() {
            for name in ["code", "code_verifier", "client_secret"] {
                self.secrets.add(request.form_value(name).unwrap_or_default());
            }
            for name in ["state", "nonce"] {
                self.secrets.add(request.query_value(name).unwrap_or_default());
            }
            let authorization = request.headers.get("authorization");
            let credential = authorization.and_then(|value| value.to_str().ok()?.split_once(' '));
            self.secrets.add(credential.map_or("", |(_, credential)| credential));
        }
        for face in Face::ALL {
            self.lookalikes.people(face).for_each(|person| self.secrets.add(person.key()));
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.net.learn_secrets();
            self.net.secrets.assert_absent(&self.log.text());
        }
    }
}
