//! Who sends mail: a trait of one method, and SMTP behind the feature `smtp`.

#[cfg(feature = "smtp")]
mod smtp;

use std::fmt::{self, Debug, Formatter};

use async_trait::async_trait;

#[cfg(feature = "smtp")]
pub use smtp::{SmtpMailer, SmtpSetupError};

/// Sends mail. An application brings its own where SMTP is not what it has.
///
/// ```
/// use async_trait::async_trait;
/// use betancourt_auth::mailer::{Mail, MailError, Mailer};
///
/// /// Shows mail to whoever started the program.
/// #[derive(Debug)]
/// struct Terminal;
///
/// #[async_trait]
/// impl Mailer for Terminal {
///     async fn send(&self, mail: &Mail) -> Result<(), MailError> {
///         println!("{}\n\n{}", mail.subject, mail.text);
///         Ok(())
///     }
/// }
/// ```
#[async_trait]
pub trait Mailer: Debug + Send + Sync {
    /// Sends one mail, or hands it over to something that will. It comes back within a time that the mailer knows: a
    /// mail that is never done with holds up the end of the program.
    ///
    /// # Errors
    /// [`MailError`] when it was not taken.
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;
}

/// A mail to one person, in two forms of the same content.
///
/// `Debug` leaves everything out: an address or a link must never reach a log.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mail {
    /// The one address it goes to, normalized.
    pub to: String,
    /// The subject: one line.
    pub subject: String,
    /// The content as plain text.
    pub text: String,
    /// The content as HTML.
    pub html: String,
    /// The link in it, for a mailer that writes a letter of its own.
    pub link: Option<String>,
    /// The code in it, likewise.
    pub code: Option<String>,
}

impl Mail {
    /// A mail.
    pub fn new(
        to: impl Into<String>,
        subject: impl Into<String>,
        text: impl Into<String>,
        html: impl Into<String>,
    ) -> Self {
        Self {
            to: to.into(),
            subject: subject.into(),
            text: text.into(),
            html: html.into(),
            link: None,
            code: None,
        }
    }

    /// The same mail, with the link and the code that stand in it.
    #[must_use]
    pub fn with_way_in(self, link: impl Into<String>, code: impl Into<String>) -> Self {
        Self { link: Some(link.into()), code: Some(code.into()), ..self }
    }
}

impl Debug for Mail {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("Mail(…)")
    }
}

/// A mail could not be sent.
///
/// ```
/// use betancourt_auth::mailer::MailError;
/// let error = MailError::because("the queue is full");
/// assert_eq!(error.to_string(), "the mail was not taken");
/// ```
#[derive(Debug, thiserror::Error)]
#[error("the mail was not taken")]
pub struct MailError {
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl MailError {
    /// It was not taken, and why. The log has it: there must be no address in it, and no link.
    pub fn because(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { source: source.into() }
    }
}
