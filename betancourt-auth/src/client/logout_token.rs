//! The verifier of logout tokens (OpenID Connect Back-Channel Logout §2.6): one function, top to bottom.

use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime};

use super::id_token::{Expected, Rejected, check_audience, check_issuer};
use super::jws::{Parts, SKEW, seconds, text};
use crate::error::Claim;

/// What a logout token may call itself.
const KINDS: [&str; 2] = ["logout+jwt", "JWT"];
/// The one thing it is about.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// No token is older, so that its `jti` need not be remembered for long. There is no allowance: within that time even
/// a clock that is a minute late has delivered it.
const OLDEST: Duration = Duration::minutes(2);
const LONGEST_NAME: usize = 255;

/// What a verified logout token says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct LogoutToken {
    /// The person there. Where it is missing, there is a session.
    pub(crate) subject: Option<String>,
    /// The session there.
    pub(crate) sid: Option<String>,
    /// What it is called: it counts once.
    pub(crate) jti: String,
    /// When it counts no longer, whatever its own end.
    pub(crate) forgotten_at: OffsetDateTime,
}

/// What a token says that is the provider's, for us, about signing out, and of now. That it counts once, the store sees
/// to.
pub(super) fn verify(
    token: &str,
    expected: &Expected<'_>,
    keys: &Value,
) -> Result<LogoutToken, Rejected> {
    let parts = Parts::split(token)?;
    // A header that names a kind names this one, or none in particular; whatever it says, `events` tells the kinds apart.
    let algorithm = parts.algorithm(expected.algorithms, &KINDS)?;
    let key_issuer = parts.check_signature(algorithm, expected.registration, keys)?;
    let claims = parts.claims().ok_or(Claim::Malformed)?;
    check_issuer(&claims, expected, key_issuer)?;
    check_audience(&claims, expected.registration)?;
    let issued_at = check_times(&claims, expected.now)?;
    let is_about_signing_out = claims.get("events").and_then(|events| events.get(EVENT));
    if !is_about_signing_out.is_some_and(Value::is_object) {
        return Err(Claim::Events.into());
    }
    // So that nobody takes it for an ID token, and no ID token for it.
    if claims.contains_key("nonce") {
        return Err(Claim::Nonce.into());
    }
    let (subject, sid) = (name(&claims, "sub")?, name(&claims, "sid")?);
    if subject.is_none() && sid.is_none() {
        return Err(Claim::Subject.into());
    }
    let jti = name(&claims, "jti")?.ok_or(Claim::Malformed)?;
    Ok(LogoutToken { subject, sid, jti, forgotten_at: issued_at + OLDEST + SKEW })
}

/// `iat` is there and lies within the last two minutes; `exp`, if it is there, lies ahead.
fn check_times(claims: &Map<String, Value>, now: OffsetDateTime) -> Result<OffsetDateTime, Claim> {
    let moment = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(value) => seconds(value).map(Some).ok_or(Claim::Malformed),
    };
    let issued = moment("iat")?.ok_or(Claim::IssuedAt)?;
    let issued = OffsetDateTime::from_unix_timestamp(issued).map_err(|_| Claim::Malformed)?;
    if moment("exp")?.is_some_and(|expires| expires <= (now - SKEW).unix_timestamp())
        || issued < now - OLDEST
    {
        return Err(Claim::Expiry);
    }
    if issued > now + SKEW { Err(Claim::IssuedAt) } else { Ok(issued) }
}

/// A claim that names something; `None` where it is missing.
fn name(claims: &Map<String, Value>, name: &str) -> Result<Option<String>, Claim> {
    if !claims.contains_key(name) {
        return Ok(None);
    }
    let is_one = |text: &&str| !text.is_empty() && text.len() <= LONGEST_NAME;
    text(claims, name).filter(is_one).map(|text| Some(text.to_owned())).ok_or(Claim::Malformed)
}
