//! The page to sign out: one question, one button.

use askama::Template;

use super::Frame;

/// `GET /signout`.
#[derive(Template)]
#[template(path = "sign_out.html")]
pub(crate) struct SignOut<'a> {
    pub(crate) frame: &'a Frame<'a>,
    pub(crate) action: &'a str,
    pub(crate) csrf_token: &'a str,
    pub(crate) callback_url: &'a str,
}
