//! A mailbox in memory: a test reads what would have been sent.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::mailer::{Mail, MailError, Mailer};

/// Keeps mail instead of sending it. Clones are the same mailbox.
///
/// Answers do not wait for mail: call [`Auth::settle`](crate::Auth::settle) before you look.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use betancourt_auth::mailer::{Mail, Mailer};
/// use betancourt_auth::testing::Outbox;
///
/// let outbox = Outbox::default();
/// let text = "Open https://app.example.com/auth/callback/email?token=1 or type\n\n    1234 5678\n";
/// outbox.send(&Mail::new("ana@example.com", "Sign in", text, "<p>…</p>")).await.unwrap();
///
/// let newest = outbox.newest_to("ana@example.com").unwrap();
/// assert_eq!(newest.subject, "Sign in");
/// assert_eq!(Outbox::link(&newest).unwrap(), "https://app.example.com/auth/callback/email?token=1");
/// assert_eq!(Outbox::code(&newest).unwrap(), "1234 5678");
/// # });
/// ```
#[derive(Clone, Debug, Default)]
pub struct Outbox(Arc<Mutex<Vec<Mail>>>);

impl Outbox {
    /// All of it, oldest first.
    #[must_use]
    pub fn mails(&self) -> Vec<Mail> {
        self.kept().clone()
    }

    /// The newest mail to an address.
    #[must_use]
    pub fn newest_to(&self, address: &str) -> Option<Mail> {
        self.kept().iter().rev().find(|mail| mail.to == address).cloned()
    }

    /// The first link in the text of a mail.
    #[must_use]
    pub fn link(mail: &Mail) -> Option<&str> {
        mail.text.split_whitespace().find(|word| word.contains("://"))
    }

    /// The code in the text of a mail: the line of digits.
    #[must_use]
    pub fn code(mail: &Mail) -> Option<&str> {
        let is_code = |line: &&str| {
            !line.is_empty() && line.chars().all(|sign| sign.is_ascii_digit() || sign == ' ')
        };
        mail.text.lines().map(str::trim).find(is_code)
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Mail>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Mailer for Outbox {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        self.kept().push(mail.clone());
        Ok(())
    }
}
