//! The form on the landing page by which people write to the studio: what it shows, and what becomes of a message.

use axum::Form;
use axum::Json;
use axum::extract::ConnectInfo;
use axum::response::{IntoResponse as _, Redirect, Response};
use betancourt_auth::Peer;
use betancourt_auth_axum::MaybeSignedIn;
use http::header::{ACCEPT, CACHE_CONTROL, HeaderName, ORIGIN, RETRY_AFTER};
use http::{Extensions, HeaderMap, HeaderValue, StatusCode, Uri};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use time::Duration;
use url::form_urlencoded;

use super::{Person, landing};
use crate::catalogue::SERVICES;
use crate::front::{FOR_ONE, Front};
use crate::messages::{self, Message};
use crate::preferences::Language;
use crate::{failures, post, texts};

/// How many messages one network may send in an hour.
const MOST: u32 = 5;
const HOUR: Duration = Duration::HOUR;
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The longest of each, in characters.
const LONGEST_NAME: usize = 100;
const LONGEST_ADDRESS: usize = 254;
const LONGEST_MESSAGE: usize = 5000;

/// The form, as a page shows it.
#[derive(Clone, Debug, Default)]
pub struct Contact {
    /// What stands in its fields.
    pub entered: Entered,
    /// What is wrong with them.
    pub wrong: Wrong,
    /// What went wrong, if it was no field.
    pub problem: Option<Text>,
    /// What became of a message. Then the page says so in the place of the form.
    pub receipt: Option<Receipt>,
}

type Text = &'static str;

/// What was entered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Entered {
    /// Who writes.
    pub name: String,
    /// Where an answer goes.
    pub email: String,
    /// What they write.
    pub message: String,
    /// What no person sees, and so none fills in.
    website: String,
}

/// A sentence for each field that is wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Wrong {
    /// About the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// About the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Text>,
    /// About the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Text>,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// It is kept, and went to the studio by mail.
    Mailed,
    /// It is kept, and the mail that would have been sent can be read on a page: nobody else's site works like that.
    Shown,
    /// It is kept. No mail went out.
    Kept,
}

/// Why a message was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refused {
    /// It was not sent from a page of ours.
    Foreign,
    /// A field was filled in that no person sees.
    Automatic,
    /// Some fields are wrong.
    Fields(Wrong),
    /// This network has sent enough for now.
    TooMany,
    /// It could not be kept.
    NotKept,
}

/// `POST /contact`: keeps a message, mails it to the studio, and says what of that is true. Scripts get JSON.
///
/// # Errors
/// `500` when there is no token to be had.
pub async fn contact(
    front: Front,
    visitor: MaybeSignedIn,
    extensions: Extensions,
    Form(entered): Form<Entered>,
) -> Result<Response, StatusCode> {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| Peer(peer.ip()));
    let outcome = receive(&front, peer, &entered).await;
    if reads_json(front.headers()) {
        return Ok(for_script(outcome, front.language()));
    }
    let refused = match outcome {
        Ok(receipt) => return Ok(Redirect::to(&receipt.page()).into_response()),
        Err(refused) => refused,
    };
    let texts = &texts::Texts::of(front.language()).contact;
    let form = Contact {
        entered,
        wrong: refused.wrong(),
        problem: refused.sentence(texts),
        receipt: None,
    };
    let mut response = landing::show(&front, &visitor, form)?;
    *response.status_mut() = refused.status();
    response.headers_mut().insert(CACHE_CONTROL, FOR_ONE);
    response.headers_mut().extend(refused.retry_after());
    response.extensions_mut().insert(failures::Told);
    Ok(response)
}

/// `GET /contact`, for whoever reloads the page that a wrong form was answered with.
pub async fn contact_page() -> Redirect {
    Redirect::to("/#contact")
}

async fn receive(front: &Front, peer: Option<Peer>, entered: &Entered) -> Result<Receipt, Refused> {
    if !is_from_our_page(front) {
        return Err(Refused::Foreign);
    }
    if !entered.website.is_empty() {
        return Err(Refused::Automatic);
    }
    let message = entered.checked(front.language()).map_err(Refused::Fields)?;
    let (site, now) = (&front.site, front.site.now());
    let network = site.auth.config().trusted_proxies.network(peer, front.headers());
    let key = format!("contact:{}", network.as_deref().unwrap_or("unknown"));
    let count = site.auth.store().count(&key, now, now + HOUR).await;
    if count.map_err(|error| not_kept(&error))? > MOST {
        return Err(Refused::TooMany);
    }
    let id = messages::keep(&site.store, now, &message).await.map_err(|error| not_kept(&error))?;
    Ok(post::forward(site, &id, &message).await)
}

