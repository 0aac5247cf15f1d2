//! The verifier of ID tokens (OpenID Connect Core §3.1.3.7): one function, top to bottom.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::discovery::{Endpoints, TENANT, is_tenant_id};
use super::jws::{Fault, Parts, SKEW, seconds, text};
use super::token::Granted;
use crate::error::{Claim, Error, ErrorKind};
use crate::provider::{Algorithm, Assurance, Protocol, Quirk, Registration, Tenants};
use crate::secret;
use crate::witness::Attempt;

/// What an ID token may call itself.
const KINDS: [&str; 1] = ["JWT"];
const LONGEST_SUBJECT: usize = 255;
/// The tenant of everybody's private accounts at Microsoft.
const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// What brought a token.
#[derive(Clone, Copy, Debug)]
pub(super) enum Occasion<'a> {
    SignIn(&'a Attempt),
    /// A refresh that began then. Its token has no nonce of ours (OpenID Connect Core §12.2).
    Refresh(OffsetDateTime),
}

/// What a token must say.
#[derive(Debug)]
pub(super) struct Expected<'a> {
    pub(super) registration: &'a Registration,
    issuer: &'a str,
    pub(super) algorithms: &'a [Algorithm],
    nonce: Option<&'a str>,
    access_token: &'a str,
    /// What was demanded beyond who the person is: of a refresh nothing.
    assurance: Option<&'a Assurance>,
    /// When the occasion began: no token of ours is older.
    began_at: OffsetDateTime,
    pub(super) now: OffsetDateTime,
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

impl From<Fault> for Rejected {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Malformed => Claim::Malformed.into(),
            Fault::Algorithm => Claim::Algorithm.into(),
            Fault::UnknownKey => Self::UnknownKey,
            Fault::Signature => Claim::Signature.into(),
        }
    }
}

impl<'a> Expected<'a> {
    pub(super) fn new(
        registration: &'a Registration,
        endpoints: &'a Endpoints,
        occasion: Occasion<'a>,
        granted: &'a Granted,
        now: OffsetDateTime,
    ) -> Self {
        let (attempt, began_at) = match occasion {
            Occasion::SignIn(attempt) => (Some(attempt), attempt.began_at),
            Occasion::Refresh(began_at) => (None, began_at),
        };
        Self {
            nonce: attempt.map(|attempt| attempt.nonce.as_str()),
            access_token: &granted.access_token,
            assurance: attempt.map(|attempt| &attempt.assurance),
            began_at,
            ..Self::at_any_time(registration, endpoints, now)
        }
    }

    /// What any token of the provider must say, whatever brought it.
    pub(super) fn at_any_time(
        registration: &'a Registration,
        endpoints: &'a Endpoints,
        now: OffsetDateTime,
    ) -> Self {
        let algorithms: &[Algorithm] = match &registration.provider.protocol {
            Protocol::OpenIdConnect { algorithms, .. } => algorithms,
            Protocol::OAuth2 { .. } => &[],
        };
        Self {
            registration,
            issuer: endpoints.issuer.as_deref().unwrap_or_default(),
            algorithms,
            nonce: None,
            access_token: "",
            assurance: None,
            began_at: now,
            now,
        }
    }
}

impl<'a> Expected<'a> {
    /// Who was registered there.
    pub(super) fn registration(&self) -> &'a Registration {
        self.registration
    }
}

/// What judges a token: [`verify`], [`verify_user_info`], or that of another kind of token.
pub(super) type Verifier<'a, T> = fn(&str, &Expected<'a>, &Value) -> Result<T, Rejected>;

