//! The page before a sign-in that a third party begins: nothing has happened yet, and one button begins it.

use askama::Template;

use super::Frame;

/// `GET /initiate-signin`.
#[derive(Template)]
#[template(path = "initiate.html")]
pub(crate) struct Initiate<'a> {
    pub(crate) frame: &'a Frame<'a>,
    /// The name of the provider.
    pub(crate) provider: &'a str,
    pub(crate) action: &'a str,
    pub(crate) csrf_token: &'a str,
    pub(crate) callback_url: &'a str,
}
