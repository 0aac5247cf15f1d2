//! One face at work: an authorization server in the sense of RFC 6749 §1.1.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::answer::Answer;
use crate::callback::Callback;
use crate::client::Client;
use crate::clock::Clock;
use crate::endpoint::Endpoint;
use crate::face::Face;
use crate::person::Person;
use crate::server::memory::Memory;
use crate::server::refusal::Refusal;
use crate::server::rules::microsoft;
use crate::signing::id_token::IdToken;
use crate::signing::key_ring::KeyRing;
use crate::tamper::Change;
use crate::tamper::Tamper;

#[derive(Debug)]
pub(crate) struct AuthorizationServer {
    pub(crate) client: Client,
    pub(crate) clock: Clock,
    people: Vec<Arc<Person>>,
    keys: Arc<KeyRing>,
    /// Microsoft signs for its consumer tenant with a key of its own.
    consumer_keys: Arc<KeyRing>,
    memory: Mutex<Memory>,
    tampers: Mutex<Vec<Tamper>>,
}

impl AuthorizationServer {
    pub(crate) fn new(client: Client, clock: Clock, people: Vec<Person>) -> Self {
        Self {
            keys: Arc::new(KeyRing::of(client.face())),
            consumer_keys: Arc::new(KeyRing::of_consumers()),
            client,
            clock,
            people: people.into_iter().map(Arc::new).collect(),
            memory: Mutex::default(),
            tampers: Mutex::default(),
        }
    }

    pub(crate) fn face(&self) -> Face {
        self.client.face()
    }

    pub(crate) fn people(&self) -> &[Arc<Person>] {
        &self.people
    }

    /// The people who may sign in at this place: all, or at Microsoft those of the tenant.
    ///
    /// # Errors
    ///
    /// [`Refusal::UnknownTenant`] when the path names none of ours.
    pub(crate) fn admitted(&self, tenant: &str) -> Result<Vec<Arc<Person>>, Refusal> {
        match self.face() {
            Face::Google | Face::Facebook | Face::Apple => Ok(self.people.clone()),
            Face::Microsoft => microsoft::admitted(&self.people, tenant),
        }
    }

    /// The `iss` of this person's tokens.
    pub(crate) fn issuer_for(&self, person: &Person) -> String {
        match self.face() {
            Face::Google | Face::Facebook | Face::Apple => self.client.base().to_owned(),
            Face::Microsoft => {
                microsoft::issuer(self.client.base(), microsoft::home_tenant(person))
            }
        }
    }

    /// The `sub` of this person's tokens.
    pub(crate) fn subject_of(&self, person: &Person) -> String {
        match self.face() {
            Face::Google | Face::Facebook | Face::Apple => person.subject.clone(),
            Face::Microsoft => microsoft::pairwise_subject(self.client.id(), person),
        }
    }

    pub(crate) fn key_ring(&self) -> &KeyRing {
        &self.keys
    }

    pub(crate) fn consumer_key_ring(&self) -> &KeyRing {
        &self.consumer_keys
    }

    /// The ring that signs for this person.
    pub(crate) fn key_ring_for(&self, person: &Person) -> &Arc<KeyRing> {
        let consumer = self.face() == Face::Microsoft && microsoft::is_consumer(person);
        if consumer { &self.consumer_keys } else { &self.keys }
    }

    /// Lets the keys be made while a person is still reading the page.
    pub(crate) fn warm_keys(&self, people: &[Arc<Person>]) {
        for person in people {
            let ring = Arc::clone(self.key_ring_for(person));
            // Whoever needs the key asks again, and hears then why there is none.
            tokio::spawn(async move { ring.keys().await.is_ok() });
        }
    }

    /// Makes the keys that are not there yet. Whoever needs one that could not be made hears why.
    pub(crate) async fn make_keys(&self) {
        let rings: &[&Arc<KeyRing>] = match self.face() {
            Face::Microsoft => &[&self.keys, &self.consumer_keys],
            Face::Google | Face::Facebook | Face::Apple => &[&self.keys],
        };
        for ring in rings {
            drop(ring.keys().await);
        }
    }

    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn tamper(&self, tamper: Tamper) {
        self.tampers().push(tamper);
    }

    pub(crate) fn behave(&self) {
        self.tampers().clear();
    }

    pub(crate) fn asks_for_pkce(&self) -> bool {
        !self.tampers().iter().any(|tamper| matches!(tamper.0, Change::WithoutPkce))
    }

    pub(crate) fn rotates_refresh_tokens(&self) -> bool {
        self.tampers().iter().any(|tamper| matches!(tamper.0, Change::RotatingRefreshTokens))
    }

    pub(crate) fn tampered_answer(&self, endpoint: Endpoint, mut answer: Answer) -> Answer {
        for tamper in self.tampers().clone() {
            if let Change::Answer(at, edit) = tamper.0
                && at == endpoint
            {
                edit(&mut answer);
            }
        }
        answer
    }

    pub(crate) fn tampered_id_token(&self, mut token: IdToken) -> IdToken {
        for tamper in self.tampers().clone() {
            if let Change::IdToken(edit) = tamper.0 {
                edit(&mut token);
            }
        }
        token
    }

    pub(crate) fn tampered_callback(&self, mut callback: Callback) -> Callback {
        for tamper in self.tampers().clone() {
            if let Change::Callback(edit) = tamper.0 {
                edit(&mut callback);
            }
        }
        callback
    }

    fn tampers(&self) -> MutexGuard<'_, Vec<Tamper>> {
        self.tampers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
