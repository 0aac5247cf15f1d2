//! Who is behind one request, as far as anybody has asked: what the guards of every adapter stand on.

use bytes::Bytes;
use http::header::{HeaderMap, UPGRADE};
use http::{Method, Response, Uri};
use tokio::sync::OnceCell;

use crate::auth::Auth;
use crate::error::{Error, ErrorKind};
use crate::model::Session;
use crate::refusal::Denial;
use crate::role::Role;
use crate::session::Visit;

/// Who is behind one request, as far as anybody has asked. For adapters: they make one for each request, ask it in
/// their guards, and have it [applied](Visitor::apply) to the answer. However often it is asked, it looks once.
///
/// What is not a session is the answer to send instead: a redirect or `401`, `403`, or `503` when the store cannot
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
/// assert!(visitor.session(asked).await.unwrap().is_none());
/// let instead = visitor.signed_in(asked).await.unwrap_err();
/// assert_eq!(instead.headers()["location"], "/auth/signin?callbackUrl=%2Fdashboard");
/// # Ok::<(), betancourt_auth::SetupError>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct Visitor {
    auth: Auth,
    visit: OnceCell<Visit>,
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
        Self { auth: auth.clone(), visit: OnceCell::new() }
    }

    /// The library that knows them.
    #[must_use]
    pub fn auth(&self) -> &Auth {
        &self.auth
    }

    /// The session of whoever it is, or nobody's.
    ///
    /// # Errors
    /// The answer to send instead: `503` when the store cannot tell, `403` for another site's upgrade.
    pub async fn session(&self, asked: Asked<'_>) -> Result<Option<Session>, Instead> {
        let visit = self.visit(asked).await.map_err(|error| self.stopped(asked, &error))?;
        Ok(visit.session().cloned())
    }

    /// The session of somebody.
    ///
    /// # Errors
    /// The answer to send instead: as [`Visitor::session`], and to nobody a redirect to sign in, or `401`.
    pub async fn signed_in(&self, asked: Asked<'_>) -> Result<Session, Instead> {
        self.session(asked).await?.ok_or_else(|| self.denied(asked, Denial::SignedOut))
    }

    /// The session of somebody who has a role in the store at this moment.
    ///
    /// # Errors
    /// The answer to send instead: as [`Visitor::signed_in`], and to others `403`.
    pub async fn with_role<R: Role>(&self, asked: Asked<'_>) -> Result<Session, Instead> {
        let stopped = |error| self.stopped(asked, &error);
        let mut session = self.signed_in(asked).await?;
        let visit = self.visit(asked).await.map_err(stopped)?;
        let user = self.auth.current_user(visit).await.map_err(stopped)?;
        session.user = user.ok_or_else(|| self.denied(asked, Denial::SignedOut))?;
        if session.user.role == R::NAME {
            Ok(session)
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
