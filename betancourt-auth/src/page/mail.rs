//! The mail to sign in with: a link, a code, and nothing that would have to be loaded from anywhere.

use askama::Template;

use super::Frame;
use crate::theme::Colors;

/// What is sent to who asked for a link. Both parts say the same; the only address in them is `url`.
#[derive(Clone, Copy)]
pub(crate) struct SignInMail<'a> {
    pub(crate) frame: &'a Frame<'a>,
    /// The link.
    pub(crate) url: &'a str,
    /// The code for the browser that asked. `None`: there is none.
    pub(crate) code: Option<&'a str>,
    /// How long both can be used.
    pub(crate) minutes: i64,
}

#[derive(Template)]
#[template(path = "mail_sign_in.html")]
struct Html<'a> {
    mail: SignInMail<'a>,
    day: &'a Colors,
    night: &'a Colors,
}

#[derive(Template)]
#[template(path = "mail_sign_in.txt")]
struct Plain<'a> {
    mail: SignInMail<'a>,
}

impl SignInMail<'_> {
    /// One line: what it is for, and where.
    pub(crate) fn subject(&self) -> String {
        format!("{} {}", self.frame.texts.mail.subject, self.frame.name)
    }

    /// The part for programs that show HTML.
    pub(crate) fn html(&self) -> String {
        let theme = self.frame.theme;
        Html { mail: *self, day: theme.day(), night: theme.night() }.render().unwrap_or_default()
    }

    /// The part for all others.
    pub(crate) fn text(&self) -> String {
        Plain { mail: *self }.render().unwrap_or_default()
    }

    fn lifetime(&self) -> String {
        let texts = &self.frame.texts.mail;
        let lifetime = if self.code.is_some() { texts.both_live } else { texts.link_lives };
        lifetime(self.minutes)
    }
}
