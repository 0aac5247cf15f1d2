//! Callbacks and events that note down each call, and decide as the application of the scenario did.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use betancourt_auth::hook::{Arrival, Callbacks, Decision, Events, Sealing, SignIn, Trigger};
use betancourt_auth::{Account, Session, User};
use serde_json::{Map, Value, json};
use url::Url;

use crate::report::{iso, pick_all};

/// The members of a user that Auth.js shows by default.
pub(crate) const SHOWN: [&str; 3] = ["name", "email", "image"];

/// What the application of a scenario decides.
#[derive(Clone, Debug)]
pub(crate) struct Decisions {
    pub(crate) sign_in: Decision,
    /// What `sign_in` says to whoever asks for a mail.
    pub(crate) may_have_mail: Decision,
    /// `jwt` answers `null`.
    pub(crate) jwt_is_null: bool,
    /// `jwt` takes the name that an update brings.
    pub(crate) takes_a_name: bool,
    /// `session` adds the user's id.
    pub(crate) shows_the_id: bool,
}

/// See the module. Clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Hooks(Arc<Mutex<Noted>>);

#[derive(Debug)]
struct Noted {
    decisions: Decisions,
    callbacks: Vec<Value>,
    events: Vec<Value>,
    redirects: Vec<Url>,
}

impl Hooks {
    pub(crate) fn new(decisions: Decisions) -> Self {
        Self(Arc::new(Mutex::new(Noted {
            decisions,
            callbacks: Vec::new(),
            events: Vec::new(),
            redirects: Vec::new(),
        })))
    }

    /// The callbacks and the events since the last time.
    pub(crate) fn take(&self) -> (Vec<Value>, Vec<Value>) {
        let mut noted = self.0.lock().unwrap();
        (std::mem::take(&mut noted.callbacks), std::mem::take(&mut noted.events))
    }

    /// The addresses that `redirect` was asked about since the last time.
    pub(crate) fn redirects(&self) -> Vec<Url> {
        std::mem::take(&mut self.0.lock().unwrap().redirects)
    }

    fn called(&self, call: Value) -> Decisions {
        let mut noted = self.0.lock().unwrap();
        noted.callbacks.push(call);
        noted.decisions.clone()
    }

    fn heard(&self, event: Value) {
        self.0.lock().unwrap().events.push(event);
    }
}

#[async_trait]
impl Callbacks for Hooks {
    async fn sign_in(&self, arrival: &Arrival<'_>) -> Decision {
        let account = &arrival.account;
        let user = arrival.user.map(|user| user.id.as_str());
        let mut call = json!({
            "call": "signIn", "user": { "id": user }, "profile": arrival.profile,
            "account": { "provider": account.provider, "providerAccountId": account.subject },
        });
        if arrival.is_request_for_mail {
            call["email"] = json!({ "verificationRequest": true });
        }
        let decisions = self.called(call);
        if arrival.is_request_for_mail { decisions.may_have_mail } else { decisions.sign_in }
    }

    async fn redirect(&self, url: &Url, base: &Url) -> Url {
        assert_eq!(url.origin(), base.origin(), "only addresses of our own come here");
        self.0.lock().unwrap().redirects.push(url.clone());
        url.clone()
    }

    async fn session(&self, session: &Session, mut shown: Value, update: Option<&Value>) -> Value {
        let mut call = json!({ "call": "session", "session": shown });
        if let Some(update) = update {
            call["data"] = update.clone();
        }
        let decisions = self.called(call);
        if decisions.shows_the_id {
            shown["user"]["id"] = session.user.id.as_str().into();
        }
        shown
    }

    async fn jwt(
        &self,
        mut token: Map<String, Value>,
        sealing: &Sealing<'_>,
    ) -> Option<Map<String, Value>> {
        let trigger = sealing.trigger.map(|trigger| match trigger {
            Trigger::SignUp => "signUp",
            Trigger::SignIn => "signIn",
            Trigger::Update => "update",
            other => panic!("{other:?}"),
        });
        let mut call = json!({ "call": "jwt", "token": token });
        if let Some(trigger) = trigger {
            call["trigger"] = trigger.into();
        }
        if let Some(through) = sealing.account {
            call["user"] = user(sealing.user);
            call["account"] = account(through);
            call["profile"] = sealing.profile.cloned().unwrap_or_default();
        }
        if let Some(update) = sealing.update {
            call["data"] = update.clone();
        }
        let decisions = self.called(call);
        let name = sealing.update.and_then(|update| update.pointer("/user/name"));
        if let Some(name) = name.filter(|_| decisions.takes_a_name) {
            token.insert("name".to_owned(), name.clone());
        }
        (!decisions.jwt_is_null).then_some(token)
    }
}

#[async_trait]
impl Events for Hooks {
    async fn sign_in(&self, event: &SignIn<'_>) {
        self.heard(json!({
            "event": "signIn", "user": user(event.user), "account": account(event.account),
            "isNewUser": event.is_new_user,
        }));
    }

    async fn sign_out(&self, session: &Session) {
        self.heard(json!({ "event": "signOut", "user": { "id": session.user.id.as_str() } }));
    }

    async fn create_user(&self, created: &User) {
        self.heard(json!({ "event": "createUser", "user": user(created) }));
    }

    async fn update_user(&self, updated: &User) {
        self.heard(json!({ "event": "updateUser", "user": user(updated) }));
    }

    async fn link_account(&self, owner: &User, linked: &Account) {
        self.heard(
            json!({ "event": "linkAccount", "user": user(owner), "account": account(linked) }),
        );
    }

    async fn session(&self, session: &Session) {
        let shown = pick_all(&user(&session.user), &SHOWN);
        let session = json!({ "user": shown, "expires": iso(session.expires) });
        self.heard(json!({ "event": "session", "session": session }));
    }
}

fn user(user: &User) -> Value {
    json!({
        "id": user.id.as_str(), "name": user.name, "email": user.email, "image": user.image,
        "emailVerified": user.email_verified.map(iso),
    })
}

fn account(account: &Account) -> Value {
    json!({
        "provider": account.key.provider, "providerAccountId": account.key.subject, "type": account.kind,
        "expires_at": account.tokens.expires_at, "scope": account.tokens.scope,
        "token_type": account.tokens.token_type,
    })
}
