//! Two reports, member by member.

use serde_json::Value;

use crate::stand_ins::StandIns;

/// Members whose values are drawn at random, so that theirs and ours are compared as pairs.
const DRAWN: [&str; 8] =
    ["csrfToken", "id", "jti", "link", "sessionToken", "sub", "token", "userId"];

/// Where two reports differ: every place, with both values.
pub(crate) fn differences(expected: &Value, observed: &Value, pairs: &mut StandIns) -> Vec<String> {
    let mut found = Vec::new();
    compare("", expected, observed, &mut |path, expected, observed| {
        let name = path.rsplit('/').next().unwrap_or_default();
        let drawn =
            DRAWN.contains(&name).then(|| expected.as_str().zip(observed.as_str())).flatten();
        let agree = match (pattern(expected), drawn) {
            (Some(pattern), _) => pattern(observed),
            (None, Some((theirs, ours))) => pairs.pair(theirs, ours),
            (None, None) => expected == observed,
        };
        if !agree {
            found.push(format!("{path}: expected {expected}, observed {observed}"));
        }
    });
    found
}

fn compare(
    path: &str,
    expected: &Value,
    observed: &Value,
    leaf: &mut impl FnMut(&str, &Value, &Value),
) {
    match (expected, observed) {
        (Value::Object(left), Value::Object(right)) => {
            for (name, expected) in left {
                let observed = right.get(name).unwrap_or(ABSENT);
                compare(&format!("{path}/{name}"), expected, observed, leaf);
            }
            for (name, observed) in right.iter().filter(|(name, _)| !left.contains_key(*name)) {
                compare(&format!("{path}/{name}"), ABSENT, observed, leaf);
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (index, (expected, observed)) in left.iter().zip(right).enumerate() {
                compare(&format!("{path}/{index}"), expected, observed, leaf);
            }
        }
        (expected, observed) => leaf(path, expected, observed),
    }
}

/// What is not there at all. No list is an empty list.
static ABSENT: &Value = &Value::Array(Vec::new());

/// What a deviation expects where it cannot know the value.
type Pattern = fn(&Value) -> bool;

/// The eight letters by which an operator finds a failure.
pub(crate) const REFERENCE: &str = "«reference»";
/// 256 random bits in base64url.
pub(crate) const TOKEN: &str = "«token»";
/// A token of 64 hexadecimal characters.
pub(crate) const HEX: &str = "«hex»";

fn pattern(expected: &Value) -> Option<Pattern> {
    match expected.as_str()? {
        REFERENCE => Some(|observed| {
            observed.as_str().is_some_and(|text| {
                text.len() == 8 && text.bytes().all(|letter| letter.is_ascii_alphanumeric())
            })
        }),
        TOKEN => Some(|observed| observed.as_str().is_some_and(|text| text.len() == 43)),
        HEX => Some(|observed| {
            observed.as_str().is_some_and(|text| {
                text.len() == 64 && text.bytes().all(|letter| letter.is_ascii_hexdigit())
            })
        }),
        _ => None,
    }
}
