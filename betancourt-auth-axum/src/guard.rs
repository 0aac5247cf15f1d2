//! Extractors: who is signed in, and with which role.

use std::marker::PhantomData;
use std::ops::Deref;

use axum::body::Body;
use axum::extract::{FromRequestParts, OptionalFromRequestParts, OriginalUri};
use axum::response::{IntoResponse, Response};
use betancourt_auth::{Anybody, Asked, Instead, Somebody, Visitor};
use http::StatusCode;
use http::request::Parts;

/// Somebody who is signed in: a [`Somebody`]. Nobody else reaches the handler: a page is redirected to sign in and back, a
/// script gets `401`. `Option<SignedIn>` works, too.
///
/// ```
/// use betancourt_auth_axum::SignedIn;
/// async fn dashboard(user: SignedIn) -> String {
///     format!("Hello {}", user.name())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct SignedIn(Somebody);

/// Somebody or nobody: an [`Anybody`].
///
/// ```
/// use betancourt_auth_axum::MaybeSignedIn;
/// async fn home(visitor: MaybeSignedIn) -> String {
///     visitor.user().map_or("Welcome".into(), |user| format!("Welcome back, {}", user.display_name()))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct MaybeSignedIn(Anybody);

/// Somebody who is signed in and has the role `R` in the store at this moment: a [`Somebody`]. A page sends others away, a
/// script gets `403`.
///
/// ```
/// use betancourt_auth_axum::Role;
///
/// #[derive(Debug)]
/// struct Admin;
/// impl betancourt_auth::Role for Admin {
///     const NAME: &'static str = "ADMIN";
/// }
///
/// async fn admin(admin: Role<Admin>) -> String {
///     format!("At your service, {}", admin.name())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Role<R>(Somebody, PhantomData<R>);

/// The answer to somebody who did not get in.
#[derive(Debug)]
pub struct Refusal(Instead);

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

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (*self.0).map(Body::from)
    }
}

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        ask(parts, Visitor::signed_in).await.map(Self)
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Refusal> {
        Ok(ask(parts, Visitor::maybe_signed_in).await?.into_somebody().map(Self))
    }
}

impl<S: Sync> FromRequestParts<S> for MaybeSignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        ask(parts, Visitor::maybe_signed_in).await.map(Self)
    }
}

impl<S: Sync, R: betancourt_auth::Role> FromRequestParts<S> for Role<R> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        ask(parts, Visitor::with_role::<R>).await.map(|one| Self(one, PhantomData))
    }
}

/// Asks the visitor who is behind a request. What is asked for is the address as the browser has it, whatever a nested
/// router made of it.
async fn ask<'r, T, F: Future<Output = Result<T, Instead>>>(
    parts: &'r Parts,
    question: impl FnOnce(&'r Visitor, Asked<'r>) -> F,
) -> Result<T, Refusal> {
    let visitor = parts.extensions.get().ok_or_else(missing)?;
    let original = parts.extensions.get().map(|OriginalUri(uri)| uri);
    let uri = original.unwrap_or(&parts.uri);
    let asked = Asked { method: &parts.method, uri, headers: &parts.headers };
    question(visitor, asked).await.map_err(Refusal)
}

fn missing() -> Refusal {
    const MISSING: &str =
        "`.layer(betancourt_auth_axum::layer(&auth))` is missing around this route";
    let mut response = http::Response::new(MISSING.into());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    Refusal(Box::new(response))
}
