//! Request guards: who is signed in, and with which role.

use std::marker::PhantomData;
use std::ops::Deref;

use betancourt_auth::{Anybody, Somebody, Visitor};
use rocket::http::Status;
use rocket::request::{FromRequest, Outcome};
use rocket::response::Responder;
use rocket::{Ignite, Request, Rocket, Sentinel};

use crate::desk;
use crate::fairing::AuthFairing;

/// Somebody who is signed in: a [`Somebody`]. Nobody else reaches the handler: a page is redirected to sign in and back, a
/// script gets `401`. Do not write `Option<SignedIn>`: that is [`MaybeSignedIn`].
///
/// ```
/// use betancourt_auth_rocket::SignedIn;
/// #[rocket::get("/dashboard")]
/// fn dashboard(user: SignedIn) -> String {
///     format!("Hello {}", user.name())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct SignedIn(Somebody);

/// Somebody or nobody: an [`Anybody`].
///
/// ```
/// use betancourt_auth_rocket::MaybeSignedIn;
/// #[rocket::get("/")]
/// fn home(visitor: MaybeSignedIn) -> String {
///     visitor.user().map_or("Welcome".into(), |user| format!("Welcome back, {}", user.display_name()))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct MaybeSignedIn(Anybody);

/// Somebody who is signed in and has the role `R` in the store at this moment: a [`Somebody`]. A page sends others away, a
/// script gets `403`.
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
pub struct Role<R>(Somebody, PhantomData<R>);

/// That somebody did not get in. The fairing has the answer; whoever returns this from a handler sends it.
#[derive(Clone, Copy, Debug, Responder)]
pub struct Refusal(pub(crate) Status);

impl Deref for SignedIn {
    type Target = Somebody;

    fn deref(&self) -> &Somebody {
        &self.0
    }
}

impl Deref for MaybeSignedIn {
    type Target = Anybody;

    fn deref(&self) -> &Anybody {
        &self.0
    }
}

impl<R> Deref for Role<R> {
    type Target = Somebody;

    fn deref(&self) -> &Somebody {
        &self.0
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for SignedIn {
    type Error = Refusal;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Refusal> {
        desk::ask(request, Visitor::signed_in).await.map(Self)
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for MaybeSignedIn {
    type Error = Refusal;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Refusal> {
        desk::ask(request, Visitor::maybe_signed_in).await.map(Self)
    }
}

#[rocket::async_trait]
impl<'r, R: betancourt_auth::Role> FromRequest<'r> for Role<R> {
    type Error = Refusal;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Refusal> {
        desk::ask(request, Visitor::with_role::<R>).await.map(|one| Self(one, PhantomData))
    }
}

impl Sentinel for SignedIn {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        rocket.state::<AuthFairing>().is_none()
    }
}

impl Sentinel for MaybeSignedIn {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        rocket.state::<AuthFairing>().is_none()
    }
}

impl<R> Sentinel for Role<R> {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        rocket.state::<AuthFairing>().is_none()
    }
}
