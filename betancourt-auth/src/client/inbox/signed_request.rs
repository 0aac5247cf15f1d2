//! The signed request of Facebook: an HMAC under the app secret over who somebody is.
//! <https://developers.facebook.com/docs/games/gamesonfacebook/login#parsingsr>

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime};

use super::super::jws::{SKEW, seconds, text};
use super::{Door, Message, check_age, moment, name_of};
use crate::error::{Error, ErrorKind, Flaw};
use crate::event::{Happening, ProviderEvent};
use crate::model::AccountKey;
use crate::provider::{Credential, Registration};

/// The one algorithm. Whatever else the payload names, it is not asked.
const ALGORITHM: &str = "HMAC-SHA256";
/// So long after it was made a request is believed.
const BELIEVED_FOR: Duration = Duration::hours(1);
const LONGEST: usize = 8 * 1024;

/// What a request says that came to one of the two doors.
pub(super) fn judge(
    signed_request: &str,
    registration: &Registration,
    door: Door,
    now: OffsetDateTime,
) -> Result<Message, Error> {
    let refused = |flaw| Error::from(ErrorKind::MessageRefused(flaw));
    let payload = verified(signed_request, registration).map_err(refused)?;
    let (subject, issued_at) = read(&payload).ok_or_else(|| refused(Flaw::Malformed))?;
    check_age(issued_at, now, BELIEVED_FOR).map_err(refused)?;
    let (happening, which) = match door {
        Door::Messages | Door::Deauthorization => (Happening::ConsentRevoked, "deauthorization"),
        Door::Deletion => (Happening::DeletionRequested, "deletion"),
    };
    let provider = registration.provider.id.as_ref();
    let account = AccountKey::new(provider, subject);
    Ok(Message {
        name: name_of(provider, &format!("{which}\n{signed_request}")),
        believed_until: issued_at + BELIEVED_FOR + SKEW,
        events: vec![ProviderEvent::new(account, happening, issued_at)],
    })
}

/// The payload of a request that was signed with our app secret. The signature is over the payload as it is encoded, and
/// compared in constant time.
fn verified(signed_request: &str, registration: &Registration) -> Result<Map<String, Value>, Flaw> {
    let secret = match &registration.credential {
        Credential::Secret(secret) if !secret.expose().is_empty() => secret,
        Credential::Secret(_) | Credential::AppleKey(_) | Credential::PrivateKey(_) => {
            return Err(Flaw::Signature);
        }
    };
    let whole = Some(signed_request).filter(|whole| whole.len() <= LONGEST);
    let (signature, encoded) =
        whole.and_then(|whole| whole.split_once('.')).ok_or(Flaw::Malformed)?;
    let decoded = |part: &str| {
        URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).map_err(|_| Flaw::Malformed)
    };
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    hmac::verify(&key, encoded.as_bytes(), &decoded(signature)?).map_err(|_| Flaw::Signature)?;
    let payload: Map<_, _> =
        serde_json::from_slice(&decoded(encoded)?).map_err(|_| Flaw::Malformed)?;
    if text(&payload, "algorithm") == Some(ALGORITHM) { Ok(payload) } else { Err(Flaw::Algorithm) }
}

/// Who it is about, and when it was made.
fn read(payload: &Map<String, Value>) -> Option<(String, OffsetDateTime)> {
    let subject = match payload.get("user_id")? {
        Value::String(id) if !id.is_empty() => id.clone(),
        Value::Number(id) if id.is_u64() => id.to_string(),
        _ => return None,
    };
    Some((subject, moment(seconds(payload.get("issued_at")?)?)?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provider::facebook;

    const NOW: i64 = 1_800_000_000;

    fn signed(payload: &Value, secret: &str) -> String {
        let encoded = URL_SAFE_NO_PAD.encode(payload.to_string());
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(hmac::sign(&key, encoded.as_bytes()));
        format!("{signature}.{encoded}")
    }

    fn judged(signed_request: &str, secret: &str) -> Result<Message, ErrorKind> {
        let registration = Registration::new(facebook(), "1", secret);
        let now = moment(NOW).unwrap();
        judge(signed_request, &registration, Door::Deletion, now).map_err(|error| error.kind())
    }

    fn payload() -> Value {
        json!({ "algorithm": "HMAC-SHA256", "issued_at": NOW - 10, "user_id": "10224899016283421" })
    }

    /// Made elsewhere: `printf %s "$payload" | openssl dgst -sha256 -hmac "app secret" -binary`, both in base64url.
    #[test]
    fn a_request_that_was_made_elsewhere_is_read() {
        let signature = "LaxnZQ5-Ca2cF44bvrDTQmDaSxWYwfw-mAmnhcEELgU";
        let payload = concat!(
            "eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImlzc3VlZF9hdCI6MTc5OTk5OTk5MCwidXNl",
            "cl9pZCI6IjEwMjI0ODk5MDE2MjgzN",
            "DIxIn0",
        );
        let message = judged(&format!("{signature}.{payload}"), "app secret").unwrap();
        let [event] = message.events.as_slice() else { panic!("one event") };
        assert_eq!(event.account, AccountKey::new("facebook", "10224899016283421"));
        assert_eq!(event.happening, Happening::DeletionRequested);
        assert_eq!(event.at.unix_timestamp(), NOW - 10);
    }

    fn flaw(flaw: Flaw) -> ErrorKind {
        ErrorKind::MessageRefused(flaw)
    }

    #[test]
    fn each_part_is_judged() {
        let with = |name: &str, value: Value| {
            let mut payload = payload();
            payload[name] = value;
            payload
        };
        for (payload, expected) in [
            (with("algorithm", json!("none")), Flaw::Algorithm),
            (with("algorithm", json!("HMAC-SHA1")), Flaw::Algorithm),
            (with("algorithm", json!(null)), Flaw::Algorithm),
            (with("issued_at", json!(NOW - 3661)), Flaw::Moment),
            (with("issued_at", json!(NOW + 61)), Flaw::Moment),
            (with("issued_at", json!("yesterday")), Flaw::Malformed),
            (with("user_id", json!("")), Flaw::Malformed),
            (with("user_id", json!(null)), Flaw::Malformed),
            (with("user_id", json!(1.5)), Flaw::Malformed),
            (json!([]), Flaw::Malformed),
        ] {
            let refused = judged(&signed(&payload, "key"), "key").unwrap_err();
            assert_eq!(refused, flaw(expected), "{payload}");
        }
        let genuine = signed(&payload(), "key");
        assert!(judged(&genuine, "key").is_ok());
        assert_eq!(judged(&genuine, "another").unwrap_err(), flaw(Flaw::Signature));
        assert_eq!(judged(&signed(&payload(), ""), "").unwrap_err(), flaw(Flaw::Signature));
        let tampered = genuine.replacen('.', ".e30", 1);
        assert_eq!(judged(&tampered, "key").unwrap_err(), flaw(Flaw::Signature));
        let huge = format!("{genuine}{}", "A".repeat(LONGEST));
        assert_eq!(judged(&huge, "key").unwrap_err(), flaw(Flaw::Malformed));
    }

    #[test]
    fn a_request_is_known_by_its_door_and_its_text() {
        let genuine = signed(&payload(), "key");
        let registration = Registration::new(facebook(), "1", "key");
        let name = |door| judge(&genuine, &registration, door, moment(NOW).unwrap()).unwrap().name;
        assert_eq!(name(Door::Deletion), name(Door::Deletion));
        assert_ne!(name(Door::Deletion), name(Door::Deauthorization));
    }
}
