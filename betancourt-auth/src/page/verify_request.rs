//! The page after a mail was asked for: where to look, and a field for the code of who reads it on another device.

use askama::Template;

use super::Frame;

/// `GET /verify-request`.
#[derive(Template)]
#[template(path = "verify_request.html")]
pub(crate) struct VerifyRequest<'a> {
    pub(crate) frame: &'a Frame<'a>,
    /// Where the mail went, if this browser asked for it.
    pub(crate) address: Option<&'a str>,
    /// The form for the code. `None` in a browser that asked for no mail, where no code would help.
    pub(crate) code: Option<CodeForm<'a>>,
}

/// The form for the short code: posts `code` with `csrfToken` and `callbackUrl`. Whose it is, the browser's cookie says.
#[derive(Clone, Debug)]
pub(crate) struct CodeForm<'a> {
    pub(crate) action: &'a str,
    pub(crate) csrf_token: &'a str,
    pub(crate) callback_url: &'a str,
    /// Whether the code just typed was another one, or too old.
    pub(crate) was_refused: bool,
}
