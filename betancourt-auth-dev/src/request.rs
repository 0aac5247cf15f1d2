//! A request that reached a face, as the log keeps it.

use http::{HeaderMap, Method};

use crate::endpoint::Endpoint;
use crate::face::Face;

/// One request seen by the look-alikes; see [`LookAlikes::log`](crate::LookAlikes::log).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Request {
    /// The face it came to.
    pub face: Face,
    /// The endpoint it asked for.
    pub endpoint: Endpoint,
    /// Its method.
    pub method: Method,
    /// Its headers.
    pub headers: HeaderMap,
    /// The parameters of its query, in order.
    pub query: Vec<(String, String)>,
    /// The parameters of its form, in order; none when the body is not a form.
    pub form: Vec<(String, String)>,
    pub(crate) detail: String,
}

impl Request {
    /// The first value of a query parameter.
    #[must_use]
    pub fn query_value(&self, name: &str) -> Option<&str> {
        first(&self.query, name)
    }

    /// The first value of a form parameter.
    #[must_use]
    pub fn form_value(&self, name: &str) -> Option<&str> {
        first(&self.form, name)
    }

    /// What follows `scheme ` in the `Authorization` header.
    pub(crate) fn authorization(&self, scheme: &str) -> Option<&str> {
        authorization(&self.headers, scheme)
    }
}

/// What follows `scheme ` in the `Authorization` header.
pub(crate) fn authorization<'headers>(
    headers: &'headers HeaderMap,
    scheme: &str,
) -> Option<&'headers str> {
    let value = headers.get(http::header::AUTHORIZATION)?.to_str().ok()?;
    let (found, credentials) = value.split_once(' ')?;
    found.eq_ignore_ascii_case(scheme).then_some(credentials.trim())
}

pub(crate) fn first<'pairs>(pairs: &'pairs [(String, String)], name: &str) -> Option<&'pairs str> {
    pairs.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
}
