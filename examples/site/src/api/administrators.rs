//! Who may ask: administrators, whose role is read from the store at each request.

use axum::RequestExt as _;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use betancourt_auth_axum::{MaybeSignedIn, Role};
use http::StatusCode;

use super::answer::Refused;
use crate::site::{Administrator, Site};

/// Lets administrators pass.
pub(super) async fn only(
    State(site): State<Site>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refused> {
    let visitor = request.extract_parts_with_state::<MaybeSignedIn, _>(&site).await;
    if visitor.map_err(|_| Refused::Unavailable)?.user().is_none() {
        return Err(Refused::SignedOut);
    }
    let role = request.extract_parts_with_state::<Role<Administrator>, _>(&site).await;
    role.map_err(|refusal| match refusal.into_response().status() {
        StatusCode::SERVICE_UNAVAILABLE => Refused::Unavailable,
        _ => Refused::Forbidden,
    })?;
    Ok(next.run(request).await)
}
