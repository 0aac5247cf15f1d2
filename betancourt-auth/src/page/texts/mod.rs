//! Every sentence of the pages and the mail, once per language. A text missing in one of them does not compile.

mod english;
mod spanish;

use super::Notice;
use crate::language::Language;

/// All texts in one language, by the page where they stand.
#[derive(Debug)]
pub(super) struct Texts {
    pub(super) sign_in: SignIn,
    pub(super) sign_out: SignOut,
    pub(super) signed_out: SignedOut,
    pub(super) initiate: Initiate,
    pub(super) verify_request: VerifyRequest,
    pub(super) confirm: Confirm,
    pub(super) deletion: Deletion,
    pub(super) problem: Problem,
    pub(super) mail: Mail,
    /// Before the reference of a problem.
    pub(super) reference: &'static str,
    /// What a notice says: one sentence of its own for each.
    pub(super) notice: fn(Notice) -> &'static str,
}

impl Texts {
    pub(super) fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &english::TEXTS,
            Language::Spanish => &spanish::TEXTS,
        }
    }
}

/// The page to sign in.
#[derive(Debug)]
pub(super) struct SignIn {
    pub(super) title: &'static str,
    /// Before the name of a provider.
    pub(super) continue_with: &'static str,
    /// Between the ways to sign in.
    pub(super) or: &'static str,
    pub(super) email: &'static str,
    pub(super) send_link: &'static str,
    /// Where the application asks for one thing only.
    pub(super) button: &'static str,
    /// Before the name of what it asks for, where there are several.
    pub(super) sign_in_with: &'static str,
    /// Where there is no way to sign in.
    pub(super) nothing: &'static str,
}

/// The page to sign out.
#[derive(Debug)]
pub(super) struct SignOut {
    pub(super) title: &'static str,
    pub(super) question: &'static str,
    pub(super) button: &'static str,
    pub(super) stay: &'static str,
}

/// The page after signing out at the provider, too.
#[derive(Debug)]
pub(super) struct SignedOut {
    pub(super) title: &'static str,
    pub(super) hint: &'static str,
}

/// The page before a sign-in that a third party begins.
#[derive(Debug)]
pub(super) struct Initiate {
    pub(super) title: &'static str,
    pub(super) question: &'static str,
    pub(super) hint: &'static str,
}

/// The page after a mail was asked for.
#[derive(Debug)]
pub(super) struct VerifyRequest {
    pub(super) title: &'static str,
    /// Before the address.
    pub(super) sent_to: &'static str,
    /// Where the address is not known.
    pub(super) sent: &'static str,
    pub(super) hint: &'static str,
    pub(super) code: &'static str,
    pub(super) code_hint: &'static str,
    pub(super) code_refused: &'static str,
    pub(super) button: &'static str,
    pub(super) again: &'static str,
}

/// The page behind the link of a mail.
#[derive(Debug)]
pub(super) struct Confirm {
    pub(super) title: &'static str,
    /// Before the address.
    pub(super) sign_in_as: &'static str,
    pub(super) button: &'static str,
    pub(super) hint: &'static str,
}

/// The page that says how a request to delete stands.
#[derive(Debug)]
pub(super) struct Deletion {
    pub(super) title: &'static str,
    pub(super) open: &'static str,
    pub(super) waiting: &'static str,
    pub(super) withdrawn: &'static str,
    pub(super) done: &'static str,
    pub(super) unknown: &'static str,
    /// Before a date.
    pub(super) requested_on: &'static str,
    /// Before a date.
    pub(super) due_on: &'static str,
    /// Before a date.
    pub(super) withdrawn_on: &'static str,
    /// Before a date.
    pub(super) finished_on: &'static str,
    /// Before the code of the request.
    pub(super) code: &'static str,
}

/// The page that says what went wrong.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) title: &'static str,
    pub(super) denied: &'static str,
    pub(super) expired: &'static str,
    pub(super) too_many: &'static str,
    pub(super) unavailable: &'static str,
    /// Before the name of the application.
    pub(super) home: &'static str,
}

/// The mail to sign in with.
#[derive(Debug)]
pub(super) struct Mail {
    /// Before the name of the application.
    pub(super) subject: &'static str,
    /// Before the host.
    pub(super) title: &'static str,
    /// In the part with a button.
    pub(super) link: &'static str,
    /// In the part without.
    pub(super) link_below: &'static str,
    pub(super) button: &'static str,
    pub(super) code: &'static str,
    /// How long the link can be used.
    pub(super) link_lives: fn(i64) -> String,
    /// How long link and code can be used.
    pub(super) both_live: fn(i64) -> String,
    pub(super) not_you: &'static str,
}
