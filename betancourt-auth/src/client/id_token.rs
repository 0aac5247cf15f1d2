//! The verifier of ID tokens (OpenID Connect Core §3.1.3.7): one function, top to bottom.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime};

use super::discovery::{Endpoints, TENANT, is_tenant_id};
use super::jwks;
use super::token::Granted;
use crate::error::{Claim, Error, ErrorKind};
use crate::provider::{Algorithm, Protocol, Quirk, Registration, Tenants};
use crate::secret;
use crate::witness::Attempt;

/// How far a provider's clock and ours may be apart.
const SKEW: Duration = Duration::seconds(60);
const LONGEST_TOKEN: usize = 64 * 1024;
const LONGEST_HEADER: usize = 4 * 1024;
const LONGEST_SUBJECT: usize = 255;
/// The tenant of everybody's private accounts at Microsoft.
const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// What a token must say.
#[derive(Debug)]
pub(super) struct Expected<'a> {
    registration: &'a Registration,
    issuer: &'a str,
    algorithms: &'a [Algorithm],
    nonce: &'a str,
    access_token: &'a str,
    /// When the attempt began: no token of ours is older.
    began_at: OffsetDateTime,
    now: OffsetDateTime,
}

/// Why a token is none.
#[derive(Debug)]
pub(super) enum Rejected {
    /// The set has no key that could have signed it; a newer set might.
    UnknownKey,
    /// It fails a check.
    Error(Error),
}

impl From<Claim> for Rejected {
    fn from(claim: Claim) -> Self {
        Self::Error(ErrorKind::IdToken(claim).into())
    }
}

impl<'a> Expected<'a> {
    pub(super) fn new(
        registration: &'a Registration,
        endpoints: &'a Endpoints,
        attempt: &'a Attempt,
        granted: &'a Granted,
        now: OffsetDateTime,
    ) -> Self {
        let algorithms: &[Algorithm] = match &registration.provider.protocol {
            Protocol::OpenIdConnect { algorithms, .. } => algorithms,
            Protocol::OAuth2 { .. } => &[],
        };
        let issuer = endpoints.issuer.as_deref().unwrap_or_default();
        let (nonce, began_at) = (attempt.nonce.as_str(), attempt.began_at);
        Self { registration, issuer, algorithms, nonce, access_token: &granted.access_token, began_at, now }
    }
}

/// The claims of a token that is the provider's, for us, for this attempt, and of now.
pub(super) fn verify(token: &str, expected: &Expected<'_>, keys: &Value) -> Result<Value, Rejected> {
    let parts = Parts::split(token).ok_or(Claim::Malformed)?;

    // The algorithm comes from the configuration; the token only says which of those it is (RFC 8725 §3.1).
    let algorithm = parts.algorithm(expected.algorithms).ok_or(Claim::Algorithm)?;

    // The signature is checked whatever channel the token came by, and key material in the header never counts.
    let candidates = jwks::candidates(keys, algorithm, parts.key_id()?);
    if candidates.is_empty() {
        return Err(Rejected::UnknownKey);
    }
    let key = candidates.iter().find(|key| key.verifies(algorithm, parts.signed, &parts.signature));
    let key = key.ok_or(Claim::Signature)?;

    let claims = parts.claims().ok_or(Claim::Malformed)?;
    check_issuer(&claims, expected, key.issuer())?;
    check_audience(&claims, &expected.registration.client_id)?;
    check_times(&claims, expected.began_at, expected.now)?;
    if !text(&claims, "nonce").is_some_and(|nonce| secret::eq(nonce, expected.nonce)) {
        return Err(Claim::Nonce.into());
    }
    if !text(&claims, "sub").is_some_and(|subject| !subject.is_empty() && subject.len() <= LONGEST_SUBJECT) {
        return Err(Claim::Subject.into());
    }
    if claims.get("at_hash").is_some_and(|hash| *hash != half_hash(expected.access_token)) {
        return Err(Claim::AccessTokenHash.into());
    }
    check_admission(&claims, expected)?;
    Ok(Value::Object(claims))
}

/// A token in its three parts (RFC 7515 §7.1).
struct Parts<'a> {
    header: Map<String, Value>,
    payload: &'a str,
    signature: Vec<u8>,
    signed: &'a [u8],
}

impl<'a> Parts<'a> {
    fn split(token: &'a str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.').filter(|_| token.len() <= LONGEST_TOKEN)?;
        let (header, payload) = signed.split_once('.').filter(|(header, _)| header.len() <= LONGEST_HEADER)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        Some(Self { header: object(header)?, payload, signature, signed: signed.as_bytes() })
    }

    /// The configured algorithm that the header names. A header with `crit`, or of another kind of token, names none.
    fn algorithm(&self, configured: &[Algorithm]) -> Option<Algorithm> {
        let is_id_token = match self.header.get("typ") {
            None => true,
            Some(kind) => kind.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("JWT")),
        };
        let named = text(&self.header, "alg").filter(|_| is_id_token && !self.header.contains_key("crit"))?;
        configured.iter().copied().find(|algorithm| algorithm.name() == named)
    }

    fn key_id(&self) -> Result<Option<&str>, Claim> {
        match self.header.get("kid") {
            None => Ok(None),
            Some(kid) => kid.as_str().map(Some).ok_or(Claim::Malformed),
        }
    }

    /// The claims. A logout token, which has `events`, is no ID token (OpenID Connect Back-Channel Logout §2.4).
    fn claims(&self) -> Option<Map<String, Value>> {
        object(self.payload).filter(|claims| !claims.contains_key("events"))
    }
}

