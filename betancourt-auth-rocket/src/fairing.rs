//! Mounts the routes, and makes the answers what the guards and the rolling cookie want them to be.

use betancourt_auth::Auth;
use http::header::X_FRAME_OPTIONS;
use rocket::fairing::{Fairing, Info, Kind};
use rocket::http::{Method, Status};
use rocket::{Build, Catcher, Request, Response, Rocket, Route};

use crate::actions::{Actions, METHODS, MayBeFramed};
use crate::desk::Desk;

/// Serves every action below the base path of `auth`, and makes the guards of this crate work.
///
/// It looks nobody up by itself: a request whose handler never asks who is there costs no query.
///
/// ```
/// # fn app(auth: betancourt_auth::Auth) -> rocket::Rocket<rocket::Build> {
/// rocket::build().attach(betancourt_auth_rocket::fairing(&auth))
/// # }
/// ```
#[must_use]
pub fn fairing(auth: &Auth) -> AuthFairing {
    AuthFairing(auth.clone())
}

/// See [`fairing`].
#[derive(Clone, Debug)]
pub struct AuthFairing(pub(crate) Auth);

#[rocket::async_trait]
impl Fairing for AuthFairing {
    fn info(&self) -> Info {
        Info { name: "betancourt-auth", kind: Kind::Ignite | Kind::Response | Kind::Singleton }
    }

    async fn on_ignite(&self, rocket: Rocket<Build>) -> rocket::fairing::Result {
        let Self(auth) = self;
        let (path, actions) = (auth.mount_path(), Actions(auth.clone()));
        let routes = METHODS.map(|method| Route::new(method, "/<action..>", actions.clone()));
        let catcher = Catcher::new(Status::BadRequest.code, actions);
        Ok(rocket.mount(path, routes).register(path, vec![catcher]).manage(self.clone()))
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        // Rocket's shield would keep a provider from framing the page that signs out there.
        if request.local_cache(|| MayBeFramed(false)).0 {
            response.remove_header(X_FRAME_OPTIONS.as_str());
        }
        if let Some(desk) = request.local_cache(|| None::<Desk>) {
            desk.settle(response);
        }
        // A form that calls itself `HEAD` has no body to be answered with, but the connection, to which it is a post, would
        // wait for one as long as its length says.
        if request.content_type().is_some_and(|of| of.is_form()) && request.method() != Method::Post
        {
            let body = response.body_mut().take();
            response.set_streamed_body(body);
        }
    }
}
