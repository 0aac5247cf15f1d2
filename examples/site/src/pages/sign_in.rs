//! The sign-in dialog: its buttons, and what it says after a failure.

use betancourt_auth::provider::Registration;
use http::Uri;
use url::{Url, form_urlencoded};

use crate::routes::AFTER_SIGN_IN;
use crate::texts::Texts;

/// The longest address to return to that the library takes.
const LONGEST: usize = 2048;

/// A way to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Its identifier, as in the address.
    pub id: String,
    /// Its name, as people know it.
    pub name: String,
}

impl From<&Registration> for Provider {
    fn from(registration: &Registration) -> Self {
        let provider = &registration.provider;
        let name = if provider.id == "microsoft-entra-id" { "Microsoft" } else { &*provider.name };
        Self { id: provider.id.to_string(), name: name.to_owned() }
    }
}

/// The sign-in dialog.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The buttons, in order.
    pub providers: Vec<Provider>,
    /// The form for an address to send a link to, if mail is sent.
    pub mail: Option<Provider>,
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

/// What the address of the landing page says about signing in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    callback_url: Option<String>,
    pub(super) error: Option<String>,
    pub(super) reference: Option<Reference>,
}

impl Asked {
    /// Reads the query; of two equal names the last one counts, as everywhere in sign-in.
    pub(super) fn read(uri: &Uri) -> Self {
        let (mut asked, mut word) = (Self::default(), None);
        for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            match &*name {
                "callbackUrl" => asked.callback_url = Some(value.into_owned()),
                "error" => asked.error = Some(value.into_owned()),
                "ref" => asked.reference = Reference::parse(&value),
                "code" => word = Some(value.into_owned()),
                _ => {}
            }
        }
        // Whoever is shut out has proven that it is them, and is told so.
        if let (Some("AccessDenied"), Some("suspended")) = (asked.error.as_deref(), word.as_deref())
        {
            asked.error = Some("Suspended".to_owned());
        }
        asked
    }

    /// Whether the dialog comes open: after an error, and for whoever has yet to sign in to go on.
    pub(super) fn opens_for(&self, somebody: bool) -> bool {
        self.error.is_some() || (self.callback_url.is_some() && !somebody)
    }

    /// Where to go after signing in: on our own origin, else to the dashboard.
    pub(super) fn return_to(&self, ours: &Url) -> String {
        let wanted = self
            .callback_url
            .as_deref()
            .filter(|wanted| !wanted.is_empty() && wanted.len() <= LONGEST);
        let stays =
            |wanted: &&str| ours.join(wanted).is_ok_and(|url| url.origin() == ours.origin());
        wanted.filter(stays).unwrap_or(AFTER_SIGN_IN).to_owned()
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
        "EmailSignin" => errors.email_sign_in,
        "InvalidCallbackUrl" => errors.invalid_callback_url,
        "MissingCSRF" => errors.missing_csrf,
        "OAuthAccountNotLinked" => errors.oauth_account_not_linked,
        "OAuthCallbackError" => errors.oauth_callback_error,
        "ProviderUnavailable" => errors.provider_unavailable,
        "RateLimited" => errors.rate_limited,
        "ReauthRequired" => errors.reauth_required,
        "SecondFactorRequired" => errors.second_factor_required,
        "SessionRequired" => errors.session_required,
        "Suspended" => errors.suspended,
        "Unavailable" => errors.unavailable,
        "Verification" => errors.verification,
        _ => errors.general,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preferences::Language;

    fn asked(query: &str) -> Asked {
        Asked::read(&format!("/?{query}").parse().unwrap())
    }

    #[test]
    fn the_dialog_opens_after_an_error_and_for_whoever_has_to_sign_in() {
        assert!(!asked("utm_source=x").opens_for(false));
        assert!(asked("callbackUrl=%2Fdashboard").opens_for(false));
        assert!(!asked("callbackUrl=%2Fdashboard").opens_for(true));
        assert!(asked("error=ReauthRequired").opens_for(true));
    }

    #[test]
    fn whoever_is_shut_out_is_told_so() {
        let error = |query| asked(query).error;
        let suspended = Some("Suspended".to_owned());
        assert_eq!(error("error=AccessDenied&code=suspended&ref=K7QW2MXA"), suspended);
        assert_eq!(error("error=AccessDenied&code=other").as_deref(), Some("AccessDenied"));
        assert_eq!(
            error("error=CredentialsSignin&code=suspended").as_deref(),
            Some("CredentialsSignin")
        );
        assert_eq!(error("code=suspended"), None);
    }

    #[test]
    fn people_return_to_our_own_origin_or_to_the_dashboard() {
        let ours = Url::parse("http://localhost:3000/").unwrap();
        let return_to = |query| asked(query).return_to(&ours);
        assert_eq!(return_to("callbackUrl=%2Fdashboard%3Ftab%3D2"), "/dashboard?tab=2");
        assert_eq!(
            return_to("callbackUrl=http%3A%2F%2Flocalhost%3A3000%2Fadmin"),
            "http://localhost:3000/admin"
        );
        assert_eq!(return_to("callbackUrl=%2Fa&callbackUrl=%2Fb"), "/b");
        let long = format!("callbackUrl=/{}", "a".repeat(LONGEST));
        for foreign in
            ["", "callbackUrl=", "callbackUrl=https://evil.test/", "callbackUrl=//evil.test", &long]
        {
            assert_eq!(return_to(foreign), "/dashboard", "{foreign}");
        }
    }

    const CODES: [&str; 18] = [
        "AccessDenied",
        "BadRequest",
        "Configuration",
        "CredentialsSignin",
        "EmailNotVerified",
        "EmailSignin",
        "InvalidCallbackUrl",
        "MissingCSRF",
        "OAuthAccountNotLinked",
        "OAuthCallbackError",
        "ProviderUnavailable",
        "RateLimited",
        "ReauthRequired",
        "SecondFactorRequired",
        "SessionRequired",
        "Suspended",
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

    /// Answers to scripts, which lead to no page.
    const NOT_ON_A_PAGE: [&str; 4] = ["LastAdministrator", "LastWayIn", "NotFound", "Unauthorized"];

    #[test]
    fn every_code_of_the_library_is_among_them() {
        let shown = |code: &betancourt_auth::Code| !NOT_ON_A_PAGE.contains(&code.as_str());
        for code in betancourt_auth::Code::ALL.into_iter().filter(shown) {
            assert!(CODES.contains(&code.as_str()), "{}", code.as_str());
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
