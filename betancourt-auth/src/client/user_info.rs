//! The UserInfo endpoint (OpenID Connect Core §5.3): more claims about the person of the ID token.

use bytes::Bytes;
use http::Response;
use http::header::CONTENT_TYPE;
use serde_json::Value;

use crate::error::{Claim, Error, ErrorKind};

/// The token of an answer that is signed (§5.3.2).
pub(super) fn signed(answer: &Response<Bytes>) -> Option<&str> {
    let kind = answer.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    let is_token = kind.split(';').next()?.trim().eq_ignore_ascii_case("application/jwt");
    str::from_utf8(answer.body()).ok().filter(|_| is_token && answer.status().is_success())
}

/// An address, and what is said of it: taken from one document, all of it.
const ADDRESS: [&str; 3] = ["email", "email_verified", "xms_edov"];

/// The claims of the ID token, with those that it lacks. They must be about the same person (§5.3.4).
pub(super) fn complete(mut claims: Value, mut more: Value) -> Result<Value, Error> {
    let same = more.get("sub").is_some_and(|subject| claims.get("sub") == Some(subject));
    let (Some(known), Some(more), true) = (claims.as_object_mut(), more.as_object_mut(), same)
    else {
        return Err(ErrorKind::IdToken(Claim::Subject).into());
    };
    // Who vouches for an address that stands elsewhere vouches for another one.
    let other = if known.contains_key("email") { &mut *more } else { &mut *known };
    other.retain(|name, _| !ADDRESS.contains(&name.as_str()));
    for (name, value) in std::mem::take(more) {
        known.entry(name).or_insert(value);
    }
    Ok(claims)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_signed_in_the_id_token_stays() {
        let claims = json!({ "sub": "7", "name": "Ana" });
        let more = json!({ "sub": "7", "name": "Eva", "email": "ana@example.com" });
        let together = json!({ "sub": "7", "name": "Ana", "email": "ana@example.com" });
        assert_eq!(complete(claims, more).unwrap(), together);
    }

    #[test]
    fn an_address_and_the_word_about_it_come_from_one_document() {
        let (of_token, of_user_info) = (
            [
                json!({ "sub": "7", "email_verified": true }),
                json!({ "sub": "7", "email": "a@x.test" }),
            ],
            [
                json!({ "sub": "7", "email": "b@x.test" }),
                json!({ "sub": "7", "email_verified": true }),
            ],
        );
        let together = [
            json!({ "sub": "7", "email": "b@x.test" }), // the token vouches for no address
            json!({ "sub": "7", "email": "a@x.test" }), // nobody vouches for the token's
        ];
        for ((claims, more), together) in of_token.into_iter().zip(of_user_info).zip(together) {
            assert_eq!(complete(claims, more).unwrap(), together);
        }
    }

    #[test]
    fn claims_about_somebody_else_count_for_nothing() {
        for more in [json!({ "sub": "8" }), json!({ "email": "ana@example.com" }), json!([])] {
            let refused = complete(json!({ "sub": "7" }), more).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::IdToken(Claim::Subject));
        }
    }

    #[test]
    fn an_answer_is_signed_if_it_says_so() {
        let answer = |kind: &str| {
            Response::builder().header(CONTENT_TYPE, kind).body(Bytes::from("a.b.c")).unwrap()
        };
        assert_eq!(signed(&answer("application/jwt; charset=utf-8")), Some("a.b.c"));
        assert_eq!(signed(&answer("application/json")), None);
    }
}