fn not_kept(error: &(dyn std::error::Error + 'static)) -> Refused {
    tracing::error!(error, "a message to the studio could not be kept");
    Refused::NotKept
}

/// Browsers say where a form was sent from, all that are in use. Nothing else proves it here: the page with the form is
/// the same for everybody, so that no token stands in it.
fn is_from_our_page(front: &Front) -> bool {
    let headers = front.headers();
    let says_so = headers.contains_key(ORIGIN) || headers.contains_key(&FETCH_SITE);
    says_so && front.site.auth.is_from_our_origin(headers)
}

fn reads_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("application/json"))
}

/// What a script is told.
#[derive(Debug, Default, Serialize)]
struct Told {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Text>,
    wrong: Wrong,
}

fn for_script(outcome: Result<Receipt, Refused>, language: Language) -> Response {
    let texts = &texts::Texts::of(language).contact;
    let private = [(CACHE_CONTROL, FOR_ONE)];
    match outcome {
        Ok(receipt) => {
            let (title, text) = (Some(texts.received), Some(receipt.sentence(texts)));
            let told = Told { title, text, ..Told::default() };
            (StatusCode::CREATED, private, Json(told)).into_response()
        }
        Err(refused) => {
            let (problem, wrong) = (refused.sentence(texts), refused.wrong());
            let told = Told { problem, wrong, ..Told::default() };
            let mut response = (refused.status(), private, Json(told)).into_response();
            response.headers_mut().extend(refused.retry_after());
            response
        }
    }
}

impl Contact {
    /// The form as an address asks for it: with what became of a message, with a service that somebody wants, and with
    /// who is signed in.
    pub(super) fn asked(uri: &Uri, language: Language, person: Option<&Person>) -> Self {
        let mut form = Self::default();
        if let Some(person) = person {
            form.entered.name = person.name.clone().unwrap_or_default();
            form.entered.email = person.email.clone().unwrap_or_default();
        }
        for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            match &*name {
                "message" => form.receipt = Receipt::named(&value),
                "about" => form.entered.message = about(&value, language).unwrap_or_default(),
                _ => {}
            }
        }
        form
    }
}

/// How a message about a service begins.
fn about(id: &str, language: Language) -> Option<String> {
    let service = SERVICES.iter().find(|service| service.id.to_string() == id)?;
    let about = texts::Texts::of(language).contact.about;
    Some(format!("{about} {}.\n\n", service.name.say(language)))
}

impl Entered {
    /// The message, or what is wrong with it.
    fn checked(&self, language: Language) -> Result<Message, Wrong> {
        let texts = &texts::Texts::of(language).contact;
        let one_line = |text: &str| text.split(char::is_control).collect::<Vec<_>>().join(" ");
        let name = one_line(self.name.trim());
        let email = self.email.trim().to_owned();
        let text = self.message.replace("\r\n", "\n");
        let is_text = |letter: &char| !letter.is_control() || matches!(letter, '\n' | '\t');
        let text: String = text.trim().chars().filter(is_text).collect();
        let wrong = Wrong {
            name: lack(&name, LONGEST_NAME, texts.name_missing, texts.name_too_long),
            email: (!is_address(&email)).then_some(texts.email_wrong),
            message: lack(&text, LONGEST_MESSAGE, texts.message_missing, texts.message_too_long),
        };
        if wrong == Wrong::default() {
            Ok(Message { name, email, text, language })
        } else {
            Err(wrong)
        }
    }
}

fn lack(text: &str, longest: usize, missing: Text, too_long: Text) -> Option<Text> {
    match text.chars().count() {
        0 => Some(missing),
        length if length > longest => Some(too_long),
        _ => None,
    }
}

/// Whether a text can be answered to: one mailbox, at a domain with a dot in it.
fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let is_plain = |letter: char| {
        !letter.is_whitespace() && !letter.is_control() && !"\"(),:;<>@[]\\".contains(letter)
    };
    text.len() <= LONGEST_ADDRESS
        && !local.is_empty()
        && local.chars().chain(domain.chars()).all(is_plain)
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
}

impl Receipt {
    const ALL: [Self; 3] = [Self::Mailed, Self::Shown, Self::Kept];

