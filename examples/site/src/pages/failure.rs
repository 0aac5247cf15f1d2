//! A page for what went wrong.

use askama::Template;
use http::StatusCode;

use super::Frame;

/// Why there is no page, and the way back.
#[derive(Debug, Template)]
#[template(path = "failure.html")]
pub struct Failure {
    /// What every page has.
    pub frame: Frame,
    /// The status it is answered with.
    pub status: StatusCode,
    /// How the log calls what happened, where it is our fault.
    pub reference: Option<String>,
}

impl Failure {
    /// What happened, and what a person may do.
    fn said(&self) -> (&'static str, &'static str) {
        let failures = &self.frame.texts().failures;
        match self.status {
            StatusCode::FORBIDDEN => (failures.forbidden, failures.forbidden_hint),
            StatusCode::MISDIRECTED_REQUEST => (failures.misdirected, failures.misdirected_hint),
            StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_FOUND => {
                (failures.not_found, failures.not_found_hint)
            }
            StatusCode::SERVICE_UNAVAILABLE => (failures.unavailable, failures.unavailable_hint),
            _ => (failures.broken, failures.broken_hint),
        }
    }
}
