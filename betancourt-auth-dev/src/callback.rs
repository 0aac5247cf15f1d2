//! The authorization response: what the browser carries back to the app.

use url::Url;
use url::form_urlencoded;

/// The provider's return to the app (RFC 6749 §4.1.2), by query or by `form_post`.
///
/// [`LookAlikes::approve`](crate::LookAlikes::approve) returns it, and
/// [`Tamper::callback`](crate::Tamper::callback) changes it before the browser gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Callback {
    /// The registered redirect address.
    pub redirect_uri: Url,
    /// How the parameters travel.
    pub response_mode: ResponseMode,
    /// The parameters, in order.
    pub parameters: Vec<(String, String)>,
}

/// How an authorization response travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseMode {
    /// In the query of a redirect.
    Query,
    /// In a form that the browser posts (OAuth 2.0 Form Post Response Mode).
    FormPost,
}

impl Callback {
    /// The first value of a parameter.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// Sets a parameter, in place of every earlier one of that name.
    pub fn set(&mut self, name: &str, value: &str) {
        self.remove(name);
        self.parameters.push((name.to_owned(), value.to_owned()));
    }

    /// Removes every parameter of that name.
    pub fn remove(&mut self, name: &str) {
        self.parameters.retain(|(found, _)| found != name);
    }

    /// The address a browser follows when the parameters travel in the query.
    #[must_use]
    pub fn location(&self) -> Url {
        let mut location = self.redirect_uri.clone();
        location.query_pairs_mut().extend_pairs(&self.parameters);
        location
    }

    /// The body a browser posts when the parameters travel in a form.
    #[must_use]
    pub fn form(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.parameters).finish()
    }
}

impl ResponseMode {
    /// Its name on the wire: `query` or `form_post`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::FormPost => "form_post",
        }
    }

    pub(crate) fn with_name(name: &str) -> Option<Self> {
        match name {
            "query" => Some(Self::Query),
            "form_post" => Some(Self::FormPost),
            _ => None,
        }
    }
}
