//! What every page can ask.

use std::time::Instant;

use betancourt_auth::Auth;
use betancourt_auth::Role;
use betancourt_auth_sqlx::SqlStore;

/// The site while it runs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Site {
    /// Who is signed in, and all that goes with it.
    pub auth: Auth,
    /// Where people and sessions are kept.
    pub store: SqlStore,
    /// Where the look-alikes are, if they stand in for the providers.
    pub look_alikes: Option<String>,
    /// When this process began to serve.
    pub started: Instant,
}

impl Site {
    /// Whether people reach it over https.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.auth.config().url.scheme() == "https"
    }
}

/// Who may see `/admin`.
#[derive(Debug)]
pub struct Administrator;

impl Role for Administrator {
    const NAME: &'static str = "ADMIN";
}
