//! The one object an application holds.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{ACCEPT, HOST, HeaderMap};
use http::{Method, Response, Uri};
use serde_json::json;

use crate::action::Action;
use crate::answer::{self, Answer, Deed, Manner};
use crate::check::csrf::{self, CsrfToken};
use crate::client;
use crate::config::{Config, Setup, SetupError};
use crate::cookie::Cookies;
use crate::error::{Code, Error, ErrorKind, Landing, Severity};
use crate::flow;
use crate::model::{AuditEvent, AuditKind, Session, UserId};
use crate::page::{Page, Problem, REFERENCE_LENGTH, REFERENCE_LETTERS};
use crate::request::Request;
use crate::session::{self, Visit};
use crate::store::Store;

/// Sign-in for an application. Cheap to clone; hold one.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use betancourt_auth::provider::{Registration, google};
/// use betancourt_auth::store::MemoryStore;
/// use betancourt_auth::{Auth, Config};
///
/// let mut config = Config::new("https://app.example.com", "a secret of at least 32 characters!!")?;
/// config.registrations.push(Registration::new(google(), "client id", "client secret"));
/// let auth = Auth::new(config, MemoryStore::default())?;
///
/// let request = http::Request::get("https://app.example.com/auth/providers").body(bytes::Bytes::new()).unwrap();
/// let response = auth.handle(request).await;
/// assert_eq!(response.status(), 200);
/// # Ok::<(), betancourt_auth::SetupError>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Auth(Arc<Setup>);

/// Why somebody may not see something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// Nobody is signed in.
    SignedOut,
    /// Somebody is, without the role it takes.
    Forbidden,
}

impl Auth {
    /// Checks a configuration and puts it to work.
    ///
    /// # Errors
    /// [`SetupError`]: one sentence that says what is wrong and what to do.
    pub fn new(config: Config, store: impl Store + 'static) -> Result<Self, SetupError> {
        let setup = Setup::check(config, Arc::new(store))?;
        setup.config.registrations.iter().try_for_each(client::check_credential)?;
        Ok(Self(Arc::new(setup)))
    }

    /// The same with what the environment says: see [`Config::from_env`].
    ///
    /// # Errors
    /// [`SetupError`], as [`Auth::new`].
    pub fn from_env(store: impl Store + 'static) -> Result<Self, SetupError> {
        Self::new(Config::from_env()?, store)
    }

    /// What it was set up with.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The store it works on.
    #[must_use]
    pub fn store(&self) -> &dyn Store {
        &*self.0.store
    }

    /// Serves every action below the base path. It cannot fail: what goes wrong becomes an answer.
    ///
    /// An adapter puts a [`Peer`](crate::Peer) into the request's extensions and limits the body.
    pub async fn handle(&self, request: http::Request<Bytes>) -> Response<Bytes> {
        let setup = &*self.0;
        let request = Request::read(request, &setup.config.trusted_proxies);
        let manner = Manner { method: request.method.clone(), json: request.wants_json() };
        let answer = self.act(&request).await.unwrap_or_else(Answer::from);
        let mut response = match answer.deed {
            Deed::Redirect(to) => manner.redirect(&to),
            Deed::Page(page) => page.into_response(),
            Deed::Json(value) => answer::json_response(http::StatusCode::OK, &value),
            Deed::Refusal(error) => self.refuse(&request, &manner, &error),
        };
        response.headers_mut().extend(answer.headers);
        answer::finish(response, answer.cookies)
    }

    async fn act(&self, request: &Request) -> Result<Answer, Error> {
        let setup = &*self.0;
        let action = Action::parse(&request.method, request.uri.path(), &setup.config.base_path)?;
        if !setup.is_our_host(&request.uri, request.header(HOST)) {
            return Err(ErrorKind::UnknownHost.into());
        }
        match action {
            Action::Callback(provider) => flow::oauth::callback(setup, request, provider).await,
            Action::Csrf => flow::session::csrf_token(setup, request),
            Action::ErrorPage => Ok(flow::session::error_page(setup, request)),
            Action::Providers => Ok(flow::session::providers(setup)),
            Action::Session => flow::session::show(setup, request).await,
            Action::SignIn(provider) => flow::oauth::begin(setup, request, provider).await,
            Action::SignInPage => flow::session::sign_in_page(setup, request).await,
            Action::SignOut => flow::session::sign_out(setup, request).await,
            Action::SignOutPage => flow::session::sign_out_page(setup, request).await,
        }
    }

