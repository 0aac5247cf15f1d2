//! The pages a person sees. Each says what it is.

mod choice;
mod mail;
mod news;

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderValue, StatusCode};
use ring::digest::{SHA256, digest};
use url::Url;

use crate::answer::{Answer, Body};
use crate::callback::Callback;
use crate::face::Face;
use crate::person::Person;

pub(crate) use choice::ChoicePage;
pub(crate) use mail::mail;
pub(crate) use news::{Told, news};

const STYLE: &str = include_str!("style.css");
const SUBMIT: &str = "document.forms[0].submit()";

/// The page at `/`: what runs here, and where each face begins.
pub(crate) fn home(faces: Vec<(Face, String)>) -> Answer {
    answer(StatusCode::OK, &Home { style: STYLE, faces })
}

/// Why nobody is sent anywhere.
pub(crate) fn refused(face: Face, sentence: &str) -> Answer {
    answer(StatusCode::BAD_REQUEST, &Refused { style: STYLE, face, sentence })
}

/// A form that posts itself to the app, or by a button where scripts do not run.
pub(crate) fn form_post(face: Face, callback: &Callback) -> Answer {
    answer(StatusCode::OK, &FormPost { style: STYLE, submit: SUBMIT, face, callback })
}

/// The same, of a provider that has no face.
pub(crate) fn plain_form_post(callback: &Callback) -> Answer {
    answer(StatusCode::OK, &PlainFormPost { style: STYLE, submit: SUBMIT, callback })
}

/// Somebody has signed out, which the app is told in a frame.
pub(crate) fn signed_out(frame: &Url, back: Option<&Url>) -> Answer {
    let mut answer = answer(StatusCode::OK, &SignedOut { style: STYLE, frame, back });
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; frame-src {}; base-uri 'none'",
        hash(STYLE),
        frame.origin().ascii_serialization()
    );
    if let Ok(policy) = HeaderValue::try_from(policy) {
        answer.headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    answer
}

/// A person's initials, as a picture.
pub(crate) fn picture(person: &Person) -> String {
    let hue = person.subject.bytes().fold(0_u16, |hue, byte| (hue * 7 + u16::from(byte)) % 360);
    rendered(&Picture { initials: person.initials(), hue })
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    style: &'static str,
    faces: Vec<(Face, String)>,
}

#[derive(Template)]
#[template(path = "refused.html")]
struct Refused<'page> {
    style: &'static str,
    face: Face,
    sentence: &'page str,
}

#[derive(Template)]
#[template(path = "form_post.html")]
struct FormPost<'page> {
    style: &'static str,
    submit: &'static str,
    face: Face,
    callback: &'page Callback,
}

#[derive(Template)]
#[template(path = "plain_form_post.html")]
struct PlainFormPost<'page> {
    style: &'static str,
    submit: &'static str,
    callback: &'page Callback,
}

#[derive(Template)]
#[template(path = "signed_out.html")]
struct SignedOut<'page> {
    style: &'static str,
    frame: &'page Url,
    back: Option<&'page Url>,
}

#[derive(Template)]
#[template(path = "picture.svg")]
struct Picture {
    initials: String,
    hue: u16,
}

/// A page as it is sent.
fn answer(status: StatusCode, template: &impl Template) -> Answer {
    let mut answer = Answer::new(status, Body::Text(rendered(template)));
    answer.headers.insert(CONTENT_SECURITY_POLICY, content_security_policy());
    answer
        .with(CONTENT_TYPE, "text/html; charset=utf-8")
        // The app's own check of Origin needs one, and the query must not travel with it.
        .with(REFERRER_POLICY, "strict-origin")
        .with(X_CONTENT_TYPE_OPTIONS, "nosniff")
        .private()
}

/// What a page may load: its own style, its one script, the pictures of its people, a mail.
///
/// There is no `form-action`: browsers apply it to every redirect that follows, and where the
/// app sends its people is the app's own affair.
fn content_security_policy() -> HeaderValue {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src 'self' data:; \
         frame-src 'self'; base-uri 'none'; frame-ancestors 'none'",
        hash(STYLE),
        hash(SUBMIT),
    );
    // Base64 and the text above are visible ASCII; without a policy nothing may load at all.
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// Templates write into a string, which takes everything; a failure leaves the page empty.
fn rendered(template: &impl Template) -> String {
    template.render().unwrap_or_default()
}

fn hash(inline: &str) -> String {
    STANDARD.encode(digest(&SHA256, inline.as_bytes()))
}
