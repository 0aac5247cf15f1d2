//! The routes: every action below the base path, by every method.

use betancourt_auth::{Auth, ErrorKind, LARGEST_BODY};
use http::header::{CONTENT_LENGTH, X_FRAME_OPTIONS};
use http::request::Parts;
use rocket::catcher::{self, Catcher};
use rocket::data::{Data, ToByteUnit as _};
use rocket::http::{Method, Status};
use rocket::request::Request;
use rocket::route::{Handler, Outcome, Route};

use crate::convert;

/// That an action has answered, and whether its own policy alone says who may frame that.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Answered {
    pub(crate) may_be_framed: bool,
}

/// Every method that Rocket knows: what does not exist is the core's to refuse.
const METHODS: [Method; 9] = [
    Method::Get,
    Method::Put,
    Method::Post,
    Method::Delete,
    Method::Options,
    Method::Head,
    Method::Trace,
    Method::Connect,
    Method::Patch,
];

/// The routes, to be mounted at [`Auth::mount_path`].
pub(crate) fn routes(auth: &Auth) -> Vec<Route> {
    let route = |method| {
        let mut route = Route::new(method, "/<action..>", Actions(auth.clone()));
        route.name = Some("betancourt-auth".into());
        route
    };
    METHODS.into_iter().map(route).collect()
}

/// The answer to methods that Rocket does not know, which it refuses before there is a route.
pub(crate) fn catcher(auth: &Auth) -> Catcher {
    Catcher::new(Status::BadRequest.code, Actions(auth.clone()))
}

#[derive(Clone, Debug)]
struct Actions(Auth);

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
        let may_be_framed = !response.headers().contains_key(X_FRAME_OPTIONS);
        request.local_cache(|| Answered { may_be_framed });
        Outcome::Success(convert::response(response))
    }
}

/// How long the body was to be: Rocket looks at its beginning, and forgets if it broke off there.
fn promised(parts: &Parts) -> Option<usize> {
    parts.headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

#[rocket::async_trait]
impl catcher::Handler for Actions {
    async fn handle<'r>(&self, _: Status, _: &'r Request<'_>) -> catcher::Result<'r> {
        Ok(convert::response(self.0.unread(ErrorKind::UnknownAction)))
    }
}