    fn name(self) -> &'static str {
        match self {
            Self::Mailed => "mailed",
            Self::Shown => "shown",
            Self::Kept => "kept",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|receipt| receipt.name() == name)
    }

    /// The page that says so.
    fn page(self) -> String {
        format!("/?message={}#contact", self.name())
    }

    /// What a person is told.
    #[must_use]
    pub fn sentence(self, texts: &'static texts::Contact) -> Text {
        match self {
            Self::Mailed => texts.mailed,
            Self::Shown => texts.shown,
            Self::Kept => texts.kept,
        }
    }
}

impl Refused {
    fn status(self) -> StatusCode {
        match self {
            Self::Foreign => StatusCode::FORBIDDEN,
            Self::Automatic | Self::Fields(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::NotKept => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn sentence(self, texts: &'static texts::Contact) -> Option<Text> {
        match self {
            Self::Foreign => Some(texts.foreign),
            Self::Automatic => Some(texts.automatic),
            Self::Fields(_) => None,
            Self::TooMany => Some(texts.too_many),
            Self::NotKept => Some(texts.not_kept),
        }
    }

    fn wrong(self) -> Wrong {
        if let Self::Fields(wrong) = self { wrong } else { Wrong::default() }
    }

    fn retry_after(self) -> Option<(HeaderName, HeaderValue)> {
        let seconds = match self {
            Self::TooMany => HOUR.whole_seconds(),
            Self::NotKept => 60,
            Self::Foreign | Self::Automatic | Self::Fields(_) => return None,
        };
        Some((RETRY_AFTER, HeaderValue::from(seconds)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entered(name: &str, email: &str, message: &str) -> Entered {
        let [name, email, message] = [name, email, message].map(str::to_owned);
        Entered { name, email, message, website: String::new() }
    }

    #[test]
    fn an_address_is_one_that_can_be_answered_to() {
        for address in ["ana@example.org", "ana+mix@mail.example.co", "añá@ejemplo.com.co"] {
            assert!(is_address(address), "{address}");
        }
        let long = format!("{}@example.org", "a".repeat(250));
        for none in
            ["", "ana", "ana@", "@example.org", "ana@example", "ana@.org", "ana@example.", &long]
        {
            assert!(!is_address(none), "{none}");
        }
        for sly in
            ["ana@a.org, bea@b.org", "ana@a.org\nBcc: bea@b.org", "Ana <ana@a.org>", "a@b@c.org"]
        {
            assert!(!is_address(sly), "{sly}");
        }
    }

    #[test]
    fn every_field_that_is_wrong_has_its_sentence() {
        let texts = &texts::Texts::of(Language::English).contact;
        let wrong = entered(" \r\n", "ana", "\t").checked(Language::English).unwrap_err();
        assert_eq!(wrong.name, Some(texts.name_missing));
        assert_eq!(wrong.email, Some(texts.email_wrong));
        assert_eq!(wrong.message, Some(texts.message_missing));
        let (name, message) = ("n".repeat(101), "m".repeat(5001));
        let wrong =
            entered(&name, "ana@example.org", &message).checked(Language::English).unwrap_err();
        assert_eq!((wrong.name, wrong.email), (Some(texts.name_too_long), None));
        assert_eq!(wrong.message, Some(texts.message_too_long));
    }

    #[test]
    fn a_message_is_kept_as_it_was_written_but_for_what_no_line_may_hold() {
        let written = entered(" Ana\r\nBcc: x ", " ana@example.org ", "Uno\r\n\tdos\0 tres\n\n");
        let message = written.checked(Language::Spanish).unwrap();
        assert_eq!(message.name, "Ana  Bcc: x");
        assert_eq!(message.email, "ana@example.org");
        assert_eq!(message.text, "Uno\n\tdos tres");
        assert!(entered("n", "a@b.co", &"ñ".repeat(5000)).checked(Language::Spanish).is_ok());
    }

    #[test]
    fn an_address_asks_for_a_service_or_tells_what_became_of_a_message() {
        let asked = |query: &str| {
            Contact::asked(&format!("/?{query}").parse().unwrap(), Language::English, None)
        };
        assert!(asked("about=1").entered.message.contains("Stem Mixing"));
        assert_eq!(asked("about=99").entered, Entered::default());
        assert_eq!(asked("message=kept").receipt, Some(Receipt::Kept));
        assert_eq!(asked("message=%3Cscript%3E").receipt, None);
        for receipt in Receipt::ALL {
            assert!(receipt.page().contains(receipt.name()));
            assert_eq!(Receipt::named(receipt.name()), Some(receipt));
        }
    }
}
