//! The landing page.

use askama::Template;
use axum::response::Response;
use betancourt_auth_axum::MaybeSignedIn;
use http::StatusCode;

use super::sign_in::Asked;
use super::{Contact, Frame, Person, SignIn};
use crate::catalogue::{SERVICES, Service, WORKS, Work};
use crate::front::Front;

/// The landing page, and on it the sign-in dialog for whoever is not signed in.
#[derive(Debug, Template)]
#[template(path = "landing.html")]
pub struct Landing {
    /// What every page has.
    pub frame: Frame,
    /// The dialog.
    pub sign_in: Option<SignIn>,
    /// The form by which people write to the studio.
    pub contact: Contact,
    services: &'static [Service],
    works: &'static [Work],
}

impl Landing {
    /// The page with the studio's services and works.
    #[must_use]
    pub fn new(frame: Frame, sign_in: Option<SignIn>, contact: Contact) -> Self {
        Self { frame, sign_in, contact, services: &SERVICES, works: &WORKS }
    }
}

/// `GET /`, where people also sign in, and learn why they could not.
///
/// # Errors
/// `500` when there is no token to be had.
pub async fn landing(front: Front, visitor: MaybeSignedIn) -> Result<Response, StatusCode> {
    let person = visitor.user().map(Person::from);
    let contact = Contact::asked(&front.uri, front.language(), person.as_ref());
    show(&front, &visitor, contact)
}

/// The page with a form of that content.
pub(super) fn show(
    front: &Front,
    visitor: &MaybeSignedIn,
    contact: Contact,
) -> Result<Response, StatusCode> {
    let asked = Asked::read(&front.uri);
    let opens = asked.opens_for(visitor.user().is_some());
    let token = front.token_if(opens || visitor.user().is_some())?;
    let sign_in = (opens || visitor.user().is_none()).then(|| SignIn {
        providers: front.providers(),
        mail: front.mail(),
        return_to: asked.return_to(&front.site.auth.config().url),
        csrf_token: token.as_ref().filter(|_| opens).map(|token| token.value().to_owned()),
        problem: asked.error,
        reference: asked.reference,
    });
    let page = Landing::new(front.frame(visitor.user(), token.as_ref()), sign_in, contact);
    Ok(Front::show(&page, token.as_ref()))
}
