//! Extractors: who is signed in, and with which role.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts, OptionalFromRequestParts, OriginalUri};
use axum::response::{IntoResponse, Response};
use betancourt_auth::{Denial, Error, Session, User};
use bytes::Bytes;
use http::request::Parts;
use http::{StatusCode, Uri};

use crate::layer::Visitor;

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
pub struct SignedIn(Session);

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
pub struct Role<R>(Session, PhantomData<R>);

/// The answer to somebody who did not get in.
#[derive(Debug)]
pub struct Refusal(Box<http::Response<Bytes>>);

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
}

impl From<http::Response<Bytes>> for Refusal {
    fn from(response: http::Response<Bytes>) -> Self {
        Self(Box::new(response))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (*self.0).map(Body::from)
    }
}

impl<S: Sync> FromRequestParts<S> for MaybeSignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        session(parts).await.map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let session = session(parts).await?;
        session.map(Self).ok_or_else(|| deny(parts, Denial::SignedOut))
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Refusal> {
        Ok(session(parts).await?.map(Self))
    }
}

impl<S: Sync, R: betancourt_auth::Role> FromRequestParts<S> for Role<R> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let SignedIn(session) =
            <SignedIn as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        let user = current_user(parts).await?.ok_or_else(|| deny(parts, Denial::SignedOut))?;
        if user.role == R::NAME {
            let mut session = session;
            session.user = user;
            Ok(Self(session, PhantomData))
        } else {
            Err(deny(parts, Denial::Forbidden))
        }
    }
}

/// The session behind a request.
async fn session(parts: &Parts) -> Result<Option<Session>, Refusal> {
    let visitor = visitor(parts)?;
    let visit = visitor.visit(&parts.headers).await;
    let visit = visit.map_err(|error| unavailable(parts, &visitor, &error))?;
    Ok(visit.session().cloned())
}

/// The user behind a request, as they are at this moment.
async fn current_user(parts: &Parts) -> Result<Option<User>, Refusal> {
    let visitor = visitor(parts)?;
    let visit = visitor.visit(&parts.headers).await;
    let visit = visit.map_err(|error| unavailable(parts, &visitor, &error))?;
    let user = visitor.auth.current_user(visit).await;
    user.map_err(|error| unavailable(parts, &visitor, &error))
}

/// A store that is down is an answer of its own, never "nobody".
fn unavailable(parts: &Parts, visitor: &Visitor, error: &Error) -> Refusal {
    visitor.auth.unavailable(&parts.method, &parts.headers, error).into()
}

fn deny(parts: &Parts, denial: Denial) -> Refusal {
    let refused = |visitor: Arc<Visitor>| {
        visitor.auth.deny(denial, &parts.method, asked_for(parts), &parts.headers)
    };
    visitor(parts).map_or_else(|refusal| refusal, |visitor| refused(visitor).into())
}

/// The address that the browser asked for, whatever a nested router made of it.
fn asked_for(parts: &Parts) -> &Uri {
    parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |OriginalUri(uri)| uri)
}

fn visitor(parts: &Parts) -> Result<Arc<Visitor>, Refusal> {
    parts.extensions.get::<Arc<Visitor>>().cloned().ok_or_else(|| {
        const MISSING: &str =
            "`.layer(betancourt_auth_axum::layer(&auth))` is missing around this route";
        let mut response = http::Response::new(Bytes::from_static(MISSING.as_bytes()));
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response.into()
    })
}
