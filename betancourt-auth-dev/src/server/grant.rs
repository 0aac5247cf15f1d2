//! What an app asked for, and what a person allowed.

use std::sync::Arc;

use url::Url;

use crate::callback::ResponseMode;
use crate::failure::Failure;
use crate::person::Person;

/// An authorization request that passed every check (RFC 6749 §4.1.1, RFC 7636 §4.3).
#[derive(Clone, Debug)]
pub(crate) struct Authorization {
    /// Who may sign in here; the first one stands for whoever fails.
    pub(crate) people: Vec<Arc<Person>>,
    /// Where the answer goes, and no other answer comes from (RFC 6749 §4.1.3).
    pub(crate) redirect_uri: Url,
    pub(crate) response_mode: ResponseMode,
    pub(crate) state: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) code_challenge: Option<String>,
    pub(crate) scope: Vec<String>,
    /// Whether the app asked for a refresh token, in the manner of the face.
    pub(crate) offline: bool,
}

/// What a person allowed the app, bound to one code.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) person: Arc<Person>,
    pub(crate) authorization: Authorization,
    pub(crate) failure: Option<Failure>,
    pub(crate) authenticated_at: i64,
    pub(crate) code: String,
}

impl Authorization {
    pub(crate) fn has_scope(&self, name: &str) -> bool {
        self.scope.iter().any(|scope| scope == name)
    }
}
