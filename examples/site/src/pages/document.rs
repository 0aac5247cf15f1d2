//! The terms and the privacy policy.

use askama::Template;

use super::{Frame, Provider};
use crate::texts::Document;

/// A page of plain prose.
#[derive(Debug, Template)]
#[template(path = "document.html")]
pub struct DocumentPage {
    /// What every page has.
    pub frame: Frame,
    /// What it says.
    pub document: &'static Document,
    /// The ways to sign in that are switched on.
    pub providers: Vec<Provider>,
}
