//! A person's own page.

use askama::Template;
use time::OffsetDateTime;

use super::{Frame, Person, minute};

/// What a person sees of themselves.
#[derive(Debug, Template)]
#[template(path = "dashboard.html")]
pub struct Dashboard {
    /// What every page has.
    pub frame: Frame,
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
    fn since(&self) -> Option<String> {
        self.since.map(minute)
    }

    fn until(&self) -> String {
        minute(self.until)
    }
}
