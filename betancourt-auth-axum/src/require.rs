//! Guards for whole routers: nobody reaches a route of theirs, a fallback or a file, who is not let in.

use axum::middleware::{FromExtractorLayer, from_extractor};

use crate::guard::{Role, SignedIn};

/// Lets nobody into a router who is not signed in, as [`SignedIn`] would in each of its handlers. Routes that are added
/// later are not guarded, so it comes last in the router that it is for.
///
/// ```
/// # fn app(auth: betancourt_auth::Auth) -> axum::Router {
/// use axum::{Router, routing::get};
/// use betancourt_auth_axum::{layer, require_sign_in, routes};
///
/// let members = Router::new()
///     .route("/", get(|| async { "the club room" }))
///     .route("/minutes", get(|| async { "the minutes" }))
///     .layer(require_sign_in());
/// Router::new().nest("/members", members).merge(routes(&auth)).layer(layer(&auth))
/// # }
/// ```
pub fn require_sign_in() -> FromExtractorLayer<SignedIn, ()> {
    from_extractor()
}

/// Lets nobody into a router who has not the role `R`, as [`Role<R>`](Role) would in each of its handlers.
///
/// ```
/// use axum::{Router, routing::get};
/// use betancourt_auth_axum::require_role;
///
/// #[derive(Debug)]
/// struct Admin;
/// impl betancourt_auth::Role for Admin {
///     const NAME: &'static str = "ADMIN";
/// }
///
/// let office: Router = Router::new().route("/", get(|| async { "the books" })).layer(require_role::<Admin>());
/// ```
pub fn require_role<R: betancourt_auth::Role>() -> FromExtractorLayer<Role<R>, ()> {
    from_extractor()
}
