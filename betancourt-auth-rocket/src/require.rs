//! Guards for whole mounts: nobody reaches a route of theirs, or a file, who is not let in.

use std::marker::PhantomData;

use rocket::request::FromRequest;
use rocket::route::{Handler, Outcome};
use rocket::{Data, Request, Route};

use crate::guard::{Role, SignedIn};

/// Lets nobody into these routes who is not signed in, as [`SignedIn`] would in each of their handlers. Whatever becomes
/// routes can be guarded, such as a `FileServer`.
///
/// ```
/// # fn app(auth: betancourt_auth::Auth) -> rocket::Rocket<rocket::Build> {
/// use betancourt_auth_rocket::{fairing, require_sign_in};
/// use rocket::{get, routes};
///
/// #[get("/")]
/// fn room() -> &'static str {
///     "the club room"
/// }
///
/// #[get("/minutes")]
/// fn minutes() -> &'static str {
///     "the minutes"
/// }
///
/// rocket::build().mount("/members", require_sign_in(routes![room, minutes])).attach(fairing(&auth))
/// # }
/// ```
pub fn require_sign_in(routes: impl Into<Vec<Route>>) -> Vec<Route> {
    guarded::<SignedIn>(routes.into())
}

/// Lets nobody into these routes who has not the role `R`, as [`Role<R>`](Role) would in each of their handlers.
///
/// ```
/// use betancourt_auth_rocket::require_role;
/// use rocket::{get, routes};
///
/// #[derive(Debug)]
/// struct Admin;
/// impl betancourt_auth::Role for Admin {
///     const NAME: &'static str = "ADMIN";
/// }
///
/// #[get("/")]
/// fn books() -> &'static str {
///     "the books"
/// }
///
/// let office = require_role::<Admin>(routes![books]);
/// assert_eq!(office.len(), 1);
/// ```
pub fn require_role<R: betancourt_auth::Role>(routes: impl Into<Vec<Route>>) -> Vec<Route> {
    guarded::<Role<R>>(routes.into())
}

fn guarded<G: for<'r> FromRequest<'r> + 'static>(mut routes: Vec<Route>) -> Vec<Route> {
    for route in &mut routes {
        route.handler = Box::new(Guarded(route.handler.clone(), PhantomData::<fn() -> G>));
    }
    routes
}

/// A handler behind a guard.
struct Guarded<G>(Box<dyn Handler>, PhantomData<fn() -> G>);

impl<G> Clone for Guarded<G> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

#[rocket::async_trait]
impl<G: for<'r> FromRequest<'r> + 'static> Handler for Guarded<G> {
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r> {
        let admitted = request.guard::<G>().await.map(drop).map_error(|(status, _)| status);
        match admitted.ok_map_forward(Err) {
            Ok(()) => self.0.handle(request, data).await,
            Err(status) => Outcome::Error(status),
        }
    }
}