    /// Who is asking? `None`: nobody. Call [`Auth::visit`] instead where the cookie should be renewed, too.
    ///
    /// # Errors
    /// When the store cannot tell: that is never "nobody".
    pub async fn session(&self, headers: &HeaderMap) -> Result<Option<Session>, Error> {
        Ok(self.visit(headers).await?.into_session())
    }

    /// Who is asking, with what the answer must tell the browser. For adapters.
    ///
    /// # Errors
    /// When the store cannot tell: that is never "nobody".
    pub async fn visit(&self, headers: &HeaderMap) -> Result<Visit, Error> {
        session::visit(&self.0, &Cookies::read(headers)).await
    }

    /// A token for the forms of a page of the application's own.
    ///
    /// # Errors
    /// When there is no randomness to draw a token from.
    pub fn csrf_token(&self, headers: &HeaderMap) -> Result<CsrfToken, Error> {
        csrf::token(&self.0, &Cookies::read(headers))
    }

    /// The origins to which the forms of a sign-in page lead, for the `form-action` of its `Content-Security-Policy`:
    /// browsers hold the redirect after a form's post to it.
    #[must_use]
    pub fn provider_origins(&self) -> Vec<String> {
        flow::session::provider_origins(&self.0)
    }

    /// The answer to somebody who may not see something. A page is redirected: to sign in and back, or away. A
    /// script gets `401` or `403` with `{"error": …}`.
    #[must_use]
    pub fn deny(
        &self,
        denial: Denial,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Response<Bytes> {
        let response = if wants_page(method, headers) {
            self.turn_away(denial, method, uri)
        } else {
            denied(denial)
        };
        answer::finish(response, Vec::new())
    }

    /// The answer to anybody when the store cannot tell who they are: `503`.
    #[must_use]
    pub fn unavailable(
        &self,
        method: &Method,
        headers: &HeaderMap,
        error: &Error,
    ) -> Response<Bytes> {
        self.log(error, None, None);
        let home = self.0.config.url.as_str();
        let mut response = if wants_page(method, headers) {
            Page::render(error.status(), &Problem::new(Some(error.code()), None, home))
                .into_response()
        } else {
            answer::json_response(error.status(), &json!({ "error": error.code().as_str() }))
        };
        response
            .headers_mut()
            .insert(http::header::RETRY_AFTER, http::HeaderValue::from_static("60"));
        answer::finish(response, Vec::new())
    }

    /// Gives somebody a role; their sessions have it at once. `false`: there is no such user.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn set_role(&self, user: &UserId, role: &str) -> Result<bool, Error> {
        let event = AuditEvent::new(self.0.now(), AuditKind::RoleChanged).about(user);
        let changed = self.0.store.set_role(user, role, &[event]).await.map_err(store_failed)?;
        if let Some(user) = self.0.store.user(user).await.map_err(store_failed)?.filter(|_| changed)
        {
            self.0.config.events.update_user(&user).await;
        }
        Ok(changed)
    }

