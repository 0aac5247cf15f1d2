//! Who is behind one request, as far as anybody has asked: what the guards of every adapter stand on.

mod somebody;

use std::sync::Arc;

use bytes::Bytes;
use http::header::{HeaderMap, UPGRADE};
use http::{Method, Response, Uri};
use tokio::sync::OnceCell;

use crate::auth::Auth;
use crate::error::{Error, ErrorKind};
use crate::refusal::Denial;
use crate::role::Role;
use crate::session::Visit;

pub use somebody::{Anybody, Somebody};

/// Who is behind one request, as far as anybody has asked. For adapters: they make one for each request, ask it in
/// their guards, and have it [applied](Visitor::apply) to the answer. However often it is asked, it looks once. A clone is
/// the same visitor.
///
/// Whoever does not get in is told by the answer to send instead: a redirect or `401`, `403`, or `503` when the store cannot
/// tell. A WebSocket, or any other upgrade, that another site's page asks for is refused by every question: browsers
/// send cookies along with it, and no `SameSite` or CORS rule stops them (RFC 6455 §10.2).
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use betancourt_auth::store::MemoryStore;
/// use betancourt_auth::{Auth, Asked, Config, Visitor};
///
/// let config = Config::new("http://localhost:3000", "a secret of at least 32 characters!!")?;
/// let auth = Auth::new(config, MemoryStore::default())?;
/// let (request, _) = http::Request::get("/dashboard").header("accept", "text/html").body(()).unwrap().into_parts();
/// let asked = Asked { method: &request.method, uri: &request.uri, headers: &request.headers };
///
/// let visitor = Visitor::new(&auth);
/// assert!(visitor.maybe_signed_in(asked).await.unwrap().user().is_none());
/// let instead = visitor.signed_in(asked).await.unwrap_err();
/// assert_eq!(instead.headers()["location"], "/auth/signin?callbackUrl=%2Fdashboard");
/// # Ok::<(), betancourt_auth::SetupError>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Visitor {
    auth: Auth,
    visit: Arc<OnceCell<Visit>>,
}

/// What somebody asks for, as a guard has it before it.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// By which method.
    pub method: &'a Method,
    /// The address that the browser asked for: see [`Auth::asked_for`].
    pub uri: &'a Uri,
    /// With which headers.
    pub headers: &'a HeaderMap,
}

/// The answer to somebody who does not get in. Boxed, because it is far larger than what is there for who does.
pub type Instead = Box<Response<Bytes>>;

impl Visitor {
    /// Somebody of whom nothing is known yet.
    #[must_use]
    pub fn new(auth: &Auth) -> Self {
        Self { auth: auth.clone(), visit: Arc::default() }
    }

    /// The library that knows them.
    #[must_use]
    pub fn auth(&self) -> &Auth {
        &self.auth
    }

    /// Whoever it is: somebody or nobody.
    ///
    /// # Errors
    /// The answer to send instead: `503` when the store cannot tell, `403` for another site's upgrade.
    pub async fn maybe_signed_in(&self, asked: Asked<'_>) -> Result<Anybody, Instead> {
        let visit = self.visit(asked).await.map_err(|error| self.stopped(asked, &error))?;
        let somebody = |session| Somebody::new(session, self.clone());
        Ok(Anybody::new(visit.shared_session().map(somebody)))
    }

    /// Somebody who is signed in.
    ///
    /// # Errors
    /// The answer to send instead: as [`Visitor::maybe_signed_in`], and to nobody a redirect to sign in, or `401`.
    pub async fn signed_in(&self, asked: Asked<'_>) -> Result<Somebody, Instead> {
        let anybody = self.maybe_signed_in(asked).await?;
        anybody.into_somebody().ok_or_else(|| self.denied(asked, Denial::SignedOut))
    }

    /// Somebody who has a role in the store at this moment.
    ///
    /// # Errors
    /// The answer to send instead: as [`Visitor::signed_in`], and to others `403`.
    pub async fn with_role<R: Role>(&self, asked: Asked<'_>) -> Result<Somebody, Instead> {
        let stopped = |error| self.stopped(asked, &error);
        let somebody = self.signed_in(asked).await?;
        let visit = self.visit(asked).await.map_err(stopped)?;
        let user = self.auth.current_user(visit).await.map_err(stopped)?;
        let somebody = user.map(|user| somebody.with_user(user));
        let somebody = somebody.ok_or_else(|| self.denied(asked, Denial::SignedOut))?;
        if somebody.user().role == R::NAME {
            Ok(somebody)
        } else {
            Err(self.denied(asked, Denial::Forbidden))
        }
    }

    /// Puts on an answer what follows from what was asked: see [`Visit::apply`]. If nobody asked, nothing.
    pub fn apply(&self, headers: &mut HeaderMap) {
        if let Some(visit) = self.visit.get() {
            visit.apply(headers);
        }
    }

    /// Waits until whoever it was is not signed in any more: see [`Auth::signed_out`]. Of whom nobody asked, it knows
    /// nothing, and does not wait.
    pub async fn signed_out(&self) {
        if let Some(visit) = self.visit.get() {
            self.auth.signed_out(visit).await;
        }
    }

    async fn visit(&self, asked: Asked<'_>) -> Result<&Visit, Error> {
        let is_upgrade = asked.headers.contains_key(UPGRADE) || asked.method == Method::CONNECT;
        if is_upgrade && !self.auth.is_from_our_origin(asked.headers) {
            return Err(ErrorKind::ForeignUpgrade.into());
        }
        self.visit.get_or_try_init(|| self.auth.visit(asked.headers)).await
    }

    fn denied(&self, asked: Asked<'_>, denial: Denial) -> Instead {
        Box::new(self.auth.deny(denial, asked.method, asked.uri, asked.headers))
    }

    fn stopped(&self, asked: Asked<'_>, error: &Error) -> Instead {
        Box::new(self.auth.unavailable(asked.method, asked.headers, error))
    }
}
