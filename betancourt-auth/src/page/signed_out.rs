//! The page after somebody signed out at their provider, too.

use askama::Template;

use super::Frame;

/// `GET /signed-out`.
#[derive(Template)]
#[template(path = "signed_out.html")]
pub(crate) struct SignedOut<'a> {
    pub(crate) frame: &'a Frame<'a>,
}
