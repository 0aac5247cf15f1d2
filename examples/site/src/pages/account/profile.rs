//! Who somebody is here.

use askama::Template;
use axum::response::Response;
use betancourt_auth_axum::SignedIn;
use http::StatusCode;

use super::super::Person;
use super::{Desk, Laid, Section, lay};
use crate::front::Front;
use crate::pages::Frame;

/// Who somebody is here, and where that comes from.
#[derive(Debug, Template)]
#[template(path = "account/profile.html")]
pub struct Profile {
    /// What every page has.
    pub frame: Frame,
    /// What every page of the account has.
    pub desk: Desk,
    /// Whose page it is.
    pub person: Person,
    /// Whether the address was proven to be theirs.
    pub is_proven: bool,
}

/// `GET /dashboard/profile`.
///
/// # Errors
/// `503` when the store does not answer, `500` when there is no token to be had.
pub async fn profile(front: Front, visitor: SignedIn) -> Result<Response, StatusCode> {
    let Laid { frame, desk, token } = lay(&front, visitor.session(), Section::Profile).await?;
    let (person, is_proven) =
        (Person::from(visitor.user()), visitor.user().email_verified.is_some());
    Ok(Front::show(&Profile { frame, desk, person, is_proven }, Some(&token)))
}
