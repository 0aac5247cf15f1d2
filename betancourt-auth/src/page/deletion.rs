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
        let state = match (request.is_open(), request.withdrawn_at, request.due_at) {
            (_, Some(_), _) => texts.withdrawn,
            (true, None, Some(_)) => texts.waiting,
            (true, None, None) => texts.open,
            (false, None, _) => texts.done,
        };
        let due_at = request.due_at.filter(|_| request.is_open());
        let dates = [
            (texts.requested_on, Some(request.requested_at)),
            (texts.due_on, due_at),
            (texts.withdrawn_on, request.withdrawn_at),
            (texts.finished_on, request.finished_at),
        ];
        let told = dates.into_iter().filter_map(|(name, at)| Some((name, at?.date().to_string())));
        let mut facts: Vec<_> = told.collect();
        facts.push((texts.code, request.code.clone()));
        Self { frame, state, facts }
    }
}
