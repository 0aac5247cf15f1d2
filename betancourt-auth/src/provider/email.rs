//! Sign-in by e-mail: whoever opens a link that was sent to an address reads mail there.

use std::sync::Arc;

use time::Duration;

use super::Text;
use crate::mailer::Mailer;

/// Signs people in by a link in a mail.
///
/// ```
/// use std::sync::Arc;
/// # use async_trait::async_trait;
/// # use betancourt_auth::mailer::{Mail, MailError, Mailer};
/// use betancourt_auth::provider::EmailProvider;
/// # #[derive(Debug)]
/// # struct Terminal;
/// # #[async_trait]
/// # impl Mailer for Terminal {
/// #     async fn send(&self, _mail: &Mail) -> Result<(), MailError> { Ok(()) }
/// # }
///
/// let email = EmailProvider::new(Arc::new(Terminal));
/// assert_eq!((&*email.id, email.max_age.whole_minutes()), ("email", 10));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EmailProvider {
    /// The id in addresses: `email`.
    pub id: Text,
    /// The name that people read: `Email`.
    pub name: Text,
    /// Who sends the mail.
    pub mailer: Arc<dyn Mailer>,
    /// How long a link lives: 10 minutes.
    pub max_age: Duration,
    /// What happens when somebody, or something, opens the link.
    pub opening: Opening,
}

/// What happens when a link in a mail is opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Opening {
    /// A page with a button: only the button signs in. Mail scanners and previews open links, too, and use nothing up.
    #[default]
    AsksFirst,
    /// It signs in, as in Auth.js. Whatever opens the link first uses it up.
    SignsIn,
}

impl EmailProvider {
    /// Its `type` in Auth.js.
    pub(crate) const KIND: &'static str = "email";

    /// Sign-in by links that `mailer` sends.
    #[must_use]
    pub fn new(mailer: Arc<dyn Mailer>) -> Self {
        Self {
            id: "email".into(),
            name: "Email".into(),
            mailer,
            max_age: Duration::minutes(10),
            opening: Opening::default(),
        }
    }
}
