//! What guards hand to a handler: somebody, or somebody or nobody.

use std::sync::Arc;

use super::Visitor;
use crate::model::{Session, User};

/// Somebody who is signed in. The guards `SignedIn` and `Role` of every adapter stand for one and can be used as one, so
/// what takes a `&Somebody` can be called from the handlers of every framework.
///
/// ```
/// use betancourt_auth::Somebody;
///
/// fn greeting(somebody: &Somebody) -> String {
///     format!("Hello {}", somebody.name())
/// }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// # use betancourt_auth::store::{Keeping, MemoryStore, NewSession, Store as _};
/// # use betancourt_auth::{Asked, Auth, Config, SessionDetails, StoredToken, User, UserId, Visitor};
/// # let (store, token) = (MemoryStore::default(), "a-session-token-of-the-usual-length-0123456");
/// # let config = Config::new("http://localhost:3000", "a secret of at least 32 characters!!")?;
/// # let mut user = User::new(UserId::new("ana"));
/// # user.name = Some("Ana Prada".into());
/// # let now = config.clock.now();
/// # let session = NewSession {
/// #     token: StoredToken::hashed(token), keeping: Keeping::Stored, user_id: user.id.clone(),
/// #     expires: now + time::Duration::days(30), details: SessionDetails::new(now, "google"), origin: None,
/// #     replaces: Vec::new(), keep: 10,
/// # };
/// # store.sign_up(&user, None, &session, &[]).await.unwrap();
/// # let visitor = Visitor::new(&Auth::new(config, store)?);
/// # let request = http::Request::get("/dashboard").header("cookie", format!("authjs.session-token={token}"));
/// # let (request, ()) = request.body(()).unwrap().into_parts();
/// # let asked = Asked { method: &request.method, uri: &request.uri, headers: &request.headers };
/// // As a guard does it: see `Visitor`.
/// let somebody = visitor.signed_in(asked).await.unwrap();
/// assert_eq!(greeting(&somebody), "Hello Ana Prada");
/// # Ok::<(), betancourt_auth::SetupError>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Somebody {
    session: Arc<Session>,
    visitor: Visitor,
}

impl Somebody {
    pub(super) fn new(session: Arc<Session>, visitor: Visitor) -> Self {
        Self { session, visitor }
    }

    /// The same, with what the store says of them at this moment.
    pub(super) fn with_user(mut self, user: User) -> Self {
        Arc::make_mut(&mut self.session).user = user;
        self
    }

    /// Who it is.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.session.user
    }

    /// What to call them: the name, else the address, else the id.
    #[must_use]
    pub fn name(&self) -> &str {
        self.session.user.display_name()
    }

    /// The whole session.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Waits until they are not signed in any more: then a WebSocket of theirs is to be closed. See
    /// [`Auth::signed_out`](crate::Auth::signed_out).
    pub async fn signed_out(&self) {
        self.visitor.signed_out().await;
    }
}

/// Somebody or nobody. The guard `MaybeSignedIn` of every adapter can be used as one.
///
/// ```
/// use betancourt_auth::Anybody;
///
/// fn greeting(anybody: &Anybody) -> String {
///     anybody.somebody().map_or("Welcome".into(), |somebody| format!("Welcome back, {}", somebody.name()))
/// }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// # use betancourt_auth::{Asked, Auth, Config, Visitor, store::MemoryStore};
/// # let config = Config::new("http://localhost:3000", "a secret of at least 32 characters!!")?;
/// # let visitor = Visitor::new(&Auth::new(config, MemoryStore::default())?);
/// # let (request, ()) = http::Request::get("/").body(()).unwrap().into_parts();
/// # let asked = Asked { method: &request.method, uri: &request.uri, headers: &request.headers };
/// // As a guard does it: see `Visitor`.
/// let anybody = visitor.maybe_signed_in(asked).await.unwrap();
/// assert_eq!(greeting(&anybody), "Welcome");
/// # Ok::<(), betancourt_auth::SetupError>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Anybody(Option<Somebody>);

impl Anybody {
    pub(super) fn new(somebody: Option<Somebody>) -> Self {
        Self(somebody)
    }

    /// Who it is, if anybody.
    #[must_use]
    pub fn user(&self) -> Option<&User> {
        self.somebody().map(Somebody::user)
    }

    /// The whole session, if there is one.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.somebody().map(Somebody::session)
    }

    /// Somebody, if it is.
    #[must_use]
    pub fn somebody(&self) -> Option<&Somebody> {
        self.0.as_ref()
    }

    /// Somebody, if it is.
    #[must_use]
    pub fn into_somebody(self) -> Option<Somebody> {
        self.0
    }
}