    /// Signs somebody out everywhere and says how many sessions that ended.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sign_out_everywhere(&self, user: &UserId) -> Result<u64, Error> {
        let event = AuditEvent::new(self.0.now(), AuditKind::SessionsEnded).about(user);
        self.0.store.end_sessions(user, &[event]).await.map_err(store_failed)
    }

    /// Deletes somebody with everything that hangs on them. `false`: there is no such user.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn delete_user(&self, user: &UserId) -> Result<bool, Error> {
        let event = AuditEvent::new(self.0.now(), AuditKind::UserDeleted).about(user);
        self.0.store.delete_user(user, &[event]).await.map_err(store_failed)
    }

    fn turn_away(&self, denial: Denial, method: &Method, uri: &Uri) -> Response<Bytes> {
        let config = &self.0.config;
        let manner = Manner { method: method.clone(), json: false };
        match denial {
            Denial::SignedOut => {
                let wanted = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
                let sign_in = config
                    .pages
                    .sign_in
                    .clone()
                    .unwrap_or_else(|| format!("{}/signin", config.base_path));
                manner.redirect(&flow::session::with_query(&sign_in, &[("callbackUrl", wanted)]))
            }
            Denial::Forbidden => match &config.pages.forbidden {
                Some(own) => manner.redirect(own),
                None => {
                    let problem = Problem::new(Some(Code::AccessDenied), None, config.url.as_str());
                    Page::render(http::StatusCode::FORBIDDEN, &problem).into_response()
                }
            },
        }
    }

    /// Turns an error into an answer: the only place that does.
    fn refuse(&self, request: &Request, manner: &Manner, error: &Error) -> Response<Bytes> {
        let reference = self.reference();
        self.log(error, Some(request), Some(&reference));
        let (setup, code) = (&*self.0, error.code());
        let page = match code.landing() {
            Landing::SignIn => {
                setup.config.pages.sign_in.clone().unwrap_or_else(|| built_in(setup, "/signin"))
            }
            Landing::Error | Landing::Here => {
                setup.config.pages.error.clone().unwrap_or_else(|| built_in(setup, "/error"))
            }
        };
        let error_url =
            flow::session::with_query(&page, &[("error", code.as_str()), ("ref", &reference)]);
        let error_url = format!("{}{error_url}", setup.origin());
        let problem = Problem::new(Some(code), Some(&reference), setup.config.url.as_str());
        manner.refusal(code, &error_url, Page::render(code.status(), &problem))
    }

    /// What a person can quote and an operator can search for. Without randomness it is the same for all.
    fn reference(&self) -> String {
        let mut bytes = [0; REFERENCE_LENGTH];
        let _ = self.0.config.random.fill(&mut bytes);
        let letter = |byte: u8| REFERENCE_LETTERS.get(usize::from(byte) % REFERENCE_LETTERS.len());
        bytes.into_iter().filter_map(letter).map(|letter| char::from(*letter)).collect()
    }

    /// One event per refusal: the precise reason, never a token, a code, a cookie or an address.
    fn log(&self, error: &Error, request: Option<&Request>, reference: Option<&str>) {
        let network = request.and_then(Request::network);
        let path = request.map(|request| request.uri.path());
        let provider = path.and_then(|path| {
            self.0.config.registrations.iter().find(|known| path.ends_with(&*known.provider.id))
        });
        let provider = provider.map(|known| &*known.provider.id);
        let attempt =
            request.and_then(|request| request.parameter("state")).map(crate::secret::sha256_hex);
        let attempt = attempt.as_deref().and_then(|hash| hash.get(..12));
        let cause = std::error::Error::source(error).map(ToString::to_string);
        let (reason, code) = (error.reason(), error.code().as_str());
        match error.severity() {
            Severity::Info => tracing::info!(
                reason, code, provider, attempt, network, reference, cause, "refused"
            ),
            Severity::Warn => tracing::warn!(
                reason, code, provider, attempt, network, reference, cause, "refused"
            ),
            Severity::Error => tracing::error!(
                reason, code, provider, attempt, network, reference, cause, "refused"
            ),
        }
    }
}

fn built_in(setup: &Setup, action: &str) -> String {
    format!("{}{action}", setup.config.base_path)
}

/// Whether the browser is about to show the answer as a page. It says so by `Sec-Fetch-Mode`, older ones by `Accept`.
fn wants_page(method: &Method, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let navigates = text("sec-fetch-mode").is_none_or(|mode| mode == "navigate");
    let reads_html = text(ACCEPT.as_str()).is_some_and(|accept| accept.contains("text/html"));
    navigates
        && reads_html
        && (*method == Method::GET || *method == Method::HEAD || *method == Method::POST)
}

fn denied(denial: Denial) -> Response<Bytes> {
    match denial {
        Denial::SignedOut => answer::json_response(
            http::StatusCode::UNAUTHORIZED,
            &json!({ "error": "Unauthorized" }),
        ),
        Denial::Forbidden => {
            answer::json_response(http::StatusCode::FORBIDDEN, &json!({ "error": "AccessDenied" }))
        }
    }
}

fn store_failed(source: crate::store::StoreError) -> Error {
    Error::because(ErrorKind::Store, source)
}
