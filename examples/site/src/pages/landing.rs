//! The landing page.

use askama::Template;

use super::{Frame, SignIn};
use crate::catalogue::{SERVICES, Service, WORKS, Work};

/// The landing page, and on it the sign-in dialog for whoever is not signed in.
#[derive(Debug, Template)]
#[template(path = "landing.html")]
pub struct Landing {
    /// What every page has.
    pub frame: Frame,
    /// The dialog.
    pub sign_in: Option<SignIn>,
    services: &'static [Service],
    works: &'static [Work],
}

impl Landing {
    /// The page with the studio's services and works.
    #[must_use]
    pub fn new(frame: Frame, sign_in: Option<SignIn>) -> Self {
        Self { frame, sign_in, services: &SERVICES, works: &WORKS }
    }
}