/// `iss` is the configured issuer, one of its documented spellings, or that of the token's own tenant.
fn check_issuer(claims: &Map<String, Value>, expected: &Expected<'_>, key_issuer: Option<&str>) -> Result<(), Claim> {
    let issuer = text(claims, "iss").ok_or(Claim::Issuer)?;
    let quirks = &expected.registration.provider.quirks;
    let spelled = |quirk: &Quirk| matches!(quirk, Quirk::IssuerSpelling(spelling) if spelling == issuer);
    if !quirks.iter().any(|quirk| matches!(quirk, Quirk::TenantIssuer(_))) {
        let ours = issuer == expected.issuer || quirks.iter().any(spelled);
        return if ours { Ok(()) } else { Err(Claim::Issuer) };
    }
    let tenant = text(claims, "tid").filter(|tenant| is_tenant_id(tenant)).ok_or(Claim::Issuer)?;
    let of_tenant = |template: &str| template.replace(TENANT, tenant) == issuer;
    let names_tenant = issuer.split('/').any(|segment| segment == tenant);
    let ours = names_tenant && of_tenant(expected.issuer) && key_issuer.is_none_or(of_tenant);
    if ours { Ok(()) } else { Err(Claim::Issuer) }
}

/// `aud` is our client id alone, and `azp`, if it is there, is ours.
fn check_audience(claims: &Map<String, Value>, client_id: &str) -> Result<(), Claim> {
    let ours = match claims.get("aud") {
        Some(Value::String(audience)) => audience == client_id,
        Some(Value::Array(audiences)) => matches!(audiences.as_slice(), [audience] if audience == client_id),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => false,
    };
    let authorized = claims.get("azp").is_none_or(|party| party == client_id);
    if ours && authorized { Ok(()) } else { Err(Claim::Audience) }
}

/// `exp` and `iat` are there; `exp` lies ahead, `nbf` does not, and the token was issued between the beginning of the
/// attempt and now. All give or take the skew.
fn check_times(claims: &Map<String, Value>, began_at: OffsetDateTime, now: OffsetDateTime) -> Result<(), Claim> {
    let moment = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(value) => seconds(value).map(Some).ok_or(Claim::Malformed),
    };
    let (expires, issued, not_before) = (moment("exp")?, moment("iat")?, moment("nbf")?);
    let (began_at, now, skew) = (began_at.unix_timestamp(), now.unix_timestamp(), SKEW.whole_seconds());
    let issued = issued.ok_or(Claim::IssuedAt)?;
    if expires.ok_or(Claim::Expiry)? <= now - skew || issued < began_at - skew {
        tracing::warn!(seconds = issued - now, "an ID token was issued so far from now");
        return Err(Claim::Expiry);
    }
    let ahead = |moment: i64| moment > now + skew;
    if ahead(issued) || not_before.is_some_and(ahead) {
        return Err(Claim::IssuedAt);
    }
    Ok(())
}

/// Whether people of that kind may come in: of that domain, of that tenant.
fn check_admission(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<(), Rejected> {
    let provider = &expected.registration.provider;
    let Protocol::OpenIdConnect { issuer: configured, .. } = &provider.protocol else { return Ok(()) };
    let tenant = text(claims, "tid").unwrap_or_default();
    let admits = |quirk: &Quirk| match quirk {
        Quirk::HostedDomain(domain) => text(claims, "hd") == Some(domain),
        Quirk::TenantIssuer(Tenants::Only(tenants)) => tenants.iter().any(|admitted| admitted == tenant),
        Quirk::TenantIssuer(Tenants::Any) => tenant != CONSUMERS || !configured.ends_with("/organizations/v2.0"),
        Quirk::AppSecretProof | Quirk::FormPost | Quirk::IssuerSpelling(_) | Quirk::KeepClaims(_) => true,
    };
    if provider.quirks.iter().all(admits) { Ok(()) } else { Err(Rejected::Error(ErrorKind::OutsiderRefused.into())) }
}

fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    members.get(name).and_then(Value::as_str)
}

/// A NumericDate (RFC 7519 §2) in whole seconds. Anything but a number that is a moment is none.
fn seconds(value: &Value) -> Option<i64> {
    const YEAR_9999: f64 = 253_402_300_799.0;
    let seconds = value.as_f64().filter(|seconds| (0.0..=YEAR_9999).contains(seconds))?;
    #[expect(clippy::cast_possible_truncation, reason = "the range above fits")]
    let whole = seconds as i64;
    Some(whole)
}

/// `at_hash`: the left half of the access token's SHA-256 (OpenID Connect Core §3.1.3.6). All algorithms we know
/// hash with SHA-256.
fn half_hash(access_token: &str) -> String {
    let hash = digest::digest(&digest::SHA256, access_token.as_bytes());
    let (half, _) = hash.as_ref().split_at(hash.as_ref().len() / 2);
    URL_SAFE_NO_PAD.encode(half)
}
