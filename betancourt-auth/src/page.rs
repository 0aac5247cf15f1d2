//! The built-in pages: sign in, sign out, what went wrong. An application may bring its own.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY, X_FRAME_OPTIONS,
};
use http::{Response, StatusCode};
use ring::digest;

use crate::error::Code;

const STYLE: &str = include_str!("../templates/style.css");

/// A page, made and ready to be sent.
#[derive(Debug)]
pub(crate) struct Page {
    status: StatusCode,
    html: String,
    form_action: String,
}

/// A provider to choose.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) action: String,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignIn<'a> {
    pub(crate) choices: Vec<Choice>,
    pub(crate) csrf_token: &'a str,
    pub(crate) callback_url: &'a str,
    pub(crate) message: Option<&'static str>,
    pub(crate) reference: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "sign_out.html")]
pub(crate) struct SignOut<'a> {
    pub(crate) action: &'a str,
    pub(crate) csrf_token: &'a str,
    pub(crate) callback_url: &'a str,
}

#[derive(Template)]
#[template(path = "error.html")]
pub(crate) struct Problem<'a> {
    pub(crate) title: &'static str,
    pub(crate) message: &'static str,
    pub(crate) reference: Option<&'a str>,
    pub(crate) home: &'a str,
}

impl<'a> Problem<'a> {
    pub(crate) fn new(code: Option<Code>, reference: Option<&'a str>, home: &'a str) -> Self {
        let title = match code {
            Some(Code::AccessDenied) => "You cannot come in here",
            Some(Code::Unavailable) => "We will be back in a moment",
            Some(Code::RateLimited) => "One moment, please",
            Some(_) | None => "That did not work",
        };
        Self { title, message: message(code), reference, home }
    }

    /// The same in plain words, where no page may stand: its address holds what nobody else should learn.
    pub(crate) fn in_words(&self, status: StatusCode) -> Response<Bytes> {
        let reference =
            self.reference.map_or_else(String::new, |text| format!("Reference {text}\n"));
        let words = format!("{}\n\n{}\n{reference}", self.title, self.message);
        let mut response = Response::new(words.into());
        *response.status_mut() = status;
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, plain);
        response
    }
}

impl Page {
    /// Renders a template. A template over texts cannot fail, and if it did, an empty page would be honest.
    pub(crate) fn render(status: StatusCode, template: &impl Template) -> Self {
        Self {
            status,
            html: template.render().unwrap_or_default(),
            form_action: "'self'".to_owned(),
        }
    }

    /// Lets forms lead to these origins: browsers hold a redirect after a form's post to the same rule.
    pub(crate) fn leading_to(mut self, origins: &[String]) -> Self {
        for origin in origins {
            self.form_action.push(' ');
            self.form_action.push_str(origin);
        }
        self
    }

    pub(crate) fn into_response(self) -> Response<Bytes> {
        let policy = format!(
            "default-src 'none'; style-src '{}'; form-action {}; base-uri 'none'; frame-ancestors 'none'",
            style_hash(),
            self.form_action
        );
        let mut response = Response::new(self.html.into());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        // `no-referrer` would make browsers send `Origin: null` with the page's own forms.
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        if let Ok(policy) = HeaderValue::try_from(policy) {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
        response
    }
}

/// What a person is told. A code that is not on the list gets the general sentence.
pub(crate) fn message(code: Option<Code>) -> &'static str {
    match code {
        Some(Code::AccessDenied) => "You do not have permission to sign in.",
        Some(Code::Configuration) => {
            "Sign-in is not set up correctly. Please tell the people who run this site."
        }
        Some(Code::InvalidCallbackUrl) => "The address to return to cannot be used.",
        Some(Code::MissingCSRF) => {
            "This page was open for too long, or its cookies were blocked. Please try again."
        }
        Some(Code::OAuthAccountNotLinked) => {
            "This address is already in use with another way to sign in. Please use the one you used first."
        }
        Some(Code::OAuthCallbackError) => {
            "The sign-in was not completed. Nothing has changed; you can try again."
        }
        Some(Code::ProviderUnavailable) => {
            "The provider does not answer at the moment. Please try again soon, or choose another one."
        }
        Some(Code::RateLimited) => {
            "There were too many attempts. Please wait a minute and try again."
        }
        Some(Code::ReauthRequired) => "Please sign out and in again before you do this.",
        Some(Code::Unavailable) => {
            "We cannot sign anybody in at the moment. Please try again in a minute."
        }
        Some(Code::BadRequest) | None => "Something went wrong. Please try again.",
    }
}

/// Letters of a reference: none that is taken for another.
pub(crate) const REFERENCE_LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// How many letters a reference has.
pub(crate) const REFERENCE_LENGTH: usize = 8;

/// Whether a text has the form of a reference. Anybody can write one into an address; only the form is harmless.
pub(crate) fn is_reference(text: &str) -> bool {
    text.len() == REFERENCE_LENGTH && text.bytes().all(|letter| REFERENCE_LETTERS.contains(&letter))
}

fn style_hash() -> String {
    format!("sha256-{}", STANDARD.encode(digest::digest(&digest::SHA256, STYLE.as_bytes())))
}
