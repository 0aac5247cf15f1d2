//! The page that says how a request to delete stands, for whoever has its code.

use askama::Template;

use super::Frame;
use crate::event::DeletionRequest;

/// `GET /deletion/<code>`.
#[derive(Template)]
#[template(path = "deletion.html")]
pub(crate) struct Deletion<'a> {
    frame: &'a Frame<'a>,
    state: &'static str,
    /// What is known of it, each with what it is called. Nothing of what was asked for is among it.
    facts: Vec<(&'static str, String)>,
}

impl<'a> Deletion<'a> {
    /// `None`: there is no request of that code.
    pub(crate) fn new(frame: &'a Frame<'a>, request: Option<&DeletionRequest>) -> Self {
        let texts = &frame.texts.deletion;
        let Some(request) = request else {
            return Self { frame, state: texts.unknown, facts: Vec::new() };
        };
        let state = if request.is_open() { texts.open } else { texts.done };
        let mut facts = vec![(texts.requested_on, request.requested_at.date().to_string())];
        let finished_at = request.finished_at.map(|at| at.date().to_string());
        facts.extend(finished_at.map(|at| (texts.finished_on, at)));
        facts.push((texts.code, request.code.clone()));
        Self { frame, state, facts }
    }
}
