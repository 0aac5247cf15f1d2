//! Mounts the routes, and makes the answers what the guards and the rolling cookie want them to be.

use betancourt_auth::Auth;
use http::header::X_FRAME_OPTIONS;
use rocket::fairing::{Fairing, Info, Kind};
use rocket::request::Request;
use rocket::response::Response;
use rocket::{Build, Rocket};

use crate::actions::{Answered, catcher, routes};
use crate::desk::{Attached, Desk};

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
pub struct AuthFairing(Auth);

#[rocket::async_trait]
impl Fairing for AuthFairing {
    fn info(&self) -> Info {
        Info { name: "betancourt-auth", kind: Kind::Ignite | Kind::Response | Kind::Singleton }
    }

    async fn on_ignite(&self, rocket: Rocket<Build>) -> rocket::fairing::Result {
        let Self(auth) = self;
        let path = auth.mount_path().to_owned();
        let rocket = rocket.mount(path.clone(), routes(auth)).register(path, vec![catcher(auth)]);
        Ok(rocket.manage(Attached(auth.clone())))
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        // Rocket's shield would keep a provider from framing the page that signs out there.
        if request.local_cache(Answered::default).may_be_framed {
            response.remove_header(X_FRAME_OPTIONS.as_str());
        }
        if let Some(desk) = Desk::if_open(request) {
            desk.settle(response);
        }
    }
}
