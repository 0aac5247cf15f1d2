//! Request guards: who is signed in, and with which role.

use std::fmt::Debug;
use std::marker::PhantomData;
use std::sync::Arc;

use betancourt_auth::{Session, User, Visitor};
use rocket::http::Status;
use rocket::request::{FromRequest, Outcome, Request};
use rocket::response::{self, Responder};
use rocket::{Ignite, Rocket, Sentinel};

use crate::desk::{Attached, Desk};

/// Somebody who is signed in. Nobody else reaches the handler: a page is redirected to sign in and back, a script
/// gets `401`. Do not write `Option<SignedIn>`: that is [`MaybeSignedIn`].
///
/// ```
/// use betancourt_auth_rocket::SignedIn;
/// #[rocket::get("/dashboard")]
/// fn dashboard(user: SignedIn) -> String {
///     format!("Hello {}", user.name())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct SignedIn(Session, Arc<Visitor>);

/// Somebody or nobody.
///
/// ```
/// use betancourt_auth_rocket::MaybeSignedIn;
/// #[rocket::get("/")]
/// fn home(visitor: MaybeSignedIn) -> String {
///     visitor.user().map_or("Welcome".into(), |user| format!("Welcome back, {}", user.display_name()))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct MaybeSignedIn(Option<Session>);

/// Somebody who is signed in and has the role `R` in the store at this moment. A page sends others away, a script
/// gets `403`.
///
/// ```
/// use betancourt_auth_rocket::Role;
///
/// #[derive(Debug)]
/// struct Admin;
/// impl betancourt_auth::Role for Admin {
///     const NAME: &'static str = "ADMIN";
/// }
///
/// #[rocket::get("/admin")]
/// fn admin(admin: Role<Admin>) -> String {
///     format!("At your service, {}", admin.name())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Role<R>(Session, Arc<Visitor>, PhantomData<R>);

/// That somebody did not get in. The fairing has the answer; whoever returns this from a handler sends it.
#[derive(Clone, Copy, Debug)]
pub struct Refusal(pub(crate) Status);

impl SignedIn {
    /// Who it is.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.0.user
    }

    /// What to call them: the name, else the address, else the id.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.user.display_name()
    }

    /// The whole session.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.0
    }

    /// Waits until they are not signed in any more: then a WebSocket of theirs is to be closed. See
    /// [`Auth::signed_out`](betancourt_auth::Auth::signed_out).
    pub async fn signed_out(&self) {
        self.1.signed_out().await;
    }
}

impl MaybeSignedIn {
    /// Who it is, if anybody.
    #[must_use]
    pub fn user(&self) -> Option<&User> {
        self.0.as_ref().map(|session| &session.user)
    }

    /// The whole session, if there is one.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.0.as_ref()
    }
}

impl<R> Role<R> {
    /// Who it is.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.0.user
    }

    /// What to call them: the name, else the address, else the id.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.user.display_name()
    }

    /// The whole session.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.0
    }

    /// Waits until they are not signed in any more: see [`SignedIn::signed_out`].
    pub async fn signed_out(&self) {
        self.1.signed_out().await;
    }
}

impl<'r> Responder<'r, 'static> for Refusal {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        Err(self.0)
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for SignedIn {
    type Error = Refusal;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Refusal> {
        let Some(desk) = Desk::of(request) else { return missing() };
        let session = desk.visitor.signed_in(desk.asked()).await;
        desk.outcome(session.map(|session| Self(session, Arc::clone(&desk.visitor))))
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for MaybeSignedIn {
    type Error = Refusal;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Refusal> {
        let Some(desk) = Desk::of(request) else { return missing() };
        desk.outcome(desk.visitor.session(desk.asked()).await.map(Self))
    }
}

#[rocket::async_trait]
impl<'r, R: betancourt_auth::Role> FromRequest<'r> for Role<R> {
    type Error = Refusal;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Refusal> {
        let Some(desk) = Desk::of(request) else { return missing() };
        let session = desk.visitor.with_role::<R>(desk.asked()).await;
        desk.outcome(session.map(|session| Self(session, Arc::clone(&desk.visitor), PhantomData)))
    }
}

/// The fairing is missing. Rocket notices that before it starts, unless the guard is asked for by hand.
fn missing<T>() -> Outcome<T, Refusal> {
    Outcome::Error((Status::InternalServerError, Refusal(Status::InternalServerError)))
}

fn is_missing(rocket: &Rocket<Ignite>) -> bool {
    rocket.state::<Attached>().is_none()
}

impl Sentinel for SignedIn {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        is_missing(rocket)
    }
}

impl Sentinel for MaybeSignedIn {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        is_missing(rocket)
    }
}

impl<R> Sentinel for Role<R> {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        is_missing(rocket)
    }
}
