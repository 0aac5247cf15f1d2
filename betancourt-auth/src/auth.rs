//! The one object an application holds.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use http::header::HeaderMap;
use http::{Method, Response, StatusCode, Uri};
use time::OffsetDateTime;
use tracing::Instrument as _;

use crate::access::{self, AccessToken};
use crate::action::{Action, Me};
use crate::administration::{self, Administration};
use crate::answer::{self, Answer, Deed, Manner};
use crate::check::csrf::{self, CsrfToken};
use crate::client;
use crate::config::{Config, Setup, SetupError};
use crate::cookie::Cookies;
use crate::error::{Error, ErrorKind};
use crate::event::{DeletionRequest, Ending};
use crate::flow;
use crate::model::{AccountKey, AuditEvent, AuditKind, Session, User, UserId};
use crate::own::{self, OwnAccount, OwnSession, Owner, ProfilePart};
use crate::panics::caught;
use crate::provider::Registration;
use crate::refusal::{self, Denial};
use crate::request::{Peer, Request};
use crate::role::Role;
use crate::secret::Secret;
use crate::session::{self, Visit};
use crate::store::{AuditEntry, Meant, OriginKey, Store, Suspension};
use crate::sweep::{self, Swept};

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
    /// [`SetupError`], as [`Auth::new`], and where no provider is configured.
    pub fn from_env(store: impl Store + 'static) -> Result<Self, SetupError> {
        let config = Config::from_env()?;
        if config.registrations.is_empty() && config.email.is_empty() {
            return Err(SetupError::NoProvider);
        }
        Self::new(config, store)
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

    /// Serves every action below the base path. It cannot fail: what goes wrong becomes an answer, and so does a panic of a
    /// hook or a store.
    ///
    /// An adapter puts a [`Peer`](crate::Peer) into the request's extensions, reads no more of a body than
    /// [`LARGEST_BODY`](crate::LARGEST_BODY), and where it is longer or breaks off, answers with [`Auth::unread`].
    pub async fn handle(&self, request: http::Request<Bytes>) -> Response<Bytes> {
        let setup = &*self.0;
        let request = Request::read(request, &setup.config.trusted_proxies);
        if let Some(excess) = request.excess {
            return refusal::unread(setup, Some(&request), &excess.into());
        }
        let manner = Manner::of_action(&request);
        let answer = caught(Box::pin(self.act(&request))).await.unwrap_or_else(Answer::from);
        let mut response = match answer.deed {
            Deed::Redirect(to) => manner.redirect(&to),
            Deed::Page(page) => page.into_response(),
            Deed::Json(value) => answer::json_response(StatusCode::OK, &value),
            Deed::Refusal(error) => refusal::refuse(setup, &request, &manner, &error),
            Deed::Failure(error) => refusal::fail(setup, &request, &error),
            Deed::Accepted => answer::accepted(),
            Deed::EventRefused(error) => refusal::refuse_event(setup, &request, &error),
            Deed::NoSession(error) => refusal::refuse_session(setup, &request, &error),
        };
        response.headers_mut().extend(answer.headers);
        answer::finish(setup, response, answer.cookies)
    }

    async fn act(&self, request: &Request) -> Result<Answer, Error> {
        let setup = &*self.0;
        let parse = |base_path| Action::parse(&request.method, request.uri.path(), base_path);
        let action = parse(&setup.config.base_path).or_else(|_| parse(self.mount_path()))?;
        if !request.host.as_deref().is_some_and(|host| setup.is_our_host(host)) {
            return Err(ErrorKind::UnknownHost.into());
        }
        // Nothing of the path itself: whoever asks could write anything into it.
        let span = tracing::info_span!("auth", action = action.name(), network = request.network());
        self.perform(action, request).instrument(span).await
    }

    async fn perform(&self, action: Action<'_>, request: &Request) -> Result<Answer, Error> {
        let setup = &self.0;
        match action {
            Action::BackChannelLogout(id) => {
                Ok(flow::logout::back_channel(setup, request, id).await)
            }
            Action::Callback(id) => flow::callback(setup, request, id).await,
            Action::Csrf => flow::session::csrf_token(setup, request).await,
            Action::DeletionPage(code) => flow::inbox::show_deletion(setup, request, code).await,
            Action::ErrorPage => flow::session::error_page(setup, request).await,
            Action::FrontChannelLogout(id) => flow::logout::front_channel(setup, request, id).await,
            Action::Initiate => flow::initiate::initiate(setup, request).await,
            Action::Inbox(id, door) => flow::inbox::receive(setup, request, id, door).await,
            Action::Log => Ok(flow::session::log()),
            Action::Me(me) => {
                Ok(self.look_after(me, request).await.unwrap_or_else(Answer::failure))
            }
            Action::Providers => Ok(flow::session::providers(setup)),
            Action::Session => flow::session::show(setup, request).await,
            Action::SignIn(id) => flow::begin(setup, request, Some(id)).await,
            Action::SignInAnyhow => flow::begin(setup, request, None).await,
            Action::SignInPage => flow::session::sign_in_page(setup, request).await,
            Action::SignOut => flow::sign_out::sign_out(setup, request).await,
            Action::SignOutPage => flow::sign_out::sign_out_page(setup, request).await,
            Action::SignedOut => flow::sign_out::signed_out(setup, request).await,
            Action::Update => Ok(flow::session::update(setup, request).await),
            Action::VerifyRequest => flow::email::wait(setup, request).await,
        }
    }

    async fn look_after(&self, me: Me, request: &Request) -> Result<Answer, Error> {
        let setup = &self.0;
        match me {
            Me::Accounts => flow::me::show_accounts(setup, request).await,
            Me::Unlink => flow::me::unlink(setup, request).await,
            Me::Sessions => flow::me::show_sessions(setup, request).await,
            Me::Revoke => flow::me::revoke(setup, request).await,
            Me::RevokeOthers => flow::me::revoke_others(setup, request).await,
        }
    }

    /// Who is asking? `None`: nobody. Call [`Auth::visit`] instead where the cookie should be renewed, too.
    ///
    /// A [sealed](crate::Strategy::Jwt) session may come as `Authorization: Bearer` instead of a cookie, as `getToken`
    /// of Auth.js takes it. It is not renewed then, and the actions below the base path know nobody by it.
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
        caught(session::visit_anyhow(&self.0, headers)).await
    }

    /// The user behind a visit as the store has them at this moment, for what must not rest on a moment ago: a role, or
    /// anything sensitive. With [`Strategy::Database`](crate::Strategy::Database) the visit has just read them, unless it rests
    /// on the cache or on a copy of the store; then, and with [`Strategy::Jwt`](crate::Strategy::Jwt), the store is asked.
    /// `None`: nobody, or not any more.
    ///
    /// # Errors
    /// When the store cannot tell: that is never "nobody".
    pub async fn current_user(&self, visit: &Visit) -> Result<Option<User>, Error> {
        caught(session::current_user(&self.0, visit)).await
    }

    /// The answer of an action whose body was not read to its end, for adapters: `413` for
    /// [`ErrorKind::BodyTooLong`], `400` for [`ErrorKind::BodyBroken`].
    #[must_use]
    pub fn unread(&self, why: ErrorKind) -> Response<Bytes> {
        refusal::unread(&self.0, None, &why.into())
    }

    /// Below which path an adapter serves the actions: the base path, without what a proxy has
    /// [stripped](Config::stripped_prefix).
    #[must_use]
    pub fn mount_path(&self) -> &str {
        let Config { base_path, stripped_prefix, .. } = &self.0.config;
        base_path.strip_prefix(stripped_prefix.as_str()).unwrap_or(base_path)
    }

    /// The address that a browser asked for, whatever of it a proxy has [stripped](Config::stripped_prefix).
    #[must_use]
    pub fn asked_for<'a>(&self, uri: &'a Uri) -> Cow<'a, Uri> {
        let prefix = &self.0.config.stripped_prefix;
        if prefix.is_empty() {
            return Cow::Borrowed(uri);
        }
        let path = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        format!("{prefix}{path}").parse().map_or(Cow::Borrowed(uri), Cow::Owned)
    }

    /// Whether a browser sent a request from a page of ours, as it says by `Origin` or `Sec-Fetch-Site`; a caller that
    /// says neither is no browser. An application can hold its own posts to it. For upgrades to a WebSocket, which
    /// browsers let every page ask for, the guards of the adapters do.
    #[must_use]
    pub fn is_from_our_origin(&self, headers: &HeaderMap) -> bool {
        csrf::is_from_our_origin(&self.0, headers)
    }

    /// Whether a request names the configured origin's host. The actions below the base path answer to no other one;
    /// an application can hold its own pages to the same rule.
    #[must_use]
    pub fn is_addressed(&self, uri: &Uri, headers: &HeaderMap, peer: Option<Peer>) -> bool {
        let host = self.0.config.trusted_proxies.host(peer, uri, headers);
        host.is_some_and(|host| self.0.is_our_host(&host))
    }

    /// A token for the forms of a page of the application's own.
    ///
    /// # Errors
    /// When there is no randomness to draw a token from.
    pub fn csrf_token(&self, headers: &HeaderMap) -> Result<CsrfToken, Error> {
        csrf::token(&self.0, &Cookies::read(headers))
    }

    /// Whether a form of the application's own was sent from a page of its own: it carries the value of
    /// [`Auth::csrf_token`], its browser has the cookie of that token, and no other origin sent it.
    ///
    /// ```
    /// # use betancourt_auth::{Auth, Config, store::MemoryStore};
    /// # use http::header::{COOKIE, HeaderMap};
    /// # let config = Config::new("https://app.example.com", "a secret of at least 32 characters!!")?;
    /// # let auth = Auth::new(config, MemoryStore::default())?;
    /// let token = auth.csrf_token(&HeaderMap::new())?;
    /// let set_cookie = token.set_cookie().expect("the browser has none yet").to_str()?;
    /// let mut headers = HeaderMap::new();
    /// headers.insert(COOKIE, set_cookie.split(';').next().unwrap_or_default().parse()?);
    ///
    /// assert!(auth.is_our_form(&headers, token.value()));
    /// assert!(!auth.is_our_form(&headers, "another token"));
    /// assert!(!auth.is_our_form(&HeaderMap::new(), token.value()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn is_our_form(&self, headers: &HeaderMap, token: &str) -> bool {
        csrf::is_ours(&self.0, &Cookies::read(headers), headers, token)
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
        refusal::deny(&self.0, denial, uri, &Manner::of(method, headers))
    }

    /// The answer to anybody when the store cannot tell who they are: `503`; or when something else than that keeps us
    /// from saying who it is, the status of that.
    #[must_use]
    pub fn unavailable(
        &self,
        method: &Method,
        headers: &HeaderMap,
        error: &Error,
    ) -> Response<Bytes> {
        refusal::unavailable(&self.0, &Manner::of(method, headers), error)
    }

    /// Waits until the session of a visit has ended: signed out, revoked, expired, or its user deleted. For what stays
    /// open longer than a request, such as a WebSocket, which is to be closed then.
    ///
    /// What this process ends is heard of at once, what others end within
    /// [`recheck_after`](crate::SessionRules::recheck_after). When the store cannot tell, the wait is over as well: the
    /// client connects anew, and is let in again as soon as it can.
    pub async fn signed_out(&self, visit: &Visit) {
        session::over(&self.0, visit).await;
    }

    /// Gives somebody a role; their sessions have it at once, where they are sealed within
    /// [`recheck_after`](crate::SessionRules::recheck_after). `false`: there is no such user.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn set_role(&self, user: &UserId, role: &str) -> Result<bool, Error> {
        let event = AuditEvent::new(self.0.now(), AuditKind::RoleChanged).about(user);
        administration::set_role(&self.0, user, role, None, event).await
    }

    /// What opens a provider's API in a user's name: the access token of their account there. One that ends within a
    /// minute is refreshed first, if the provider gave a refresh token (RFC 6749 §6): once, however many ask for it at the
    /// same time, in however many processes that share the store.
    ///
    /// ```no_run
    /// # async fn example(auth: betancourt_auth::Auth, user: betancourt_auth::UserId) -> Result<(), betancourt_auth::Error> {
    /// let access = auth.access_token(&user, "google").await?;
    /// let authorization = format!("Bearer {}", access.token.expose());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::UnknownProvider`]; [`ErrorKind::UnknownAccount`], if they have none there;
    /// [`ErrorKind::NoAccessToken`], [`ErrorKind::RefreshRevoked`] and [`ErrorKind::IdentityChanged`], if they have to
    /// sign in with the provider again; [`ErrorKind::ProviderUnreachable`] and others of its group;
    /// [`ErrorKind::Store`].
    pub async fn access_token(&self, user: &UserId, provider: &str) -> Result<AccessToken, Error> {
        access::access_token(&self.0, user, provider).await
    }

    /// Tries out what a stranger entered, before it is kept: reads the provider's documents and keys as a sign-in would, by
    /// the rules for what a [`Registrar`](crate::provider::Registrar) finds. Needs one to be configured.
    ///
    /// # Errors
    /// [`ErrorKind::ProviderInside`] when it leads to an address that is not public; [`ErrorKind::ProviderTls`],
    /// [`ErrorKind::ProviderUnreachable`], [`ErrorKind::DiscoveryMismatch`]; [`ErrorKind::UnknownProvider`] when it breaks
    /// the rules in itself.
    pub async fn probe(&self, registration: &Registration) -> Result<(), Error> {
        client::probe(&self.0, registration).await
    }

    /// Whether a provider of the configuration answers at this moment, for a page that shows it, or a probe. Where it publishes
    /// keys, they are read anew, at most once a minute.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownProvider`]; [`ErrorKind::ProviderUnreachable`] and others of its group, when nobody can sign in with
    /// it.
    pub async fn reach(&self, provider: &str) -> Result<(), Error> {
        let mut registered = self.0.config.registrations.iter();
        let found = registered.find(|known| *known.provider.id == *provider);
        client::reach(&self.0, found.ok_or(ErrorKind::UnknownProvider)?).await
    }

    /// A proof that we hold the key which an access token is bound to ([`AccessToken::needs_proof`]), for the header `DPoP`
    /// of one request (RFC 9449 §7). `nonce` is the `DPoP-Nonce` that the API answered with last, if it wants one.
    ///
    /// # Errors
    /// [`ErrorKind::NoAccessToken`] when the registration has no key; [`ErrorKind::ProviderMalformed`] when `address` is
    /// none; [`ErrorKind::UnknownProvider`], [`ErrorKind::Randomness`].
    pub async fn dpop_proof(
        &self,
        token: &AccessToken,
        method: &Method,
        address: &str,
        nonce: Option<&str>,
    ) -> Result<Secret, Error> {
        let target = client::Target { method, address, access_token: None, nonce };
        access::proof(&self.0, token, target).await
    }

    /// The accounts that a user signs in with, oldest first, and whether each of them can go. `GET me/accounts` is the
    /// same for scripts.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn accounts(&self, user: &User) -> Result<Vec<OwnAccount>, Error> {
        own::accounts::list(&self.0, user).await
    }

    /// Unties an account from whoever is signed in, by its [`OwnAccount::id`]. `POST me/accounts/unlink` is the same for
    /// scripts. Where the provider takes tokens back (RFC 7009), it is given them, without anybody waiting for it.
    ///
    /// # Errors
    /// [`ErrorKind::SignedOut`]; [`ErrorKind::ReauthRequired`], unless they signed in within
    /// [`fresh_for`](crate::SessionRules::fresh_for); [`ErrorKind::UnknownAccount`], also for that of somebody else;
    /// [`ErrorKind::LastWayIn`], if they could not sign in any more; [`ErrorKind::Store`].
    pub async fn unlink(&self, visit: &Visit, account: &str) -> Result<(), Error> {
        let owner = Owner::of(&self.0, visit, None).await?;
        own::accounts::unlink(&self.0, &owner, account).await
    }

    /// Takes over what the provider of an account calls whoever is signed in, or its picture of them, by the account's
    /// [`OwnAccount::id`]. What it tells is that of the latest sign-in with it: [`OwnAccount::name`], [`OwnAccount::image`].
    ///
    /// # Errors
    /// [`ErrorKind::SignedOut`]; [`ErrorKind::UnknownAccount`], also for that of somebody else, and for one whose provider
    /// tells no such thing; [`ErrorKind::Store`].
    pub async fn take_over(
        &self,
        visit: &Visit,
        account: &str,
        part: ProfilePart,
    ) -> Result<(), Error> {
        let owner = Owner::of(&self.0, visit, None).await?;
        own::profile::take_over(&self.0, &owner, account, part).await
    }

    /// Where whoever is signed in is signed in: this session first, then the latest used. `GET me/sessions` is the same
    /// for scripts.
    ///
    /// # Errors
    /// [`ErrorKind::SignedOut`], [`ErrorKind::Store`].
    pub async fn sessions(&self, visit: &Visit) -> Result<Vec<OwnSession>, Error> {
        own::sessions::list(&self.0, &Owner::of(&self.0, visit, None).await?).await
    }

    /// Ends a session of whoever is signed in, by its [`OwnSession::id`]. If it is the one they came with, they have signed
    /// out. `POST me/sessions/revoke` is the same for scripts.
    ///
    /// # Errors
    /// [`ErrorKind::SignedOut`]; [`ErrorKind::UnknownSession`], also for that of somebody else; [`ErrorKind::Store`].
    pub async fn revoke_session(&self, visit: &Visit, session: &str) -> Result<(), Error> {
        let owner = Owner::of(&self.0, visit, None).await?;
        own::sessions::revoke(&self.0, &owner, session).await.map(drop)
    }

    /// Ends all sessions of whoever is signed in but the one they came with, and says how many. Sealed ones are those that
    /// [`Auth::sessions`] lists: one that Auth.js sealed is ended by [`Auth::sign_out_everywhere`] alone.
    /// `POST me/sessions/revoke-others` is the same for scripts.
    ///
    /// # Errors
    /// [`ErrorKind::SignedOut`], [`ErrorKind::Store`].
    pub async fn revoke_other_sessions(&self, visit: &Visit) -> Result<u64, Error> {
        let owner = Owner::of(&self.0, visit, None).await?;
        own::sessions::revoke_others(&self.0, &owner).await
    }

    /// What happened to somebody since a moment, newest first, and no more of it than `limit`: sign-ins, also those that
    /// were refused, accounts that came and went, sessions that were ended. With `before`, the
    /// [number](crate::store::AuditKey::number) of the last one of a page, the next page.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn history(
        &self,
        user: &UserId,
        since: OffsetDateTime,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, Error> {
        self.0.store.history(user, since, before, limit).await.map_err(Error::from)
    }

    /// Writes down that whoever is signed in wants to be deleted. Until [`deletion_grace`](Config::deletion_grace) has
    /// passed they may [change their mind](Auth::withdraw_deletion); then it is among
    /// [`Auth::deletion_requests`]. How it stands is said at `deletion/<code>`, also when they are gone.
    ///
    /// Who has asked before is given that request.
    ///
    /// # Errors
    /// [`ErrorKind::SignedOut`]; [`ErrorKind::ReauthRequired`], unless they signed in within
    /// [`fresh_for`](crate::SessionRules::fresh_for); [`ErrorKind::LastAdministrator`], if they alone have the role that
    /// somebody [must have](Config::never_without); [`ErrorKind::Randomness`], [`ErrorKind::Store`].
    pub async fn request_deletion(&self, visit: &Visit) -> Result<DeletionRequest, Error> {
        own::deletion::request(&self.0, &Owner::of(&self.0, visit, None).await?).await
    }

    /// The open request that somebody made to be deleted.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn deletion_of(&self, user: &UserId) -> Result<Option<DeletionRequest>, Error> {
        self.0.store.deletion_of(user).await.map_err(Error::from)
    }

    /// Takes back what whoever is signed in had asked for by [`Auth::request_deletion`]. `false`: nothing is open.
    ///
    /// # Errors
    /// [`ErrorKind::SignedOut`], [`ErrorKind::Store`].
    pub async fn withdraw_deletion(&self, visit: &Visit) -> Result<bool, Error> {
        own::deletion::withdraw(&self.0, &Owner::of(&self.0, visit, None).await?).await
    }

    /// Signs somebody out everywhere and says how many stored sessions that ended. Sealed sessions end at once in this
    /// process, and within [`recheck_after`](crate::SessionRules::recheck_after) in others; nobody can count them.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sign_out_everywhere(&self, user: &UserId) -> Result<u64, Error> {
        let event = AuditEvent::new(self.0.now(), AuditKind::SessionsEnded).about(user);
        administration::end_sessions(&self.0, user, event).await
    }

    /// Ends the sessions that somebody began with an account, and says how many: what a provider asks for when it says that
    /// the account is not safe. Sealed ones end at once in this process, and within
    /// [`recheck_after`](crate::SessionRules::recheck_after) in others. A session that Auth.js made is not known to have
    /// begun with it, and only [`Auth::sign_out_everywhere`] ends it.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// # use betancourt_auth::{AccountKey, Auth, Config, store::MemoryStore};
    /// # let config = Config::new("https://app.example.com", "a secret of at least 32 characters!!")?;
    /// # let auth = Auth::new(config, MemoryStore::default())?;
    /// let ended = auth.sign_out_account(&AccountKey::new("google", "1042")).await?;
    /// assert_eq!(ended, 0); // nobody has signed in with it
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sign_out_account(&self, account: &AccountKey) -> Result<u64, Error> {
        let mut event = AuditEvent::new(self.0.now(), AuditKind::SessionsEnded);
        event.provider = Some(account.provider.clone());
        let meant = Meant::Subject(OriginKey::of_subject(account));
        session::end_from(&self.0, &meant, event).await
    }

    /// Whose data is to be deleted because a provider told us so, or they themselves and the time to change their mind has
    /// passed; the oldest request first, a hundred at most: those behind the request `after`, or the first ones. The law
    /// gives each of them a date, so an application asks now and then, deletes what it has, and says so by
    /// [`Auth::finish_deletion`].
    ///
    /// # Errors
    /// When the store fails.
    pub async fn deletion_requests(
        &self,
        after: Option<&DeletionRequest>,
    ) -> Result<Vec<DeletionRequest>, Error> {
        own::deletion::due(&self.0, after).await
    }

    /// Ends a request to delete, by its [code](DeletionRequest::code), once the application has deleted what is its own:
    /// the user goes with everything that hangs on them, or stays without the accounts at that provider. The page that the
    /// person was given says then that it is done. `false`: it was done before, or there is no such request. Where the
    /// provider takes tokens back (RFC 7009), it is given those of the accounts that went, without anybody waiting for it.
    ///
    /// # Errors
    /// [`ErrorKind::LastAdministrator`], if the user alone has the role that somebody [must have](Config::never_without):
    /// the request stays open. When the store fails.
    pub async fn finish_deletion(&self, code: &str, ending: Ending) -> Result<bool, Error> {
        flow::inbox::finish_deletion(&self.0, code, ending).await
    }

    /// Waits until all mail that was asked for is out, and tokens of accounts that went are handed back. Answers do not wait
    /// for it, so that they tell nobody whom it goes to; a program that ends should.
    pub async fn settle(&self) {
        self.0.errands.done().await;
    }

    /// Removes from the store what has stayed as long as [`Config::retention`] says, in batches, and says how much that was.
    /// For a command that is called by hand or at night; a server does it by [`Auth::keep_swept`].
    ///
    /// # Errors
    /// When the store fails. What went before is gone, and the next sweep finishes the work.
    pub async fn sweep(&self) -> Result<Swept, Error> {
        sweep::all(&self.0).await
    }

    /// The same if it is this instance's turn: of all that share the store, one has it, for nearly as long as
    /// [`sweep_every`](crate::Retention::sweep_every). `None`: another one has it. After each batch it leaves the store to
    /// others for as long as the batch took.
    ///
    /// # Errors
    /// As [`Auth::sweep`].
    pub async fn sweep_in_turn(&self) -> Result<Option<Swept>, Error> {
        sweep::in_turn(&self.0).await
    }

    /// Keeps the store small for as long as it is polled: sweeps whenever it is this instance's
    /// [turn](Auth::sweep_in_turn), and tells of each sweep, and of each that fails, in one event. A server spawns it once.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// # use betancourt_auth::{Auth, Config, store::MemoryStore};
    /// # let config = Config::new("https://app.example.com", "a secret of at least 32 characters!!")?;
    /// let auth = Auth::new(config, MemoryStore::default())?;
    /// let sweeping = tokio::spawn({
    ///     let auth = auth.clone();
    ///     async move { auth.keep_swept().await }
    /// });
    /// // The server serves here, and then:
    /// sweeping.abort();
    /// # Ok::<(), betancourt_auth::SetupError>(())
    /// # }).unwrap();
    /// ```
    pub async fn keep_swept(&self) {
        sweep::for_ever(&self.0).await
    }

    /// Deletes somebody with everything that hangs on them. `false`: there is no such user. Where a provider takes tokens
    /// back (RFC 7009), it is given theirs, without anybody waiting for it: see [`Auth::settle`].
    ///
    /// # Errors
    /// When the store fails.
    pub async fn delete_user(&self, user: &UserId) -> Result<bool, Error> {
        let event = AuditEvent::new(self.0.now(), AuditKind::UserDeleted).about(user);
        administration::delete_user(&self.0, user, event).await
    }

    /// Since when and why somebody is [suspended](Administration::suspend); `None` when they are not.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn suspension(&self, user: &UserId) -> Result<Option<Suspension>, Error> {
        self.0.store.suspension(user).await.map_err(Error::from)
    }

    /// What an administrator may do to others, for whoever is signed in: asked anew for each act, so that nothing is done by
    /// somebody who was an administrator a minute ago, or by a browser that was left open.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// # use betancourt_auth::{Auth, Config, ErrorKind, Role, UserId, store::MemoryStore};
    /// # let config = Config::new("https://app.example.com", "a secret of at least 32 characters!!")?;
    /// # let auth = Auth::new(config, MemoryStore::default())?;
    /// # #[derive(Debug)]
    /// # struct Admin;
    /// # impl Role for Admin {
    /// #     const NAME: &'static str = "ADMIN";
    /// # }
    /// # let headers = http::HeaderMap::new();
    /// let visit = auth.visit(&headers).await?;
    /// match auth.administration::<Admin>(&visit).await {
    ///     Ok(administration) => administration.set_role(&UserId::new("ana"), "EDITOR").await?,
    ///     Err(error) => assert_eq!(error.kind(), ErrorKind::SignedOut), // nobody came
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::SignedOut`]; [`ErrorKind::AccessDenied`], unless they have the role in the store;
    /// [`ErrorKind::ReauthRequired`], unless they signed in within [`fresh_for`](crate::SessionRules::fresh_for);
    /// [`ErrorKind::Store`].
    pub async fn administration<R: Role>(
        &self,
        visit: &Visit,
    ) -> Result<Administration<'_>, Error> {
        Administration::of::<R>(&self.0, visit).await
    }
}
