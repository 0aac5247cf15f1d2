//! How lately, and how strongly, people must have proven who they are.

use time::Duration;

use super::Text;

/// What an application demands of a sign-in beyond who the person is (OpenID Connect Core §3.1.2.1). The provider is
/// asked for it, and its ID token must say that it was so: one that says nothing is refused (§3.1.3.7).
///
/// ```
/// use betancourt_auth::provider::{Registration, oidc};
/// use time::Duration;
/// let provider = oidc("our-own", "Our own", "https://id.example.com");
/// let mut registration = Registration::new(provider, "my-client-id", "my-client-secret");
/// registration.assurance.max_age = Some(Duration::minutes(5));
/// registration.assurance.acr_values = vec!["urn:example:two-factors".into()];
/// assert!(!registration.assurance.is_nothing());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Assurance {
    /// How long before they begin to sign in here people may have signed in at the provider: `max_age`, which the claim
    /// `auth_time` must meet. With zero they sign in there each time, as they do where a page passes on `prompt=login`.
    pub max_age: Option<Duration>,
    /// The classes of proof one of which must have been used, the dearest first: `acr_values`, one of which the claim
    /// `acr` must be.
    pub acr_values: Vec<Text>,
}

impl Assurance {
    /// Whether nothing is demanded.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// What the authorization request says of it.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = (&'static str, String)> {
        let max_age = self.max_age.map(|age| ("max_age", age.whole_seconds().max(0).to_string()));
        let acr_values = Some(self.acr_values.join(" ")).filter(|values| !values.is_empty());
        max_age.into_iter().chain(acr_values.map(|values| ("acr_values", values)))
    }
}
