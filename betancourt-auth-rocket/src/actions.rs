//! The routes: every action below the base path, by every method.

use betancourt_auth::{Auth, ErrorKind, LARGEST_BODY};
use http::header::{CONTENT_LENGTH, X_FRAME_OPTIONS};
use http::request::Parts;
use rocket::data::ToByteUnit as _;
use rocket::http::Method::{self, Connect, Delete, Get, Head, Options, Patch, Post, Put, Trace};
use rocket::http::Status;
use rocket::route::{Handler, Outcome};
use rocket::{Data, Request, catcher};

use crate::convert;

/// That an action has answered, and whether its own policy alone says who may frame that.
pub(crate) struct MayBeFramed(pub(crate) bool);

/// Every method that Rocket knows: what does not exist is the core's to refuse.
pub(crate) const METHODS: [Method; 9] =
    [Get, Put, Post, Delete, Options, Head, Trace, Connect, Patch];

/// What answers at every route.
#[derive(Clone)]
pub(crate) struct Actions(pub(crate) Auth);

#[rocket::async_trait]
impl Handler for Actions {
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r> {
        let Self(auth) = self;
        let parts = convert::parts(request);
        // Rocket matches what an encoded or empty part of the path stands for; the core reads the path as it is.
        let rest = parts.uri.path().strip_prefix(auth.mount_path());
        if rest.is_none_or(|rest| rest.len() < 2) {
            return Outcome::forward(data, Status::NotFound);
        }
        let response = match data.open(LARGEST_BODY.bytes()).into_bytes().await {
            Ok(body) if !body.is_complete() => auth.unread(ErrorKind::BodyTooLong),
            Ok(body) if promised(&parts).is_none_or(|length| length == body.len()) => {
                let body = body.into_inner().into();
                auth.handle(http::Request::from_parts(parts, body)).await
            }
            Ok(_) | Err(_) => auth.unread(ErrorKind::BodyBroken),
        };
        request.local_cache(|| MayBeFramed(!response.headers().contains_key(X_FRAME_OPTIONS)));
        Outcome::Success(convert::response(response))
    }
}

/// How long the body was to be: Rocket looks at its beginning, and forgets if it broke off there.
fn promised(parts: &Parts) -> Option<usize> {
    parts.headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The answer to methods that Rocket does not know, which it refuses before there is a route.
#[rocket::async_trait]
impl catcher::Handler for Actions {
    async fn handle<'r>(&self, _: Status, _: &'r Request<'_>) -> catcher::Result<'r> {
        Ok(convert::response(self.0.unread(ErrorKind::UnknownAction)))
    }
}
