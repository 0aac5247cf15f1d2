//! What is decided otherwise here than in Auth.js: each deviation with its reason, where it shows, and what is expected
//! instead of what was recorded. Everything else of an exchange is compared as it was recorded.

mod answers;
mod attempts;
mod mail;
mod people;
mod sessions;
mod setups;

pub(crate) use answers::FORM;
use serde_json::{Value, json};

use crate::compare::HEX;
use crate::recording::{Exchange, Scenario};
use crate::report;
use crate::stage::Stage;

/// One decision.
pub(crate) struct Deviation {
    /// What Auth.js does.
    pub(crate) there: &'static str,
    /// What is done here.
    pub(crate) here: &'static str,
    pub(crate) why: &'static str,
    /// Where it shows.
    pub(crate) shows: fn(&Step<'_>) -> bool,
    /// What is expected there.
    pub(crate) expect: Expect,
}

impl Deviation {
    /// Its row in the book's page about coming from Auth.js.
    pub(crate) fn row(&self) -> String {
        format!("| {} | {} | {} |", self.there, self.here, self.why)
    }
}

/// What is expected instead of what was recorded.
pub(crate) enum Expect {
    /// The same with a change.
    Change(fn(&Step<'_>, &mut Expected)),
    /// What was recorded of another exchange of the scenario, with a change.
    OutcomeOf(usize, fn(&Step<'_>, &mut Expected)),
}

/// All of them, in the order in which they are applied.
pub(crate) fn all() -> impl Iterator<Item = &'static Deviation> {
    [
        setups::ALL,
        attempts::FIRST,
        mail::ALL,
        people::ALL,
        answers::ALL,
        attempts::ALL,
        sessions::ALL,
        FORM,
        setups::LAST,
    ]
    .into_iter()
    .flatten()
}

/// An exchange and where it stands.
pub(crate) struct Step<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) stage: &'a Stage,
    pub(crate) index: usize,
    pub(crate) exchange: &'a Exchange,
}

/// What is expected of an exchange, at first as it was recorded.
#[derive(Clone)]
pub(crate) struct Expected(pub(crate) Value);

impl Step<'_> {
    /// `scenario/index`.
    pub(crate) fn is(&self, place: &str) -> bool {
        place == format!("{}/{}", self.scenario.id, self.index)
    }

    pub(crate) fn note(&self) -> &str {
        &self.exchange.note
    }

    /// `GET signin`, for example: the method and the action.
    pub(crate) fn asks(&self, what: &str) -> bool {
        let request = &self.exchange.request;
        what == format!("{} {}", request.method, request.action().0)
    }

    /// Whether the callback names the attempt whose cookies come along, or would if Auth.js gave it a `state`.
    pub(crate) fn answers_its_attempt(&self) -> bool {
        let request = &self.exchange.request;
        let state = |text: &str| text.contains("state=eyJ");
        let named = state(request.url.as_str()) || request.body.as_deref().is_some_and(state);
        self.stage.has_provider(request.action().1)
            && self.scenario.brings_an_attempt(request)
            && (named || request.cookie("authjs.state").is_none())
    }

    /// The forms of the sign-in page: those of the providers, then mail, then credentials.
    pub(crate) fn sign_in_forms(&self) -> Vec<Value> {
        let named = self.scenario.setup["providers"].as_str().unwrap_or_default();
        let form = |path: String, further: &[&str]| {
            let csrf = ("csrfToken".to_owned(), HEX.to_owned());
            let callback = ("callbackUrl".to_owned(), self.at("/"));
            let further = further.iter().map(|field| ((*field).to_owned(), String::new()));
            report::form(&self.at(&path), [csrf, callback].into_iter().chain(further))
        };
        let providers = self.stage.providers.iter();
        let mut forms: Vec<_> =
            providers.map(|id| form(format!("/auth/signin/{id}"), &[])).collect();
        if named.contains("email") {
            forms.push(form("/auth/signin/email".to_owned(), &["email"]));
        }
        if named.contains("credentials") {
            forms.push(form("/auth/callback/credentials".to_owned(), &["username", "password"]));
        }
        forms
    }

    /// The address of a path of the application.
    pub(crate) fn at(&self, path: &str) -> String {
        self.exchange.request.url.join(path).unwrap().to_string()
    }

    pub(crate) fn is_https(&self) -> bool {
        self.exchange.request.url.scheme() == "https"
    }

    /// The attributes that every cookie has.
    pub(crate) fn attributes(&self, further: &[&str]) -> Value {
        let mut attributes = vec!["HttpOnly", "Path=/", "SameSite=Lax"];
        attributes.extend(self.is_https().then_some("Secure"));
        attributes.extend(further);
        attributes.sort_unstable();
        json!(attributes)
    }

    /// The name of a cookie with its prefix.
    pub(crate) fn cookie(&self, prefix: &str, name: &str) -> String {
        if self.is_https() { format!("{prefix}{name}") } else { name.to_owned() }
    }
}

impl Expected {
    pub(crate) fn set(&mut self, pointer: &str, value: impl Into<Value>) {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        self.0.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer}"))[name] = value.into();
    }

    pub(crate) fn get(&self, pointer: &str) -> &Value {
        self.0.pointer(pointer).unwrap_or(&Value::Null)
    }

    pub(crate) fn get_mut(&mut self, pointer: &str) -> Option<&mut Value> {
        self.0.pointer_mut(pointer)
    }

    /// The members of a list.
    pub(crate) fn list(&mut self, pointer: &str) -> impl Iterator<Item = &mut Value> {
        self.get_mut(pointer).and_then(Value::as_array_mut).into_iter().flatten()
    }

    /// Expects nothing in these lists.
    pub(crate) fn empty(&mut self, pointers: &[&str]) {
        pointers.iter().for_each(|pointer| self.set(pointer, json!([])));
    }

    pub(crate) fn remove(&mut self, pointer: &str) {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        if let Some(members) = self.0.pointer_mut(parent).and_then(Value::as_object_mut) {
            members.shift_remove(name);
        }
    }

    /// Where the browser is sent, by redirect or in JSON.
    pub(crate) fn address_mut(&mut self) -> Vec<&mut Value> {
        let Value::Object(members) = &mut self.0 else { return Vec::new() };
        let mut found = Vec::new();
        for (name, member) in members {
            match &**name {
                "headers" => found.extend(member.get_mut("location")),
                "body" => found.extend(member.get_mut("url")),
                _ => {}
            }
        }
        found
    }

    /// The error that the browser is sent away with.
    pub(crate) fn error(&self) -> Option<&str> {
        let at = |pointer| self.0.pointer(pointer).and_then(Value::as_str);
        at("/headers/location/query/error").or_else(|| at("/body/url/query/error"))
    }

    /// Sends the browser away with another error.
    pub(crate) fn fail(&mut self, to: &str, error: &str) {
        for address in self.address_mut() {
            address["to"] = to.into();
            address["query"] = json!({ "error": error });
        }
    }

    /// The cookies whose name ends so.
    pub(crate) fn cookies_mut(&mut self) -> &mut serde_json::Map<String, Value> {
        self.0["cookies"].as_object_mut().unwrap()
    }
}
