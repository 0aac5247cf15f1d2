//! Where the application has its say: the callbacks and events of Auth.js, by their names.

use std::fmt::{self, Debug, Formatter};

use async_trait::async_trait;
use serde_json::{Map, Value};
use url::Url;

use crate::event::{ProviderEvent, Reaction};
use crate::model::{Account, AccountKey, Session, User, UserId};

/// What the application decides. Every method has the default of Auth.js.
///
/// ```
/// use async_trait::async_trait;
/// use betancourt_auth::hook::{Arrival, Callbacks, Decision};
///
/// /// Only people of one domain may come in.
/// #[derive(Debug)]
/// struct Staff;
///
/// #[async_trait]
/// impl Callbacks for Staff {
///     async fn sign_in(&self, arrival: &Arrival<'_>) -> Decision {
///         match arrival.verified_email {
///             Some(email) if email.ends_with("@example.com") => Decision::Allow,
///             _ => Decision::Deny,
///         }
///     }
/// }
/// ```
#[async_trait]
pub trait Callbacks: Debug + Send + Sync {
    /// May this person sign in? Asked once they have proven who they are, before anything is written; and by e-mail also
    /// before a mail is sent.
    async fn sign_in(&self, _arrival: &Arrival<'_>) -> Decision {
        Decision::Allow
    }

    /// Where does a browser go that asks to return to `url`? The default keeps it on our own origin:
    /// an address of another origin becomes `base`. Whoever overrides this answers for open redirects.
    async fn redirect(&self, url: &Url, base: &Url) -> Url {
        if url.origin() == base.origin() { url.clone() } else { base.clone() }
    }

    /// What `/session` shows. `shown` is what Auth.js shows: `{"user": {"name", "email", "image"}, "expires"}`.
    ///
    /// `update` is what a browser sent by `POST /session`, for an application that keeps it: here with sessions in the
    /// store, in [`jwt`](Self::jwt) with sealed ones. Whatever it says, somebody typed it.
    async fn session(&self, _session: &Session, shown: Value, _update: Option<&Value>) -> Value {
        shown
    }

    /// What goes into the cookie of a [sealed](crate::Strategy::Jwt) session: asked at sign-in, whenever the
    /// session is renewed, and when its browser asks for an update. `token` has `name`, `email`, `picture`, `sub`, and
    /// what this callback put in the last time, which [`Session::claims`] shows everywhere else. `None`: nobody is
    /// signed in.
    ///
    /// Whose session it is and how long it lives is not for the application to say: `sub`, `iat`, `exp`, `nbf`, `jti`,
    /// `iss` and `aud` are what they are, whatever comes back.
    async fn jwt(
        &self,
        token: Map<String, Value>,
        _sealing: &Sealing<'_>,
    ) -> Option<Map<String, Value>> {
        Some(token)
    }

    /// What is done about something that a provider tells of one of our users while they are not here? The default does
    /// what the provider asks for, and what keeps out whoever should not be in: see
    /// [`Happening::usual_reaction`](crate::Happening::usual_reaction). A request to delete is written down whatever comes
    /// back: the person has a right to an answer.
    async fn provider_event(&self, report: &ProviderReport<'_>) -> Reaction {
        report.usual_reaction()
    }
}

/// What a provider tells, and of whom.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ProviderReport<'a> {
    /// What happened, to which account.
    pub event: &'a ProviderEvent,
    /// Whose account it is.
    pub user: &'a User,
    /// Whether the user could not sign in any more without it.
    pub is_last_way_in: bool,
}

impl<'a> ProviderReport<'a> {
    pub(crate) fn new(event: &'a ProviderEvent, user: &'a User, is_last_way_in: bool) -> Self {
        Self { event, user, is_last_way_in }
    }

    /// What is done unless the application says otherwise.
    #[must_use]
    pub fn usual_reaction(&self) -> Reaction {
        self.event.happening.usual_reaction(self.is_last_way_in)
    }
}

/// What a session is sealed for.
///
/// `Debug` leaves out what the provider told, and what the browser sent.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Sealing<'a> {
    /// The user, as the store has them now.
    pub user: &'a User,
    /// The account they came through; at a sign-in only.
    pub account: Option<&'a Account>,
    /// What the provider told; at a sign-in only.
    pub profile: Option<&'a Value>,
    /// What makes it happen; `None` for a renewal.
    pub trigger: Option<Trigger>,
    /// What the browser sent along, with [`Trigger::Update`]. Whatever it says, somebody typed it.
    pub update: Option<&'a Value>,
}

/// What makes a session be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trigger {
    /// Somebody signed in.
    SignIn,
    /// Somebody signed in for the first time.
    SignUp,
    /// The browser asked for it: `POST /session`.
    Update,
}

impl Debug for Sealing<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Sealing")
            .field("user", self.user)
            .field("account", &self.account)
            .field("trigger", &self.trigger)
            .finish_non_exhaustive()
    }
}

impl<'a> Sealing<'a> {
    pub(crate) fn sign_in(
        user: &'a User,
        account: &'a Account,
        profile: &'a Value,
        trigger: Trigger,
    ) -> Self {
        let trigger = Some(trigger);
        Self { account: Some(account), profile: Some(profile), trigger, ..Self::renewal(user) }
    }

    pub(crate) fn renewal(user: &'a User) -> Self {
        Self { user, account: None, profile: None, trigger: None, update: None }
    }

