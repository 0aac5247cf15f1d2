//! What a provider tells of people who are not here: read, and held to what proves that the provider tells it.

mod notification;
mod security_event;
mod signed_request;

use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime};

use super::discovery::Endpoints;
use super::jws::{Fault, Parts, SKEW, seconds, text};
use super::{endpoints, is_safe, with_keys};
use crate::config::Setup;
use crate::documents::Demand;
use crate::error::{Error, ErrorKind, Flaw};
use crate::event::{Happening, ProviderEvent};
use crate::model::AccountKey;
use crate::provider::{Algorithm, Inbox, Protocol, Registration};
use crate::request::Request;
use crate::secret;

/// So long after it was made a token about somebody is believed: providers try again for days. So long is remembered
/// which ones were.
const BELIEVED_FOR: Duration = Duration::days(7);
const LONGEST_NAME: usize = 255;

/// Which of a provider's addresses a message came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// The one address of most providers.
    Messages,
    /// Facebook: somebody removed the application.
    Deauthorization,
    /// Facebook: somebody wants everything to be deleted.
    Deletion,
}

/// What an authentic message says.
#[derive(Debug)]
pub(crate) struct Message {
    /// What it is called: a second one of that name says nothing new.
    pub(crate) name: String,
    /// When it is too old to be believed anyway.
    pub(crate) believed_until: OffsetDateTime,
    /// What happened. Nothing, where the provider only tries the address, or says what we have no use for.
    pub(crate) events: Vec<ProviderEvent>,
}

/// Reads a message, if it is the provider's, for this application, and of these days.
///
/// # Errors
/// [`ErrorKind::UnknownAction`] where the provider has no such address, [`ErrorKind::MessageRefused`],
/// [`ErrorKind::ProviderUnreachable`] where its keys cannot be read.
pub(crate) async fn read_message(
    setup: &Setup,
    request: &Request,
    registration: &Registration,
    door: Door,
) -> Result<Message, Error> {
    let now = setup.now();
    match (registration.provider.inbox(), door) {
        (Some(Inbox::SignedRequests), Door::Deauthorization | Door::Deletion) => {
            let signed_request = request.form.last("signed_request").ok_or(MALFORMED)?;
            signed_request::judge(signed_request, registration, door, now)
        }
        (Some(Inbox::Notifications), Door::Messages) => {
            let token = request.form.last("payload").ok_or(MALFORMED)?;
            let endpoints = endpoints(setup, registration).await?;
            let expected = Expected::of_id_tokens(registration, &endpoints, now);
            verified(setup, &endpoints.jwks, token, &expected, notification::judge).await
        }
        (Some(Inbox::SecurityEvents(path)), Door::Messages) => {
            let token = request.event_token.as_deref().ok_or(MALFORMED)?;
            let issuer = issuer_of(registration);
            let url = format!("{}{path}", issuer.trim_end_matches('/'));
            let (http, documents) = setup.line_to(registration)?;
            let document = documents.read(&url, Demand::Fresh, now, http).await?;
            let transmitter = security_event::transmitter(&document, issuer)
                .filter(|transmitter| is_safe(transmitter.jwks, setup.config.environment))
                .ok_or(ErrorKind::DiscoveryMismatch)?;
            let expected = Expected::of_transmitter(registration, transmitter.issuer, now);
            verified(setup, transmitter.jwks, token, &expected, security_event::judge).await
        }
        _ => Err(ErrorKind::UnknownAction.into()),
    }
}

const MALFORMED: ErrorKind = ErrorKind::MessageRefused(Flaw::Malformed);

/// What a token about somebody must say.
#[derive(Debug)]
struct Expected<'a> {
    registration: &'a Registration,
    issuer: &'a str,
    /// What it may call itself. `None` is always admitted.
    kinds: &'static [&'static str],
    now: OffsetDateTime,
}

impl<'a> Expected<'a> {
    /// The issuer of its ID tokens tells it.
    fn of_id_tokens(
        registration: &'a Registration,
        endpoints: &'a Endpoints,
        now: OffsetDateTime,
    ) -> Self {
        let issuer = endpoints.issuer.as_deref().unwrap_or_default();
        Self { registration, issuer, kinds: &["JWT"], now }
    }

    /// An issuer that its own document names tells it.
    fn of_transmitter(
        registration: &'a Registration,
        issuer: &'a str,
        now: OffsetDateTime,
    ) -> Self {
        Self { registration, issuer, kinds: &["secevent+jwt", "JWT"], now }
    }

    fn algorithms(&self) -> &'a [Algorithm] {
        match &self.registration.provider.protocol {
            Protocol::OpenIdConnect { algorithms, .. } => algorithms,
            Protocol::OAuth2 { .. } => &[],
        }
    }

    fn provider(&self) -> &'a str {
        &self.registration.provider.id
    }

    /// An event of somebody at this provider.
    fn event(&self, subject: &str, happening: Happening, at: OffsetDateTime) -> ProviderEvent {
        ProviderEvent::new(AccountKey::new(self.provider(), subject), happening, at)
    }
}

