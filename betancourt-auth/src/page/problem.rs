//! The page that says what went wrong, and the reference by which the log calls it.

use askama::Template;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};

use super::{Frame, Notice};
use crate::error::Code;

/// `GET /error`, and whatever is answered in place.
#[derive(Template)]
#[template(path = "problem.html")]
pub(crate) struct Problem<'a> {
    frame: &'a Frame<'a>,
    title: &'static str,
    message: &'static str,
    reference: Option<&'a str>,
    /// Whether signing in, perhaps as somebody else, may help.
    offers_sign_in: bool,
}

impl<'a> Problem<'a> {
    pub(crate) fn new(frame: &'a Frame<'a>, notice: Notice, reference: Option<&'a str>) -> Self {
        let texts = frame.texts;
        let title = match notice {
            Notice::Code(Code::AccessDenied) | Notice::Suspended => texts.problem.denied,
            Notice::Code(Code::Verification) => texts.problem.expired,
            Notice::Code(Code::RateLimited) => texts.problem.too_many,
            Notice::Code(Code::Unavailable) => texts.problem.unavailable,
            _ => texts.problem.title,
        };
        let message = (texts.notice)(notice);
        Self { frame, title, message, reference, offers_sign_in: notice.calls_for_sign_in() }
    }

    /// The same in plain words, where no page may stand: its address holds what nobody else should learn.
    pub(crate) fn in_words(&self, status: StatusCode) -> Response<Bytes> {
        let Self { title, message, .. } = self;
        let reference = self.reference.map_or_else(String::new, |reference| {
            format!("{} {reference}\n", self.frame.texts.reference)
        });
        let mut response = Response::new(format!("{title}\n\n{message}\n{reference}").into());
        *response.status_mut() = status;
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, plain);
        response
    }
}

/// Letters of a reference: none that is taken for another.
pub(crate) const REFERENCE_LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// How many letters a reference has.
pub(crate) const REFERENCE_LENGTH: usize = 8;

/// Whether a text has the form of a reference. Anybody can write one into an address; only the form is harmless.
pub(crate) fn is_reference(text: &str) -> bool {
    text.len() == REFERENCE_LENGTH && text.bytes().all(|letter| REFERENCE_LETTERS.contains(&letter))
}