/// The claims of a token that is the provider's, for us, for this occasion, and of now.
pub(super) fn verify(
    token: &str,
    expected: &Expected<'_>,
    keys: &Value,
) -> Result<Value, Rejected> {
    let parts = Parts::split(token)?;

    // The algorithm comes from the configuration, never from the token (RFC 8725 §3.1).
    let algorithm = parts.algorithm(expected.algorithms, &KINDS)?;

    // The signature is checked whatever channel the token came by, and key material in the header never counts.
    let key_issuer = parts.check_signature(algorithm, expected.registration, keys)?;

    let claims = of_an_id_token(&parts).ok_or(Claim::Malformed)?;
    check_issuer(&claims, expected, key_issuer)?;
    check_audience(&claims, expected.registration)?;
    check_times(&claims, expected.began_at, expected.now)?;
    let is_ours = |ours| text(&claims, "nonce").is_some_and(|nonce| secret::eq(nonce, ours));
    let sends_none = expected.registration.provider.quirks.contains(&Quirk::NoNonce);
    let is_right =
        if sends_none { !claims.contains_key("nonce") } else { expected.nonce.is_none_or(is_ours) };
    if !is_right {
        return Err(Claim::Nonce.into());
    }
    if !text(&claims, "sub")
        .is_some_and(|subject| !subject.is_empty() && subject.len() <= LONGEST_SUBJECT)
    {
        return Err(Claim::Subject.into());
    }
    if claims.get("at_hash").is_some_and(|hash| !is_hash_of(expected.access_token, algorithm, hash))
    {
        return Err(Claim::AccessTokenHash.into());
    }
    check_assurance(&claims, expected)?;
    check_admission(&claims, expected)?;
    Ok(Value::Object(claims))
}

/// The claims of a UserInfo answer that is signed (OpenID Connect Core §5.3.2), for us if it says for whom.
pub(super) fn verify_user_info(
    token: &str,
    expected: &Expected<'_>,
    keys: &Value,
) -> Result<Value, Rejected> {
    let parts = Parts::split(token)?;
    let algorithm = parts.algorithm(expected.algorithms, &KINDS)?;
    let key_issuer = parts.check_signature(algorithm, expected.registration, keys)?;
    let claims = of_an_id_token(&parts).ok_or(Claim::Malformed)?;
    if claims.contains_key("iss") {
        check_issuer(&claims, expected, key_issuer)?;
    }
    if claims.contains_key("aud") {
        check_audience(&claims, expected.registration)?;
    }
    Ok(Value::Object(claims))
}

/// The claims of a token of an attempt that begins now, with that nonce and that access token.
#[cfg(feature = "_parts")]
pub(crate) fn judge(
    registration: &Registration,
    (nonce, access_token): (&str, &str),
    (token, keys): (&str, &Value),
    now: OffsetDateTime,
) -> Option<Value> {
    let Protocol::OpenIdConnect { issuer, algorithms } = &registration.provider.protocol else {
        return None;
    };
    let expected = Expected {
        registration,
        issuer,
        algorithms,
        nonce: Some(nonce),
        access_token,
        assurance: Some(&registration.assurance),
        began_at: now,
        now,
    };
    verify(token, &expected, keys).ok()
}

/// The claims of a token that was verified before.
pub(super) fn claims(token: &str) -> Option<Map<String, Value>> {
    Parts::split(token).ok().and_then(|parts| of_an_id_token(&parts))
}

/// The claims. A logout token, or any other security event token, has `events` and is no ID token (OpenID Connect
/// Back-Channel Logout §2.4, RFC 8417 §4.1).
fn of_an_id_token(parts: &Parts<'_>) -> Option<Map<String, Value>> {
    parts.claims().filter(|claims| !claims.contains_key("events"))
}

