//! The sign-in dialog: its buttons, and what it says after a failure.

use crate::texts::Texts;

/// A way to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Its identifier, as in the address.
    pub id: String,
    /// Its name, as people know it.
    pub name: String,
}

/// The sign-in dialog.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The buttons, in order.
    pub providers: Vec<Provider>,
    /// Where a person goes afterwards.
    pub return_to: String,
    /// The token of its forms: there when the dialog comes open, else fetched by the script.
    pub csrf_token: Option<String>,
    /// The code of what went wrong, if something did.
    pub problem: Option<String>,
    /// How the log calls what went wrong.
    pub reference: Option<Reference>,
}

impl SignIn {
    /// Whether the page comes with the dialog open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.csrf_token.is_some()
    }
}

/// How a failure is called in the log: eight characters without those that look alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference(String);

impl Reference {
    /// The reference in a query, unless it is something else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits =
            text.len() == 8 && text.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'9'));
        fits.then(|| Self(text.to_owned()))
    }

    /// Its eight characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The sentence for a public code; whatever is not on the list gets the general one.
#[must_use]
pub fn sentence(texts: &'static Texts, code: &str) -> &'static str {
    let errors = &texts.sign_in_errors;
    match code {
        "AccessDenied" => errors.access_denied,
        "BadRequest" => errors.bad_request,
        "Configuration" => errors.configuration,
        "CredentialsSignin" => errors.credentials_sign_in,
        "EmailNotVerified" => errors.email_not_verified,
        "InvalidCallbackUrl" => errors.invalid_callback_url,
        "MissingCSRF" => errors.missing_csrf,
        "OAuthAccountNotLinked" => errors.oauth_account_not_linked,
        "OAuthCallbackError" => errors.oauth_callback_error,
        "ProviderUnavailable" => errors.provider_unavailable,
        "RateLimited" => errors.rate_limited,
        "ReauthRequired" => errors.reauth_required,
        "SecondFactorRequired" => errors.second_factor_required,
        "SessionRequired" => errors.session_required,
        "Unavailable" => errors.unavailable,
        "Verification" => errors.verification,
        _ => errors.general,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preferences::Language;

    const CODES: [&str; 16] = [
        "AccessDenied",
        "BadRequest",
        "Configuration",
        "CredentialsSignin",
        "EmailNotVerified",
        "InvalidCallbackUrl",
        "MissingCSRF",
        "OAuthAccountNotLinked",
        "OAuthCallbackError",
        "ProviderUnavailable",
        "RateLimited",
        "ReauthRequired",
        "SecondFactorRequired",
        "SessionRequired",
        "Unavailable",
        "Verification",
    ];

    #[test]
    fn every_code_has_a_sentence_of_its_own() {
        for language in [Language::English, Language::Spanish] {
            let texts = Texts::of(language);
            let mut sentences: Vec<_> = CODES.iter().map(|code| sentence(texts, code)).collect();
            sentences.push(texts.sign_in_errors.general);
            sentences.sort_unstable();
            sentences.dedup();
            assert_eq!(sentences.len(), CODES.len() + 1);
        }
    }

    #[test]
    fn any_other_code_gets_the_general_sentence() {
        let texts = Texts::of(Language::English);
        for code in ["", "accessdenied", "<script>", "OAuthSignin"] {
            assert_eq!(sentence(texts, code), texts.sign_in_errors.general);
        }
    }

    #[test]
    fn a_reference_is_eight_clear_characters() {
        assert_eq!(
            Reference::parse("K7QW2MXA").map(|reference| reference.0).as_deref(),
            Some("K7QW2MXA")
        );
        for other in
            ["", "K7QW2MX", "K7QW2MXAB", "k7qw2mxa", "K7QW2MX0", "K7QW2MX1", "K7QW<MXA", "K7QW2MXÁ"]
        {
            assert_eq!(Reference::parse(other), None, "{other}");
        }
    }
}
