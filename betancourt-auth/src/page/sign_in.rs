//! The page to sign in: a button for each provider, a form for mail, a form for credentials.

use askama::Template;

use super::{Frame, Notice};

/// `GET /signin`.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignIn<'a> {
    pub(crate) frame: &'a Frame<'a>,
    pub(crate) notice: Option<Notice>,
    pub(crate) reference: Option<&'a str>,
    pub(crate) providers: Vec<ProviderButton<'a>>,
    pub(crate) emails: Vec<EmailForm<'a>>,
    pub(crate) credentials: Vec<CredentialsForm<'a>>,
    pub(crate) csrf_token: &'a str,
    pub(crate) callback_url: &'a str,
}

impl SignIn<'_> {
    fn message(&self) -> Option<&'static str> {
        self.notice.map(self.frame.texts.notice)
    }
}

/// A provider to go to: its form posts to `/signin/<id>`.
#[derive(Clone, Debug)]
pub(crate) struct ProviderButton<'a> {
    pub(crate) id: &'a str,
    pub(crate) name: &'a str,
    pub(crate) action: String,
}

impl ProviderButton<'_> {
    /// What stands for a provider whose own mark may not be drawn here.
    fn initial(&self) -> String {
        self.name.chars().take(1).flat_map(char::to_uppercase).collect()
    }
}

/// An address to send a link to: the form posts `email` to `/signin/<id>`.
#[derive(Clone, Debug)]
pub(crate) struct EmailForm<'a> {
    pub(crate) id: &'a str,
    pub(crate) action: String,
}

/// What the application itself asks for: the form posts its fields to `/callback/<id>`.
#[derive(Clone, Debug)]
pub(crate) struct CredentialsForm<'a> {
    pub(crate) id: &'a str,
    pub(crate) name: &'a str,
    pub(crate) action: String,
    pub(crate) fields: Vec<Field<'a>>,
}

/// A field of a [`CredentialsForm`].
#[derive(Clone, Debug)]
pub(crate) struct Field<'a> {
    pub(crate) name: &'a str,
    pub(crate) label: &'a str,
    /// The `type` of the input, for example `password`.
    pub(crate) kind: &'a str,
    pub(crate) placeholder: Option<&'a str>,
    pub(crate) autocomplete: Option<&'a str>,
}