    pub(crate) fn update(user: &'a User, update: Option<&'a Value>) -> Self {
        Self { trigger: Some(Trigger::Update), update, ..Self::renewal(user) }
    }
}

/// Somebody who has proven who they are, or asks for a mail to prove it with.
///
/// `Debug` leaves out the address, and what the provider told.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Arrival<'a> {
    /// The provider, and who the person is there.
    pub account: &'a AccountKey,
    /// The user whose account it is; `None` for a new person.
    pub user: Option<&'a User>,
    /// The address, if the provider says that it proved it, or if whoever signs in will have proven it.
    pub verified_email: Option<&'a str>,
    /// What the provider told: the claims of the ID token, or its profile document. `null` by e-mail.
    pub profile: &'a Value,
    /// Whether somebody asks for a mail, and has not proven anything yet (`email.verificationRequest` of Auth.js). Who
    /// is not allowed gets none, and the same answer as everybody. Once they open the mail, the question comes again.
    pub is_request_for_mail: bool,
}

impl Debug for Arrival<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Arrival")
            .field("account", self.account)
            .field("user", &self.user)
            .field("is_request_for_mail", &self.is_request_for_mail)
            .finish_non_exhaustive()
    }
}

impl<'a> Arrival<'a> {
    pub(crate) fn new(account: &'a AccountKey, user: Option<&'a User>, profile: &'a Value) -> Self {
        Self { account, user, verified_email: None, profile, is_request_for_mail: false }
    }

    pub(crate) fn request_for_mail(
        account: &'a AccountKey,
        user: Option<&'a User>,
        address: &'a str,
    ) -> Self {
        Self {
            verified_email: Some(address),
            is_request_for_mail: true,
            ..Self::new(account, user, &Value::Null)
        }
    }
}

/// The answer of [`Callbacks::sign_in`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Come in.
    Allow,
    /// No: the browser goes to the error page with `AccessDenied`.
    Deny,
    /// Not now: the browser goes there first, through [`Callbacks::redirect`], and nobody is signed in. To a request for
    /// mail it says no, as [`Decision::Deny`] does: the answer would tell who is known here.
    Redirect(String),
}

/// What the application hears of, after it has happened.
///
/// ```
/// use async_trait::async_trait;
/// use betancourt_auth::hook::{Events, SignIn};
///
/// #[derive(Debug)]
/// struct Welcome;
///
/// #[async_trait]
/// impl Events for Welcome {
///     async fn sign_in(&self, event: &SignIn<'_>) {
///         if event.is_new_user { /* send the welcome mail */ }
///     }
/// }
/// ```
#[async_trait]
pub trait Events: Debug + Send + Sync {
    /// Somebody signed in.
    async fn sign_in(&self, _event: &SignIn<'_>) {}
    /// A session was ended by its owner.
    async fn sign_out(&self, _session: &Session) {}
    /// A new person's user was made.
    async fn create_user(&self, _user: &User) {}
    /// A user was changed.
    async fn update_user(&self, _user: &User) {}
    /// An account was tied to a user, new or not.
    async fn link_account(&self, _user: &User, _account: &Account) {}
    /// An account was untied from its user, by the user or because its provider told us to.
    async fn unlink_account(&self, _user: &User, _account: &Account) {}
    /// A provider said that somebody signed out there. Sessions of ours that began there have ended; one that Auth.js made
    /// beside us has not, because nobody knows where it began.
    async fn provider_sign_out(&self, _event: &ProviderSignOut<'_>) {}
    /// A provider told something of a user, and that was done about it.
    async fn provider_event(&self, _event: &ProviderEvent, _user: &User, _done: Reaction) {}
    /// So many sessions of a user were ended from elsewhere: one, all but one, or all; or those that began at a provider.
    async fn revoke_sessions(&self, _user: &UserId, _ended: u64) {}
    /// `GET /session` showed a session.
    async fn session(&self, _session: &Session) {}
}

/// Who signed in, and how.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SignIn<'a> {
    /// The user, as the store has them now.
    pub user: &'a User,
    /// The account they came through.
    pub account: &'a Account,
    /// Whether this is their first time.
    pub is_new_user: bool,
    /// The `User-Agent` of their browser, at most 256 characters: see [`Device::of`](crate::Device::of).
    pub device: Option<&'a str>,
    /// The network they came from, shortened as in the audit log.
    pub network: Option<&'a str>,
}

impl<'a> SignIn<'a> {
    pub(crate) fn new(user: &'a User, account: &'a Account, is_new_user: bool) -> Self {
        Self { user, account, is_new_user, device: None, network: None }
    }

    pub(crate) fn by(self, device: Option<&'a str>, network: Option<&'a str>) -> Self {
        Self { device, network, ..self }
    }
}

/// What a provider said about somebody who signed out there.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ProviderSignOut<'a> {
    /// The id of the provider.
    pub provider: &'a str,
    /// Who signed out there. `None`, if the provider named only a session of its own.
    pub account: Option<&'a AccountKey>,
    /// How many sessions of ours that ended.
    pub ended: u64,
}

impl<'a> ProviderSignOut<'a> {
    pub(crate) fn new(provider: &'a str, account: Option<&'a AccountKey>, ended: u64) -> Self {
        Self { provider, account, ended }
    }
}

/// The defaults: everyone the linking rules admit may come in, and nobody listens.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoHooks;

impl Callbacks for NoHooks {}
impl Events for NoHooks {}
