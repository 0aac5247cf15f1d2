//! The notification of Apple: one event, as JSON in a text, or as an object.
//! <https://developer.apple.com/documentation/signinwithapple/processing-changes-for-sign-in-with-apple-accounts>

use std::borrow::Cow;

use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::super::jws::text;
use super::{Expected, moment};
use crate::error::Flaw;
use crate::event::{Happening, ProviderEvent};

/// From here on a number counts milliseconds: as seconds it would lie in the year 5138.
const MILLISECONDS: i64 = 100_000_000_000;

/// What a notification says. What we do not know says nothing.
pub(super) fn judge(
    claims: &Map<String, Value>,
    expected: &Expected<'_>,
) -> Result<Vec<ProviderEvent>, Flaw> {
    let event = match claims.get("events") {
        Some(Value::String(json)) => {
            Cow::Owned(serde_json::from_str(json).map_err(|_| Flaw::Malformed)?)
        }
        Some(Value::Object(event)) => Cow::Borrowed(event),
        _ => return Err(Flaw::Malformed),
    };
    let subject = text(&event, "sub").filter(|subject| !subject.is_empty());
    let (subject, kind) = subject.zip(text(&event, "type")).ok_or(Flaw::Malformed)?;
    let at = event.get("event_time").and_then(Value::as_i64).and_then(time_of);
    let happening = happening(kind)
        .map(|happening| expected.event(subject, happening, at.unwrap_or(expected.now)));
    Ok(happening.into_iter().collect())
}

/// By its name. `account-delete` is what Apple wrote before `account-deleted`.
fn happening(kind: &str) -> Option<Happening> {
    Some(match kind {
        "account-delete" | "account-deleted" => Happening::AccountDeleted,
        "consent-revoked" => Happening::ConsentRevoked,
        "email-disabled" => Happening::RelayDisabled,
        "email-enabled" => Happening::RelayEnabled,
        _ => return None,
    })
}

/// Apple's documentation has seconds, and what it sends milliseconds.
fn time_of(number: i64) -> Option<OffsetDateTime> {
    moment(if number >= MILLISECONDS { number / 1000 } else { number })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provider::{Registration, apple};

    fn judged(events: &Value) -> Result<Vec<(String, Happening, i64)>, Flaw> {
        let registration = Registration::new(apple(), "com.example.web", "secret");
        let expected = Expected {
            registration: &registration,
            issuer: "",
            kinds: &[],
            now: moment(1_800_000_000).unwrap(),
        };
        let Value::Object(claims) = json!({ "events": events }) else { panic!("an object") };
        let events = judge(&claims, &expected)?;
        let told = |event: ProviderEvent| {
            (event.account.subject, event.happening, event.at.unix_timestamp())
        };
        Ok(events.into_iter().map(told).collect())
    }

    #[test]
    fn an_event_is_a_text_or_an_object_in_seconds_or_in_milliseconds() {
        let told = vec![("001.ana".to_owned(), Happening::ConsentRevoked, 1_611_765_847)];
        for time in [1_611_765_847_i64, 1_611_765_847_700] {
            let event = json!({ "type": "consent-revoked", "sub": "001.ana", "event_time": time });
            assert_eq!(judged(&json!(event.to_string())), Ok(told.clone()));
            assert_eq!(judged(&event), Ok(told.clone()));
        }
        for kind in ["account-delete", "account-deleted"] {
            let told = judged(&json!({ "type": kind, "sub": "001.ana" })).unwrap();
            assert_eq!(told, [("001.ana".to_owned(), Happening::AccountDeleted, 1_800_000_000)]);
        }
    }

    #[test]
    fn what_is_not_known_says_nothing_and_what_is_none_is_refused() {
        assert_eq!(judged(&json!({ "type": "something-new", "sub": "001.ana" })), Ok(vec![]));
        for none in [
            json!({ "type": "consent-revoked" }),
            json!({ "type": "consent-revoked", "sub": "" }),
            json!({ "sub": "001.ana" }),
            json!("no JSON"),
            json!([]),
            json!(null),
        ] {
            assert_eq!(judged(&none), Err(Flaw::Malformed), "{none}");
        }
    }
}
