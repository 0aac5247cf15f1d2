//! Knows who is asking once a request, only if asked, and keeps the rolling cookie.

use std::borrow::Cow;
use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::extract::OriginalUri;
use betancourt_auth::{Auth, Visitor};
use http::{Request, Response};
use tower::{Layer, Service};

/// Wraps an application so that the extractors of this crate work in it.
///
/// It looks nobody up by itself: a request whose handler never asks who is there costs no query.
#[must_use]
pub fn layer(auth: &Auth) -> AuthLayer {
    AuthLayer(auth.clone())
}

/// See [`layer`].
#[derive(Clone, Debug)]
pub struct AuthLayer(Auth);

/// An application inside an [`AuthLayer`].
#[derive(Clone, Debug)]
pub struct AuthService<S> {
    auth: Auth,
    inner: S,
}

impl<S> Layer<S> for AuthLayer {
    type Service = AuthService<S>;

    fn layer(&self, inner: S) -> AuthService<S> {
        AuthService { auth: self.0.clone(), inner }
    }
}

impl<S> Service<Request<Body>> for AuthService<S>
where
    S: Service<Request<Body>, Response = Response<Body>> + Send,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let visitor = Visitor::new(&self.auth);
        if let Cow::Owned(whole) = self.auth.asked_for(request.uri()) {
            request.extensions_mut().insert(OriginalUri(whole)); // something was stripped from it
        }
        request.extensions_mut().insert(visitor.clone());
        let answer = self.inner.call(request);
        Box::pin(async move {
            let mut response = answer.await?;
            visitor.apply(response.headers_mut());
            Ok(response)
        })
    }
}
