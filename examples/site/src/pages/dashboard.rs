//! A person's own page.

use askama::Template;
use axum::response::Response;
use betancourt_auth::Session;
use betancourt_auth_axum::SignedIn;
use http::StatusCode;
use time::OffsetDateTime;

use super::account::{Desk, Laid, Section, lay};
use super::{Frame, Person, Provider, minute};
use crate::front::Front;

/// What a person sees of themselves.
#[derive(Debug, Template)]
#[template(path = "dashboard.html")]
pub struct Dashboard {
    /// What every page has.
    pub frame: Frame,
    /// What every page of the account has.
    pub desk: Desk,
    /// Whose page it is.
    pub person: Person,
    /// The session they are looking through.
    pub visit: Visit,
}

/// A session, as its owner sees it.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The provider it began with, if that is known.
    pub provider: Option<String>,
    /// When it began, if that is known.
    pub since: Option<OffsetDateTime>,
    /// When it ends, unless it is used before.
    pub until: OffsetDateTime,
}

impl Visit {
    fn of(session: &Session, providers: Vec<Provider>) -> Self {
        let details = session.details.as_ref();
        let method =
            |provider: &Provider| details.is_some_and(|details| details.method == provider.id);
        Self {
            provider: providers.into_iter().find(method).map(|provider| provider.name),
            since: details.map(|details| details.created_at),
            until: session.expires,
        }
    }

    fn since(&self) -> Option<String> {
        self.since.map(minute)
    }

    fn until(&self) -> String {
        minute(self.until)
    }
}

/// `GET /dashboard`.
///
/// # Errors
/// `503` when the store does not answer, `500` when there is no token to be had.
pub async fn dashboard(front: Front, visitor: SignedIn) -> Result<Response, StatusCode> {
    let Laid { frame, desk, token } = lay(&front, visitor.session(), Section::Overview).await?;
    let page = Dashboard {
        frame,
        desk,
        person: Person::from(visitor.user()),
        visit: Visit::of(visitor.session(), front.ways_in()),
    };
    Ok(Front::show(&page, Some(&token)))
}
