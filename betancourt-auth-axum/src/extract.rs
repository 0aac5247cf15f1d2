//! Extractors: who is signed in, and with which role.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts, OptionalFromRequestParts, OriginalUri};
use axum::response::{IntoResponse, Response};
use betancourt_auth::{Asked, Instead, Session, User, Visitor};
use bytes::Bytes;
use http::StatusCode;
use http::request::Parts;

/// Somebody who is signed in. Nobody else reaches the handler: a page is redirected to sign in and back, a script
/// gets `401`. `Option<SignedIn>` works, too.
///
/// ```
/// use betancourt_auth_axum::SignedIn;
/// async fn dashboard(user: SignedIn) -> String {
///     format!("Hello {}", user.name())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct SignedIn(Session, Arc<Visitor>);

/// Somebody or nobody.
///
/// ```
/// use betancourt_auth_axum::MaybeSignedIn;
/// async fn home(visitor: MaybeSignedIn) -> String {
///     visitor.user().map_or("Welcome".into(), |user| format!("Welcome back, {}", user.display_name()))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct MaybeSignedIn(Option<Session>);

/// Somebody who is signed in and has the role `R` in the store at this moment. A page sends others away, a script
/// gets `403`.
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
pub struct Role<R>(Session, Arc<Visitor>, PhantomData<R>);

/// The answer to somebody who did not get in.
#[derive(Debug)]
pub struct Refusal(Instead);

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

impl From<Instead> for Refusal {
    fn from(instead: Instead) -> Self {
        Self(instead)
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
        let visitor = visitor(parts)?;
        Ok(Self(visitor.signed_in(asked(parts)).await?, visitor))
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Refusal> {
        let visitor = visitor(parts)?;
        let session = visitor.session(asked(parts)).await?;
        Ok(session.map(|session| Self(session, visitor)))
    }
}

impl<S: Sync> FromRequestParts<S> for MaybeSignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        Ok(Self(visitor(parts)?.session(asked(parts)).await?))
    }
}

impl<S: Sync, R: betancourt_auth::Role> FromRequestParts<S> for Role<R> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let visitor = visitor(parts)?;
        Ok(Self(visitor.with_role::<R>(asked(parts)).await?, visitor, PhantomData))
    }
}

/// What is asked for: the address as the browser has it, whatever a nested router made of it.
fn asked(parts: &Parts) -> Asked<'_> {
    let original = parts.extensions.get::<OriginalUri>().map(|OriginalUri(uri)| uri);
    Asked { method: &parts.method, uri: original.unwrap_or(&parts.uri), headers: &parts.headers }
}

fn visitor(parts: &Parts) -> Result<Arc<Visitor>, Refusal> {
    parts.extensions.get::<Arc<Visitor>>().cloned().ok_or_else(|| {
        const MISSING: &str =
            "`.layer(betancourt_auth_axum::layer(&auth))` is missing around this route";
        let mut response = http::Response::new(Bytes::from_static(MISSING.as_bytes()));
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        Refusal(Box::new(response))
    })
}
