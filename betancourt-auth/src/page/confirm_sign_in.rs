//! The page behind the link of a mail: nothing has happened yet, and one button signs in. Programs that open every
//! link of a mail stop here.

use askama::Template;

use super::Frame;

/// `GET /callback/<e-mail provider>`: the form posts `token`, `email`, `csrfToken` and `callbackUrl` to the same place.
#[derive(Template)]
#[template(path = "confirm_sign_in.html")]
pub(crate) struct ConfirmSignIn<'a> {
    pub(crate) frame: &'a Frame<'a>,
    pub(crate) action: &'a str,
    pub(crate) csrf_token: &'a str,
    pub(crate) callback_url: &'a str,
    pub(crate) address: &'a str,
    pub(crate) token: &'a str,
}
