//! The page to sign in: a button for each provider, a form for mail, a form for credentials.

use askama::Template;

use super::{Frame, Notice};
use crate::config::Setup;
use crate::provider::Field;

/// `GET /signin`.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignIn<'a> {
    pub(crate) frame: &'a Frame<'a>,
    pub(crate) notice: Option<Notice>,
    pub(crate) reference: Option<&'a str>,
    pub(crate) ways: Ways<'a>,
    /// What stands in the field for the address: `?email=`, as in Auth.js.
    pub(crate) address: Option<&'a str>,
    pub(crate) csrf_token: &'a str,
    pub(crate) callback_url: &'a str,
}

impl SignIn<'_> {
    fn message(&self) -> Option<&'static str> {
        self.notice.map(self.frame.texts.notice)
    }
}

/// The ways to sign in, in the order in which they are shown.
pub(crate) struct Ways<'a> {
    pub(super) providers: Vec<ProviderButton<'a>>,
    pub(super) emails: Vec<EmailForm<'a>>,
    pub(super) credentials: Vec<CredentialsForm<'a>>,
}

impl<'a> Ways<'a> {
    /// Those of a configuration. Credentials without fields are not shown, as in Auth.js.
    pub(crate) fn of(setup: &'a Setup) -> Self {
        let config = &setup.config;
        let url = |action: &str, id: &str| setup.action_url(&format!("{action}/{id}"));
        let providers = config.registrations.iter().map(|registration| {
            let (id, name) = (&*registration.provider.id, &*registration.provider.name);
            ProviderButton { id, name, action: url("/signin", id) }
        });
        let emails = config
            .email
            .iter()
            .map(|provider| EmailForm { id: &provider.id, action: url("/signin", &provider.id) });
        let credentials = config.credentials.iter().filter(|provider| !provider.fields.is_empty());
        let credentials = credentials.map(|provider| CredentialsForm {
            id: &provider.id,
            name: &provider.name,
            action: url("/callback", &provider.id),
            fields: &provider.fields,
        });
        Self {
            providers: providers.collect(),
            emails: emails.collect(),
            credentials: credentials.collect(),
        }
    }

    fn is_empty(&self) -> bool {
        self.providers.is_empty() && self.emails.is_empty() && self.credentials.is_empty()
    }
}

/// A provider to go to.
pub(super) struct ProviderButton<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) action: String,
}

impl ProviderButton<'_> {
    /// What stands for a provider whose own mark may not be drawn here.
    fn initial(&self) -> String {
        self.name.chars().take(1).flat_map(char::to_uppercase).collect()
    }
}

/// An address to send a link to.
pub(super) struct EmailForm<'a> {
    pub(super) id: &'a str,
    pub(super) action: String,
}

/// What the application itself asks for.
pub(super) struct CredentialsForm<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) action: String,
    pub(super) fields: &'a [Field],
}
