//! The session that is opened everywhere: 400 bytes of claims, as this library seals them after a sign-in with Google.

use betancourt_auth::clock::{Clock as _, SystemClock};
use betancourt_auth::parts::Opener;
use betancourt_auth::{Encryption, OsRandom};
use serde_json::{Map, Value, json};
use time::{Duration, OffsetDateTime};

use crate::Failure;

/// The secret.
pub const SECRET: &str = "for measuring only: 0123456789 abcdef";
/// The cookie's name: the keys depend on it.
pub const COOKIE: &str = "authjs.session-token";
/// Whose session it is.
pub const USER: &str = "cm3x9k2qf0000v8l4h6w2d1ab";
/// Both content encryptions, by the names that they have in tokens.
pub const ENCRYPTIONS: [(&str, Encryption); 2] =
    [("A256CBC-HS512", Encryption::A256CbcHs512), ("A256GCM", Encryption::A256Gcm)];

/// The present moment, by the clock that the measured servers go by.
#[must_use]
pub fn now() -> OffsetDateTime {
    SystemClock.now()
}

/// The keys, derived once.
///
/// # Errors
/// When the cryptography refuses its own key sizes.
pub fn opener() -> Result<Opener, Failure> {
    Opener::new(SECRET, COOKIE).ok_or_else(|| "there are no keys".into())
}

/// A session that began at `now`, as a token.
///
/// # Errors
/// When there is no randomness.
pub fn sealed(encryption: Encryption, now: OffsetDateTime) -> Result<String, Failure> {
    Ok(opener()?.seal(encryption, &claims(now), &OsRandom::default())?)
}

fn claims(now: OffsetDateTime) -> Map<String, Value> {
    let ends = now + Duration::days(1);
    let claims = json!({
        "name": "Ada Lovelace",
        "email": "ada.lovelace@example.com",
        "picture": "https://lh3.example.com/a/ACg8ocJ5vYb7Qe0pW2sX4tZ6uN8rM1kL3jH5gF7dS9aP0oI2uY4tR6eW8qZ1=s96",
        "sub": USER,
        "iat": now.unix_timestamp(),
        "exp": ends.unix_timestamp(),
        "jti": "pX0w9vU8tS7rQ6pO5nM4lK3jI2hG1fE0dC9bA8zY7xW",
        "auth_session": {
            "id": "aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3aB4c",
            "beginning": { "at": now.unix_timestamp() * 1000, "method": "google" },
        },
    });
    let Value::Object(claims) = claims else { return Map::new() };
    claims
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claims_have_400_bytes() {
        let now = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000);
        assert_eq!(serde_json::to_string(&claims(now)).unwrap().len(), 400);
    }

    #[test]
    fn the_token_opens() {
        let now = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000);
        for (name, encryption) in ENCRYPTIONS {
            let token = sealed(encryption, now).unwrap();
            let user = opener().unwrap().open(&token, now);
            assert_eq!(user.as_ref().map(|user| user.as_str()), Some(USER), "{name}");
        }
    }
}
