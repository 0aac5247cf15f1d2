//! The logout request (OpenID Connect RP-Initiated Logout 1.0 §2): where a browser goes to sign out at the provider, too.

use url::Url;

use crate::error::{Error, ErrorKind};
use crate::provider::Registration;
use crate::secret::Secret;

/// A longer hint would not fit into the addresses that servers read.
const LONGEST_HINT: usize = 4096;

/// What one sign-out adds to what is configured.
#[derive(Debug)]
pub(crate) struct Farewell<'a> {
    /// Where the provider sends the browser afterwards.
    pub(crate) redirect_uri: &'a str,
    pub(crate) state: &'a str,
    /// The ID token of the session that ends, so that the provider need not ask who that is.
    pub(crate) id_token: Option<&'a Secret>,
}

/// Where the browser goes to sign out at the provider.
pub(crate) fn logout_request(
    registration: &Registration,
    endpoint: &str,
    farewell: &Farewell<'_>,
) -> Result<String, Error> {
    let malformed = |error| Error::because(ErrorKind::ProviderMalformed, error);
    let mut url = Url::parse(endpoint).map_err(malformed)?;
    let hint = farewell.id_token.map(Secret::expose).filter(|token| token.len() <= LONGEST_HINT);
    url.query_pairs_mut()
        .extend_pairs(hint.map(|token| ("id_token_hint", token)))
        .append_pair("client_id", &registration.client_id)
        .append_pair("post_logout_redirect_uri", farewell.redirect_uri)
        .append_pair("state", farewell.state);
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::oidc;

    fn request(id_token: Option<&Secret>) -> String {
        let provider = oidc("our-own", "Our own", "https://id.example.com");
        let registration = Registration::public(provider, "an app");
        let redirect_uri = "https://app.example.com/auth/signed-out";
        let farewell = Farewell { redirect_uri, state: "s", id_token };
        logout_request(&registration, "https://id.example.com/end?tenant=7", &farewell).unwrap()
    }

    #[test]
    fn a_request_says_who_where_and_for_what() {
        assert_eq!(
            request(Some(&Secret::new("a.b.c"))),
            "https://id.example.com/end?tenant=7&id_token_hint=a.b.c&client_id=an+app\
             &post_logout_redirect_uri=https%3A%2F%2Fapp.example.com%2Fauth%2Fsigned-out&state=s"
        );
    }

    #[test]
    fn a_hint_that_is_too_long_stays_at_home() {
        let token = Secret::new("a".repeat(LONGEST_HINT + 1));
        assert_eq!(request(Some(&token)), request(None));
    }
}
