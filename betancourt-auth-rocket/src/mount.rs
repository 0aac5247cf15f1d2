//! Guards for whole mounts: nobody reaches a route of theirs, or a file, who is not let in.

use std::marker::PhantomData;

use rocket::data::Data;
use rocket::outcome;
use rocket::request::{FromRequest, Request};
use rocket::route::{Handler, Outcome, Route};

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

fn guarded<G>(routes: Vec<Route>) -> Vec<Route>
where
    G: for<'r> FromRequest<'r> + 'static,
{
    let guard = |mut route: Route| {
        route.handler = Box::new(Guarded::<G> { inner: route.handler, guard: PhantomData });
        route
    };
    routes.into_iter().map(guard).collect()
}

/// A handler behind a guard.
struct Guarded<G> {
    inner: Box<dyn Handler>,
    guard: PhantomData<fn() -> G>,
}

impl<G> Clone for Guarded<G> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), guard: PhantomData }
    }
}

#[rocket::async_trait]
impl<G> Handler for Guarded<G>
where
    G: for<'r> FromRequest<'r> + 'static,
{
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r> {
        let admitted = request.guard::<G>().await.map(drop).map_error(|(status, _)| status);
        match admitted {
            outcome::Outcome::Success(()) => self.inner.handle(request, data).await,
            outcome::Outcome::Error(status) => Outcome::Error(status),
            outcome::Outcome::Forward(status) => Outcome::Forward((data, status)),
        }
    }
}
