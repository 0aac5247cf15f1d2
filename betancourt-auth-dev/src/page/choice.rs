//! The page on which a person chooses who they are, or what goes wrong.

use std::sync::Arc;

use askama::Template;
use http::StatusCode;

use crate::answer::Answer;
use crate::client::Client;
use crate::face::Face;
use crate::failure::Failure;
use crate::person::Person;

use super::{STYLE, answer};

#[derive(Debug, Template)]
#[template(path = "choice.html")]
pub(crate) struct ChoicePage {
    style: &'static str,
    face: Face,
    app: String,
    action: String,
    /// Names the authorization request that this page answers, once.
    pub(crate) ticket: String,
    /// Who may sign in, in order.
    pub(crate) people: Vec<Arc<Person>>,
    failures: Vec<Failure>,
}

impl ChoicePage {
    pub(crate) fn new(
        client: &Client,
        app: String,
        ticket: String,
        people: Vec<Arc<Person>>,
    ) -> Self {
        let face = client.face();
        let failures =
            Failure::offered_by(face).iter().copied().filter(|f| !f.is_of_a_person()).collect();
        Self {
            style: STYLE,
            face,
            app,
            action: format!("{}/choice", client.base()),
            ticket,
            people,
            failures,
        }
    }

    pub(crate) fn answer(&self) -> Answer {
        answer(StatusCode::OK, self)
    }

    fn ordinary(&self) -> impl Iterator<Item = &Person> {
        self.people.iter().map(AsRef::as_ref).filter(|person| person.failure().is_none())
    }

    /// People whose account itself is the trouble.
    fn troubled(&self) -> impl Iterator<Item = (&Person, Failure)> {
        self.people.iter().filter_map(|person| Some((person.as_ref(), person.failure()?)))
    }
}
