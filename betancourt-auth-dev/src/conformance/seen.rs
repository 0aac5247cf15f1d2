//! What provider and browser saw of a scene. Nothing else counts.

use http::{HeaderMap, Method, StatusCode};
use serde_json::Value;

use crate::request::{authorization, first};

/// The person who signs in.
pub(crate) const PERSON: [&str; 2] = ["Nadia", "Prueba"];

/// A request that reached the provider.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) endpoint: Endpoint,
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) form: Vec<(String, String)>,
}

/// A place at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Discovery,
    Keys,
    Authorization,
    Token,
    UserInfo,
    /// Where an app sends people who sign out (OpenID Connect RP-Initiated Logout).
    EndSession,
    /// The page of somebody who signs out at the provider by themselves.
    SignOut,
    /// Something that metadata or claims name, and that a relying party of this library leaves alone.
    Elsewhere,
}

/// What provider and browser saw.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// What the relying party and the browser asked the provider for.
    pub(crate) visits: Vec<Visit>,
    /// Whether somebody was signed in before they signed out.
    pub(crate) was_signed_in: bool,
    /// The session at the end, as `GET /session` shows it.
    pub(crate) session: Value,
    /// What went wrong, as the person was told: the code in an address of the app, or the status of its refusal.
    pub(crate) told: Option<String>,
    /// Whether the browser ended at the app.
    pub(crate) is_back: bool,
    /// What came of the frame in which the app was told that somebody signed out.
    pub(crate) frame: Option<Framed>,
    /// How the app's server answered a logout token.
    pub(crate) logout_answer: Option<StatusCode>,
    /// What the page answered that asks for an access token.
    pub(crate) access: Option<(StatusCode, String)>,
    /// The access token that the provider gave last.
    pub(crate) latest_access_token: Option<String>,
    /// The ID token that the provider gave last.
    pub(crate) latest_id_token: Option<String>,
}

/// What came of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framed {
    Shown,
    /// Its own headers keep it out of the provider's page, or it is no page.
    KeptOut,
}

impl Visit {
    /// A parameter, of the query or of the form.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        first(&self.query, name).or_else(|| first(&self.form, name))
    }

    /// Whether a parameter stands in the address.
    pub(crate) fn queries(&self, name: &str) -> bool {
        first(&self.query, name).is_some()
    }

    pub(crate) fn authorization(&self, scheme: &str) -> Option<&str> {
        authorization(&self.headers, scheme)
    }
}

impl Seen {
    pub(crate) fn at(&self, endpoint: Endpoint) -> impl Iterator<Item = &Visit> {
        self.visits.iter().filter(move |visit| visit.endpoint == endpoint)
    }

    pub(crate) fn signed_in(&self) -> bool {
        Self::somebody_in(&self.session)
    }

    /// Whether a session is that of somebody.
    pub(crate) fn somebody_in(session: &Value) -> bool {
        session.get("user").is_some_and(Value::is_object)
    }

    /// Whether the session knows the person's name.
    pub(crate) fn knows_the_person(&self) -> bool {
        let name = self.session.get("user").and_then(|user| user.get("name"));
        name.is_some_and(|name| *name == PERSON.join(" "))
    }

    /// Why nobody is signed in, as far as it shows.
    pub(crate) fn nobody(&self) -> String {
        match &self.told {
            Some(told) => format!("nobody is signed in: {told}"),
            None => "nobody is signed in".to_owned(),
        }
    }

    pub(crate) fn was_asked_to_authorize(&self) -> bool {
        self.at(Endpoint::Authorization).next().is_some()
    }

    pub(crate) fn asked_for_tokens(&self) -> bool {
        self.at(Endpoint::Token).next().is_some()
    }

    pub(crate) fn asked_for_user_info(&self) -> bool {
        self.at(Endpoint::UserInfo).next().is_some()
    }
}
