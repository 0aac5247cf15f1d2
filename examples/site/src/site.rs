//! What every page can ask.

use std::time::Instant;

use betancourt_auth::{Auth, Role, Session};
use betancourt_auth_sqlx::SqlStore;
use http::HeaderValue;
use time::OffsetDateTime;
use tokio_util::task::TaskTracker;
use url::Url;

/// The site while it runs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Site {
    /// Who is signed in, and all that goes with it.
    pub auth: Auth,
    /// Where people and sessions are kept.
    pub store: SqlStore,
    /// Whether look-alikes stand in for the providers.
    pub look_alikes: bool,
    /// Where mail can be read that is not sent, if it is not.
    pub mailbox: Option<Url>,
    /// The studio's own address, to which messages go.
    pub contact: String,
    /// Whose pages may read the API with a person's cookies, besides ours.
    pub other_origins: Vec<HeaderValue>,
    /// Mail that is on its way to people who signed in on a new device.
    pub letters: TaskTracker,
    /// Whether sessions stand in the database, where they can be counted.
    pub counts_sessions: bool,
    /// When this process began to serve.
    pub started: Instant,
}

impl Site {
    /// Whether people reach it over https.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.auth.config().url.scheme() == "https"
    }

    /// The origin that people see, such as `https://studio.example.com`.
    #[must_use]
    pub fn origin(&self) -> String {
        self.auth.config().url.origin().ascii_serialization()
    }

    /// Whether somebody proved a moment ago who they are, so that they may do what is dangerous.
    #[must_use]
    pub fn is_fresh(&self, session: &Session) -> bool {
        session.is_fresh(self.now(), self.auth.config().session.fresh_for)
    }

    /// The present, by the clock of sign-in.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.auth.config().clock.now()
    }
}

/// Who may see `/admin`.
#[derive(Debug)]
pub struct Administrator;

impl Role for Administrator {
    const NAME: &'static str = "ADMIN";
}
