//! The security event token of Google's cross-account protection: events of the RISC profile by their type.
//! <https://developers.google.com/identity/protocols/risc>

use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::super::jws::{seconds, text};
use super::{Expected, moment};
use crate::error::Flaw;
use crate::event::{Happening, ProviderEvent};

const RISC: &str = "https://schemas.openid.net/secevent/risc/event-type/";
const OAUTH: &str = "https://schemas.openid.net/secevent/oauth/event-type/";

/// Who tells, and where its keys are.
#[derive(Debug)]
pub(super) struct Transmitter<'a> {
    pub(super) issuer: &'a str,
    pub(super) jwks: &'a str,
}

/// Reads the document about a provider's events, if it is that provider's: its issuer is the configured one, which may
/// end in a slash here.
pub(super) fn transmitter<'a>(document: &'a Value, configured: &str) -> Option<Transmitter<'a>> {
    let text = |member: &str| document.get(member).and_then(Value::as_str);
    let issuer = text("issuer").filter(|issuer| is_same(issuer, configured))?;
    Some(Transmitter { issuer, jwks: text("jwks_uri")? })
}

fn is_same(issuer: &str, other: &str) -> bool {
    issuer.trim_end_matches('/') == other.trim_end_matches('/')
}

/// What a token says. What we do not know says nothing, and neither does a token that only tries the address.
pub(super) fn judge(
    claims: &Map<String, Value>,
    expected: &Expected<'_>,
) -> Result<Vec<ProviderEvent>, Flaw> {
    let Some(Value::Object(events)) = claims.get("events") else { return Err(Flaw::Malformed) };
    // When it happened (RFC 8417 §2.2), else when it was told.
    let toe = ["toe", "iat"].iter().find_map(|name| claims.get(*name));
    let at = toe.and_then(seconds).and_then(moment).unwrap_or(expected.now);
    let known = events.iter().filter_map(|(kind, event)| Some((happening(kind, event)?, event)));
    known.map(|(happening, event)| told(happening, event, expected, at)).collect()
}

fn told(
    happening: Happening,
    event: &Value,
    expected: &Expected<'_>,
    at: OffsetDateTime,
) -> Result<ProviderEvent, Flaw> {
    let subject = event.get("subject").and_then(Value::as_object).ok_or(Flaw::Malformed)?;
    let is_of_issuer =
        |issuer: &Value| issuer.as_str().is_some_and(|iss| is_same(iss, expected.issuer));
    if !subject.get("iss").is_none_or(is_of_issuer) {
        return Err(Flaw::Issuer);
    }
    let subject = text(subject, "sub").filter(|subject| !subject.is_empty());
    Ok(expected.event(subject.ok_or(Flaw::Malformed)?, happening, at))
}

/// By its type. Of `token-revoked`, which names a single token and nobody, Google asks nothing that a refresh would not
/// find out.
fn happening(kind: &str, event: &Value) -> Option<Happening> {
    if let Some(kind) = kind.strip_prefix(OAUTH) {
        return (kind == "tokens-revoked").then_some(Happening::TokensRevoked);
    }
    let is_hijacked = || event.get("reason").is_some_and(|reason| reason == "hijacking");
    Some(match kind.strip_prefix(RISC)? {
        "account-credential-change-required" => Happening::CredentialChangeRequired,
        "account-disabled" if is_hijacked() => Happening::AccountHijacked,
        "account-disabled" => Happening::AccountDisabled,
        "account-enabled" => Happening::AccountEnabled,
        "account-purged" => Happening::AccountDeleted,
        "sessions-revoked" => Happening::SessionsRevoked,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provider::{Registration, google};

    const ISSUER: &str = "https://accounts.google.com/";

    fn judged(events: &Value) -> Result<Vec<(String, Happening)>, Flaw> {
        let registration = Registration::new(google(), "client", "secret");
        let expected = Expected {
            registration: &registration,
            issuer: ISSUER,
            kinds: &[],
            now: moment(1_800_000_000).unwrap(),
        };
        let Value::Object(claims) = json!({ "iat": 1_800_000_000, "events": events }) else {
            panic!("an object")
        };
        let events = judge(&claims, &expected)?;
        Ok(events.into_iter().map(|event| (event.account.subject, event.happening)).collect())
    }

    fn event(more: &Value) -> Value {
        let mut event =
            json!({ "subject": { "subject_type": "iss-sub", "iss": ISSUER, "sub": "1042" } });
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        event
    }

    #[test]
    fn every_type_that_google_documents_is_known() {
        for (kind, more, expected) in [
            (format!("{RISC}sessions-revoked"), json!({}), Happening::SessionsRevoked),
            (format!("{OAUTH}tokens-revoked"), json!({}), Happening::TokensRevoked),
            (
                format!("{RISC}account-disabled"),
                json!({ "reason": "hijacking" }),
                Happening::AccountHijacked,
            ),
            (
                format!("{RISC}account-disabled"),
                json!({ "reason": "bulk-account" }),
                Happening::AccountDisabled,
            ),
            (format!("{RISC}account-disabled"), json!({}), Happening::AccountDisabled),
            (format!("{RISC}account-enabled"), json!({}), Happening::AccountEnabled),
            (format!("{RISC}account-purged"), json!({}), Happening::AccountDeleted),
            (
                format!("{RISC}account-credential-change-required"),
                json!({}),
                Happening::CredentialChangeRequired,
            ),
        ] {
            let told = judged(&json!({ kind: event(&more) }));
            assert_eq!(told, Ok(vec![("1042".to_owned(), expected)]));
        }
    }

    #[test]
    fn what_is_not_about_anybody_says_nothing() {
        let trial = json!({ format!("{RISC}verification"): { "state": "a state" } });
        assert_eq!(judged(&trial), Ok(vec![]));
        let token = json!({ "subject": { "subject_type": "oauth_token", "token": "a" } });
        assert_eq!(judged(&json!({ format!("{OAUTH}token-revoked"): token })), Ok(vec![]));
        assert_eq!(judged(&json!({ "https://example.com/new": {} })), Ok(vec![]));
        assert_eq!(judged(&json!([])), Err(Flaw::Malformed));
    }

    #[test]
    fn a_subject_is_the_issuers_own() {
        let of = |subject: Value| {
            judged(&json!({ format!("{RISC}sessions-revoked"): { "subject": subject } }))
        };
        let claims = json!({ "subject_type": "id_token_claims", "sub": "7", "email": "a@b.test" });
        assert_eq!(of(claims), Ok(vec![("7".to_owned(), Happening::SessionsRevoked)]));
        assert_eq!(of(json!({ "iss": "https://evil.test", "sub": "7" })), Err(Flaw::Issuer));
        for nobody in [json!({}), json!({ "sub": "" }), json!({ "sub": 7 }), json!("7")] {
            assert_eq!(of(nobody), Err(Flaw::Malformed));
        }
    }

    #[test]
    fn the_document_is_that_of_the_issuer() {
        let document =
            |issuer: &str| json!({ "issuer": issuer, "jwks_uri": "https://g.test/keys" });
        let found =
            |issuer: &str| transmitter(&document(issuer), "https://accounts.google.com").is_some();
        assert!(found(ISSUER) && found("https://accounts.google.com"));
        assert!(!found("https://accounts.google.com.evil.test/"));
        assert!(transmitter(&json!({ "issuer": ISSUER }), ISSUER).is_none());
    }
}