/// `iss` is the configured issuer, one of its documented spellings, or that of the token's own tenant.
pub(super) fn check_issuer(
    claims: &Map<String, Value>,
    expected: &Expected<'_>,
    key_issuer: Option<&str>,
) -> Result<(), Claim> {
    let issuer = text(claims, "iss").ok_or(Claim::Issuer)?;
    let quirks = &expected.registration.provider.quirks;
    let spelled =
        |quirk: &Quirk| matches!(quirk, Quirk::IssuerSpelling(spelling) if spelling == issuer);
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

/// `aud` is our client id, beside none but trusted ones, and `azp` is ours: where there are several, it must be there.
pub(super) fn check_audience(
    claims: &Map<String, Value>,
    registration: &Registration,
) -> Result<(), Claim> {
    let audiences = match claims.get("aud") {
        Some(Value::Array(audiences)) => audiences.as_slice(),
        Some(audience @ Value::String(_)) => std::slice::from_ref(audience),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => &[],
    };
    let is_us = |party: &Value| *party == registration.client_id;
    let trusted = &registration.trusted_audiences;
    let admitted =
        |party: &Value| is_us(party) || trusted.iter().any(|known| party == known.as_ref());
    let ours = audiences.iter().any(is_us) && audiences.iter().all(admitted);
    let authorized = claims.get("azp").map_or(audiences.len() == 1, is_us);
    if ours && authorized { Ok(()) } else { Err(Claim::Audience) }
}

/// `exp` and `iat` are there; `exp` lies ahead, `nbf` does not, and the token was issued between the beginning of the
/// attempt and now. All give or take the skew.
fn check_times(
    claims: &Map<String, Value>,
    began_at: OffsetDateTime,
    now: OffsetDateTime,
) -> Result<(), Rejected> {
    let moment = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(value) => seconds(value).map(Some).ok_or(Claim::Malformed),
    };
    let (expires, issued, not_before) = (moment("exp")?, moment("iat")?, moment("nbf")?);
    let (began_at, now, skew) =
        (began_at.unix_timestamp(), now.unix_timestamp(), SKEW.whole_seconds());
    let issued = issued.ok_or(Claim::IssuedAt)?;
    let off = |claim| Error::because(ErrorKind::IdToken(claim), ClockOffset(issued - now));
    if expires.ok_or(Claim::Expiry)? <= now - skew || issued < began_at - skew {
        return Err(Rejected::Error(off(Claim::Expiry)));
    }
    let ahead = |moment: i64| moment > now + skew;
    if ahead(issued) || not_before.is_some_and(ahead) {
        return Err(Rejected::Error(off(Claim::IssuedAt)));
    }
    Ok(())
}

/// How far the moment at which a token was issued lies from our own: where a clock is wrong, that is how much.
#[derive(Debug, thiserror::Error)]
#[error("the token was issued {0:+} seconds from now")]
struct ClockOffset(i64);