fn issuer_of(registration: &Registration) -> &str {
    match &registration.provider.protocol {
        Protocol::OpenIdConnect { issuer, .. } => issuer,
        Protocol::OAuth2 { .. } => "",
    }
}

/// What judges the claims of a token whose signature is the provider's.
type Judge = fn(&Map<String, Value>, &Expected<'_>) -> Result<Vec<ProviderEvent>, Flaw>;

/// Verifies a token with the provider's keys, and reads it.
async fn verified(
    setup: &Setup,
    jwks: &str,
    token: &str,
    expected: &Expected<'_>,
    judge: Judge,
) -> Result<Message, Error> {
    let judge = |keys: &Value| verify(token, expected, keys, judge);
    let judged = with_keys(setup, expected.registration, jwks, judge).await?;
    judged.map_err(|refused| match refused {
        Refused::UnknownKey => ErrorKind::MessageRefused(Flaw::Signature).into(),
        Refused::Flaw(flaw) => ErrorKind::MessageRefused(flaw).into(),
    })
}

/// Why a token is no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refused {
    /// A newer set of keys might have the one that signed it.
    UnknownKey,
    Flaw(Flaw),
}

impl From<Flaw> for Refused {
    fn from(flaw: Flaw) -> Self {
        Self::Flaw(flaw)
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Malformed => Flaw::Malformed.into(),
            Fault::Algorithm => Flaw::Algorithm.into(),
            Fault::UnknownKey => Self::UnknownKey,
            Fault::Signature => Flaw::Signature.into(),
        }
    }
}

impl super::Stale for Refused {
    fn is_stale(&self) -> bool {
        *self == Self::UnknownKey
    }
}

/// A security event token (RFC 8417 §2.2): signed by the provider, from it, for us, of these days, and with a name.
fn verify(
    token: &str,
    expected: &Expected<'_>,
    keys: &Value,
    judge: Judge,
) -> Result<Message, Refused> {
    let parts = Parts::split(token)?;
    let algorithm = parts.algorithm(expected.algorithms(), expected.kinds)?;
    parts.check_signature(algorithm, expected.registration, keys)?;
    let claims = parts.claims().ok_or(Flaw::Malformed)?;
    if text(&claims, "iss") != Some(expected.issuer) {
        return Err(Flaw::Issuer.into());
    }
    check_audience(&claims, expected.registration)?;
    let issued_at = check_moment(&claims, expected.now)?;
    let name = text(&claims, "jti").filter(|name| !name.is_empty() && name.len() <= LONGEST_NAME);
    let name = name_of(expected.provider(), name.ok_or(Flaw::Malformed)?);
    let believed_until = issued_at + BELIEVED_FOR + SKEW;
    Ok(Message { name, believed_until, events: judge(&claims, expected)? })
}

/// `aud` names this application, by its client id or by another name of it.
fn check_audience(claims: &Map<String, Value>, registration: &Registration) -> Result<(), Flaw> {
    let is_us = |audience: &Value| {
        *audience == registration.client_id
            || registration.also_known_as.iter().any(|name| audience == name.as_ref())
    };
    let ours = match claims.get("aud") {
        Some(Value::Array(audiences)) => audiences.iter().any(is_us),
        Some(audience) => is_us(audience),
        None => false,
    };
    if ours { Ok(()) } else { Err(Flaw::Audience) }
}

/// `iat` is there and of these days. What happened has happened, so there need be no `exp` (RFC 8417 §2.2); where there is
/// one, it counts.
fn check_moment(claims: &Map<String, Value>, now: OffsetDateTime) -> Result<OffsetDateTime, Flaw> {
    let moment = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(value) => seconds(value).and_then(moment).map(Some).ok_or(Flaw::Malformed),
    };
    let (issued_at, expires) = (moment("iat")?.ok_or(Flaw::Malformed)?, moment("exp")?);
    let is_past = expires.is_some_and(|expires| expires <= now - SKEW);
    check_age(issued_at, now, BELIEVED_FOR)?;
    if is_past { Err(Flaw::Moment) } else { Ok(issued_at) }
}

/// Something was made no longer ago than that, and not later than now, give or take the skew.
fn check_age(made_at: OffsetDateTime, now: OffsetDateTime, longest: Duration) -> Result<(), Flaw> {
    let is_of_now = made_at <= now + SKEW && now - made_at <= longest + SKEW;
    if is_of_now { Ok(()) } else { Err(Flaw::Moment) }
}

fn moment(seconds: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(seconds).ok()
}

/// What a message is called in the store, where nobody reads from its name what it was.
fn name_of(provider: &str, own: &str) -> String {
    format!("inbox {}", secret::sha256_base64url(&format!("{provider}\n{own}")))
}