/// The person proved who they are as lately and as strongly as was demanded. A claim that is missing counts as the
/// weakest (OpenID Connect Core §3.1.3.7).
fn check_assurance(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<(), Claim> {
    let Some(Assurance { max_age, acr_values, .. }) = expected.assurance else { return Ok(()) };
    if let Some(max_age) = max_age {
        let earliest = expected.began_at.saturating_sub(*max_age).saturating_sub(SKEW);
        let lately = earliest.unix_timestamp()..=(expected.now + SKEW).unix_timestamp();
        let proven_at = claims.get("auth_time").and_then(seconds);
        if !proven_at.is_some_and(|proven_at| lately.contains(&proven_at)) {
            return Err(Claim::AuthenticationTime);
        }
    }
    let suffices = |class: &str| acr_values.iter().any(|demanded| demanded == class);
    if acr_values.is_empty() || text(claims, "acr").is_some_and(suffices) {
        Ok(())
    } else {
        Err(Claim::AuthenticationClass)
    }
}

/// Whether people of that kind may come in: of that domain, of that tenant.
fn check_admission(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<(), Rejected> {
    let provider = &expected.registration.provider;
    let Protocol::OpenIdConnect { issuer: configured, .. } = &provider.protocol else {
        return Ok(());
    };
    let tenant = text(claims, "tid").unwrap_or_default();
    let admits = |quirk: &Quirk| match quirk {
        Quirk::HostedDomain(domain) => text(claims, "hd") == Some(domain),
        Quirk::TenantIssuer(Tenants::Only(tenants)) => {
            tenants.iter().any(|admitted| admitted == tenant)
        }
        Quirk::TenantIssuer(Tenants::Any) => {
            tenant != CONSUMERS || !configured.ends_with("/organizations/v2.0")
        }
        Quirk::AppSecretProof
        | Quirk::ClientIdAs(_)
        | Quirk::CommaScopes
        | Quirk::DiscoveryBelow(_)
        | Quirk::DocumentHeader(..)
        | Quirk::FormPost
        | Quirk::Inbox(_)
        | Quirk::IssuerSpelling(_)
        | Quirk::KeepClaims(_)
        | Quirk::NameInForm
        | Quirk::NoNonce
        | Quirk::NoPkce
        | Quirk::Parameter(..)
        | Quirk::PostedDocuments
        | Quirk::PushedRequests
        | Quirk::PushedRequestsTo(_)
        | Quirk::ScopeList
        | Quirk::TokenEndpointAudience
        | Quirk::TokenAnswer
        | Quirk::UntypedToken
        | Quirk::UserInfo => true,
    };
    if provider.quirks.iter().all(admits) {
        Ok(())
    } else {
        Err(Rejected::Error(ErrorKind::OutsiderRefused.into()))
    }
}

/// Whether `at_hash` is the access token's. How it is made where Ed25519 signs, no standard says: most take the SHA-512
/// that is within Ed25519, others (Glewlwyd) SHA-256. Either binds the token.
fn is_hash_of(access_token: &str, algorithm: Algorithm, claim: &Value) -> bool {
    let is_made_for = |algorithm| *claim == half_hash(algorithm, access_token);
    is_made_for(algorithm) || (algorithm == Algorithm::EdDsa && is_made_for(Algorithm::Es256))
}

/// `at_hash`: the left half of the access token's hash, made as the algorithm hashes (OpenID Connect Core §3.1.3.6).
fn half_hash(algorithm: Algorithm, access_token: &str) -> String {
    let made_by = match algorithm {
        Algorithm::Es256 | Algorithm::Hs256 | Algorithm::Ps256 | Algorithm::Rs256 => {
            &digest::SHA256
        }
        Algorithm::Es384 | Algorithm::Ps384 | Algorithm::Rs384 => &digest::SHA384,
        // Ed25519 hashes with SHA-512 itself (RFC 8032 §5.1).
        Algorithm::EdDsa | Algorithm::Ps512 | Algorithm::Rs512 => &digest::SHA512,
    };
    let hash = digest::digest(made_by, access_token.as_bytes());
    let (half, _) = hash.as_ref().split_at(hash.as_ref().len() / 2);
    URL_SAFE_NO_PAD.encode(half)
}

#[cfg(test)]
mod tests {
    use ring::hmac;
    use ring::rand::SystemRandom;
    use ring::signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair,
    };
    use serde_json::json;
    use time::Duration;

    use super::*;
    use crate::provider::{google, microsoft_entra_id};

    const NOW: i64 = 1_800_000_000;
    const TENANT_ID: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

    struct Issuer(EcdsaKeyPair);

    impl Issuer {
        fn new() -> Self {
            let random = SystemRandom::new();
            let document =
                EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
            let pair = EcdsaKeyPair::from_pkcs8(
                &ECDSA_P256_SHA256_FIXED_SIGNING,
                document.as_ref(),
                &random,
            );
            Self(pair.unwrap())
        }

        fn keys(&self) -> Value {
            let (x, y) = self.0.public_key().as_ref()[1..].split_at(32);
            let [x, y] = [x, y].map(|coordinate| URL_SAFE_NO_PAD.encode(coordinate));
            json!({ "keys": [
                { "kty": "oct", "kid": "one", "k": "c2VjcmV0" },
                { "kty": "EC", "crv": "P-256", "kid": "one", "use": "sig", "alg": "ES256", "x": x, "y": y },
            ] })
        }

        fn sign(&self, header: &Value, claims: &Value) -> String {
            let signed =
                [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
            let signature = self.0.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
            format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
        }
    }

    fn header() -> Value {
        json!({ "alg": "ES256", "kid": "one", "typ": "JWT" })
    }

    fn claims() -> Value {
        json!({
            "iss": "https://accounts.google.com", "aud": "client", "sub": "1042", "nonce": "nonce",
            "iat": NOW, "exp": NOW + 3600, "at_hash": half_hash(Algorithm::Es256, "access"),
        })
    }

    fn registration() -> Registration {
        let mut provider = google();
        let issuer = "https://accounts.google.com".into();
        provider.protocol = Protocol::OpenIdConnect { issuer, algorithms: vec![Algorithm::Es256] };
        Registration::new(provider, "client", "secret")
    }

    fn verify_as(
        registration: &Registration,
        issuer: &str,
        token: &str,
        keys: &Value,
    ) -> Result<Value, Rejected> {
        verify_by(&[Algorithm::Es256], registration, issuer, (token, keys))
    }

    fn verify_by(
        algorithms: &[Algorithm],
        registration: &Registration,
        issuer: &str,
        (token, keys): (&str, &Value),
    ) -> Result<Value, Rejected> {
        let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
        let expected = Expected {
            registration,
            issuer,
            algorithms,
            nonce: Some("nonce"),
            access_token: "access",
            assurance: None,
            began_at: now - Duration::minutes(1),
            now,
        };
        verify(token, &expected, keys)
    }

    fn verdict(header: &Value, claims: &Value) -> Result<Value, Claim> {
        let issuer = Issuer::new();
        let token = issuer.sign(header, claims);
        verify_as(&registration(), "https://accounts.google.com", &token, &issuer.keys())
            .map_err(claim)
    }

    fn claim(rejected: Rejected) -> Claim {
        match rejected {
            Rejected::Error(error) => match error.kind() {
                ErrorKind::IdToken(claim) => claim,
                other => panic!("{other:?}"),
            },
            Rejected::UnknownKey => panic!("unknown key"),
        }
    }

    /// The claims with one changed; `null` takes it away.
    fn with(name: &str, value: Value) -> Value {
        let mut claims = claims();
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name)
        } else {
            claims.as_object_mut().unwrap().insert(name.into(), value)
        };
        claims
    }

    /// A token with an HMAC under a secret.
    fn shared(secret: &str, claims: &Value) -> String {
        let header = json!({ "alg": "HS256" });
        let signed =
            [&header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let tag = hmac::sign(&key, signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    #[test]
    fn an_hmac_counts_under_the_client_secret_and_where_it_is_configured() {
        let (confidential, keys) = (registration(), Issuer::new().keys());
        let public = Registration::public(google(), "client");
        let verdict_for = |registration, algorithm, secret| {
            let token = shared(secret, &claims());
            let by = verify_by(
                &[algorithm],
                registration,
                "https://accounts.google.com",
                (&token, &keys),
            );
            by.map(drop).map_err(claim)
        };
        let verdict = |algorithm, secret| verdict_for(&confidential, algorithm, secret);
        assert_eq!(verdict(Algorithm::Hs256, "secret"), Ok(()));
        assert_eq!(verdict_for(&public, Algorithm::Hs256, ""), Err(Claim::Signature));
        assert_eq!(verdict(Algorithm::Hs256, "another"), Err(Claim::Signature));
        assert_eq!(verdict(Algorithm::Es256, "secret"), Err(Claim::Algorithm));
    }

    #[test]
    fn a_key_on_the_larger_curve_signs_es384_alone() {
        let random = SystemRandom::new();
        let kind = &ECDSA_P384_SHA384_FIXED_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(kind, document.as_ref(), &random).unwrap();
        let (x, y) = pair.public_key().as_ref()[1..].split_at(48);
        let [x, y] = [x, y].map(|coordinate| URL_SAFE_NO_PAD.encode(coordinate));
        let keys =
            json!({ "keys": [{ "kty": "EC", "crv": "P-384", "kid": "one", "x": x, "y": y }] });
        let verdict = |named: &str, algorithm, hashed_by| {
            let claims = with("at_hash", half_hash(hashed_by, "access").into());
            let header = json!({ "alg": named, "kid": "one" });
            let signed =
                [&header, &claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
            let signature = pair.sign(&random, signed.as_bytes()).unwrap();
            let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
            let by = verify_by(
                &[algorithm],
                &registration(),
                "https://accounts.google.com",
                (&token, &keys),
            );
            by.map(drop).map_err(claim)
        };
        assert_eq!(verdict("ES384", Algorithm::Es384, Algorithm::Es384), Ok(()));
        assert_eq!(verdict("ES256", Algorithm::Es256, Algorithm::Es256), Err(Claim::Signature));
        let by_the_other_hash = verdict("ES384", Algorithm::Es384, Algorithm::Es256);
        assert_eq!(by_the_other_hash, Err(Claim::AccessTokenHash));
    }

    #[test]
    fn where_ed25519_signs_the_hash_is_one_of_two() {
        let is_hash = |signed_by, hashed_by, token| {
            is_hash_of("access", signed_by, &half_hash(hashed_by, token).into())
        };
        assert!(is_hash(Algorithm::EdDsa, Algorithm::EdDsa, "access"));
        assert!(is_hash(Algorithm::EdDsa, Algorithm::Es256, "access"));
        assert!(!is_hash(Algorithm::EdDsa, Algorithm::Es384, "access"));
        assert!(!is_hash(Algorithm::EdDsa, Algorithm::Es256, "another"));
        assert!(!is_hash(Algorithm::Es256, Algorithm::EdDsa, "access"));
    }

    #[test]
    fn where_no_nonce_is_sent_none_may_come() {
        let mut registration = registration();
        registration.provider.quirks.push(Quirk::NoNonce);
        let issuer = Issuer::new();
        let verdict = |claims: &Value| {
            let token = issuer.sign(&header(), claims);
            let by =
                verify_as(&registration, "https://accounts.google.com", &token, &issuer.keys());
            by.map(drop).map_err(claim)
        };
        assert_eq!(verdict(&with("nonce", Value::Null)), Ok(()));
        assert_eq!(verdict(&claims()), Err(Claim::Nonce));
        assert_eq!(verdict(&with("nonce", json!("another"))), Err(Claim::Nonce));
    }

    #[test]
    fn a_signed_user_info_is_the_providers_and_for_us() {
        let issuer = Issuer::new();
        let (registration, keys) = (registration(), issuer.keys());
        let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
        let expected = Expected {
            registration: &registration,
            issuer: "https://accounts.google.com",
            algorithms: &[Algorithm::Es256],
            nonce: Some("nonce"),
            access_token: "access",
            assurance: None,
            began_at: now,
            now,
        };
        let verdict = |claims: &Value| {
            let token = issuer.sign(&header(), claims);
            verify_user_info(&token, &expected, &keys).map(drop).map_err(claim)
        };
        assert_eq!(verdict(&json!({ "sub": "1042", "name": "Ana" })), Ok(()));
        assert_eq!(verdict(&json!({ "sub": "1042", "aud": "client" })), Ok(()));
        assert_eq!(verdict(&json!({ "sub": "1042", "aud": "other" })), Err(Claim::Audience));
        assert_eq!(verdict(&json!({ "iss": "https://evil.test" })), Err(Claim::Issuer));
        let forged = Issuer::new().sign(&header(), &json!({ "sub": "1042" }));
        let forged = verify_user_info(&forged, &expected, &keys).map_err(claim);
        assert_eq!(forged, Err(Claim::Signature));
    }

    #[test]
    fn a_sound_token_is_accepted_in_all_its_spellings() {
        for sound in [
            claims(),
            with("iss", json!("accounts.google.com")),
            with("aud", json!(["client"])),
            with("azp", json!("client")),
            with("exp", json!(NOW - 59)),
            with("iat", json!(NOW + 59)),
            with("at_hash", Value::Null),
        ] {
            assert_eq!(verdict(&header(), &sound).unwrap(), sound);
        }
        assert!(verdict(&json!({ "alg": "ES256" }), &claims()).is_ok());
    }

    #[test]
    fn each_claim_is_judged() {
        for (name, value, claim) in [
            ("iss", json!("https://evil.test"), Claim::Issuer),
            ("iss", Value::Null, Claim::Issuer),
            ("aud", json!("another"), Claim::Audience),
            ("aud", json!([]), Claim::Audience),
            ("aud", json!(["client", "another"]), Claim::Audience),
            ("aud", Value::Null, Claim::Audience),
            ("azp", json!("another"), Claim::Audience),
            ("exp", json!(NOW - 60), Claim::Expiry),
            ("exp", Value::Null, Claim::Expiry),
            ("exp", json!("never"), Claim::Malformed),
            ("exp", json!(-1), Claim::Malformed),
            ("iat", Value::Null, Claim::IssuedAt),
            ("iat", json!(NOW + 61), Claim::IssuedAt),
            ("iat", json!(NOW - 600), Claim::Expiry),
            ("nbf", json!(NOW + 61), Claim::IssuedAt),
            ("nbf", json!("9999999999"), Claim::Malformed),
            ("nonce", json!("another"), Claim::Nonce),
            ("nonce", Value::Null, Claim::Nonce),
            ("sub", json!(""), Claim::Subject),
            ("sub", json!(1042), Claim::Subject),
            ("sub", json!("x".repeat(256)), Claim::Subject),
            ("sub", Value::Null, Claim::Subject),
            ("at_hash", json!("another"), Claim::AccessTokenHash),
            ("events", json!({}), Claim::Malformed),
        ] {
            let hostile = with(name, value);
            assert_eq!(verdict(&header(), &hostile).unwrap_err(), claim, "{name} in {hostile}");
        }
    }

    #[test]
    fn the_header_chooses_nothing() {
        for hostile in [
            json!({ "alg": "none" }),
            json!({ "alg": "HS256", "kid": "one" }),
            json!({ "alg": "RS256", "kid": "one" }),
            json!({ "alg": "es256", "kid": "one" }),
            json!({ "alg": "ES256", "kid": "one", "typ": "at+jwt" }),
            json!({ "alg": "ES256", "kid": "one", "crit": ["exp"] }),
            json!({ "kid": "one" }),
        ] {
            assert_eq!(verdict(&hostile, &claims()).unwrap_err(), Claim::Algorithm, "{hostile}");
        }
    }

    #[test]
    fn the_signature_must_be_the_issuers() {
        let (issuer, another) = (Issuer::new(), Issuer::new());
        let registration = registration();
        let google = "https://accounts.google.com";
        let token = another.sign(&header(), &claims());
        assert_eq!(
            claim(verify_as(&registration, google, &token, &issuer.keys()).unwrap_err()),
            Claim::Signature
        );
        let token = issuer.sign(&json!({ "alg": "ES256", "kid": "two" }), &claims());
        let unknown = verify_as(&registration, google, &token, &issuer.keys());
        assert!(matches!(unknown, Err(Rejected::UnknownKey)));
    }

    #[test]
    fn other_audiences_count_if_they_are_trusted_and_the_token_was_given_to_us() {
        let issuer = Issuer::new();
        let mut registration = registration();
        registration.trusted_audiences.push("studio".into());
        let judge = |audiences: Value, party: Value| {
            let mut claims = with("aud", audiences);
            claims["azp"] = party;
            let token = issuer.sign(&header(), &claims);
            verify_as(&registration, "https://accounts.google.com", &token, &issuer.keys())
                .map(drop)
                .map_err(claim)
        };
        let ours = json!("client");
        assert_eq!(judge(json!(["client", "studio"]), ours.clone()), Ok(()));
        for (audiences, party) in [
            (json!(["client", "studio"]), json!("studio")),
            (json!(["client", "studio"]), Value::Null),
            (json!(["client", "another"]), ours.clone()),
            (json!(["studio"]), ours.clone()),
            (json!("studio"), ours.clone()),
        ] {
            assert_eq!(judge(audiences, party), Err(Claim::Audience));
        }
    }

    #[test]
    fn a_claim_that_is_missing_is_the_weakest() {
        let (issuer, registration) = (Issuer::new(), registration());
        let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
        let assurance = Assurance {
            max_age: Some(Duration::minutes(5)),
            acr_values: vec!["two".into(), "three".into()],
        };
        let expected = Expected {
            registration: &registration,
            issuer: "https://accounts.google.com",
            algorithms: &[Algorithm::Es256],
            nonce: Some("nonce"),
            access_token: "access",
            assurance: Some(&assurance),
            began_at: now,
            now,
        };
        let verdict = |proven_at: Value, class: Value| {
            let mut claims = with("auth_time", proven_at);
            claims["acr"] = class;
            let token = issuer.sign(&header(), &claims);
            verify(&token, &expected, &issuer.keys()).map(drop).map_err(claim)
        };
        assert_eq!(verdict(json!(NOW - 360), json!("three")), Ok(()));
        for wrong in [json!(NOW - 361), json!(NOW + 61), json!("now"), Value::Null] {
            assert_eq!(verdict(wrong, json!("two")), Err(Claim::AuthenticationTime));
        }
        for weaker in [json!("one"), json!(["two"]), Value::Null] {
            assert_eq!(verdict(json!(NOW), weaker), Err(Claim::AuthenticationClass));
        }
    }

    #[test]
    fn a_tenants_token_names_its_own_tenant() {
        let issuer = Issuer::new();
        let registration = Registration::new(microsoft_entra_id(), "client", "secret");
        let template = "https://login.microsoftonline.com/{tenantid}/v2.0";
        let judge = |iss: &str, tid: &str| {
            let mut claims = with("iss", json!(iss));
            claims["tid"] = json!(tid);
            verify_as(&registration, template, &issuer.sign(&header(), &claims), &issuer.keys())
                .map_err(claim)
        };
        let own = template.replace(TENANT, TENANT_ID);
        assert!(judge(&own, TENANT_ID).is_ok());
        assert_eq!(judge(&own, CONSUMERS).unwrap_err(), Claim::Issuer);
        assert_eq!(judge(template, TENANT).unwrap_err(), Claim::Issuer);
        assert_eq!(judge("https://evil.test/v2.0", TENANT_ID).unwrap_err(), Claim::Issuer);
    }

    #[test]
    fn only_the_admitted_come_in() {
        let issuer = Issuer::new();
        let mut registration = registration();
        registration.provider.quirks.push(Quirk::HostedDomain("studio.test".into()));
        let judge = |hd: Value| {
            let token = issuer.sign(&header(), &with("hd", hd));
            verify_as(&registration, "https://accounts.google.com", &token, &issuer.keys())
        };
        assert!(judge(json!("studio.test")).is_ok());
        for outsider in [json!("evil.test"), Value::Null] {
            let Err(Rejected::Error(error)) = judge(outsider) else { panic!("must be refused") };
            assert_eq!(error.kind(), ErrorKind::OutsiderRefused);
        }
    }
}
