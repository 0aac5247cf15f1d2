//! A session that is sealed in its cookie: the claims of Auth.js, and one claim beside them that makes it ours.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::clock::{from_milliseconds, milliseconds};
use crate::jwe::{Claims, Payload, Term, seconds};
use crate::model::{SessionDetails, StoredToken, User, UserId};

/// The claim that Auth.js does not have.
const OURS: &str = "auth_session";
/// What Auth.js tells of the user. It is read from the store each time a session is sealed.
const OF_THE_USER: [&str; 3] = ["name", "email", "picture"];
/// What no application sets: these say whose session it is, and how long.
const RESERVED: [&str; 8] = ["sub", "iat", "exp", "nbf", "jti", "iss", "aud", OURS];
/// The longest `sub` that is read.
const LONGEST_SUBJECT: usize = 255;

/// A session as a cookie brings it.
#[derive(Clone, Debug)]
pub(crate) struct SealedSession {
    pub(crate) user_id: UserId,
    pub(crate) issued_at: OffsetDateTime,
    pub(crate) expires: OffsetDateTime,
    /// What the application put in.
    pub(crate) claims: Map<String, Value>,
    mark: Mark,
}

/// The claims of a token, as far as a session is read from them. What it tells of the user is passed over: the store
/// knows better.
#[derive(Debug, Deserialize)]
pub(crate) struct SessionClaims {
    sub: String,
    exp: i64,
    #[serde(default)]
    iat: i64,
    #[serde(default)]
    nbf: f64,
    jti: Option<String>,
    auth_session: Option<Mark>,
    #[serde(default, rename = "name")]
    _name: IgnoredAny,
    #[serde(default, rename = "email")]
    _email: IgnoredAny,
    #[serde(default, rename = "picture")]
    _picture: IgnoredAny,
    #[serde(flatten)]
    others: Map<String, Value>,
}

impl Payload for SessionClaims {
    fn term(&self) -> Term {
        Term { begins: Some(self.nbf), ends: Some(seconds(self.exp)) }
    }
}

/// The content of our claim.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Mark {
    /// What the session is known by: the same through all renewals.
    id: String,
    /// How it began; unknown of a session that Auth.js made.
    beginning: Option<Beginning>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Beginning {
    /// In milliseconds since 1970, so that it can be told from a cut in the same second.
    at: i64,
    /// The id of the provider.
    method: String,
}

impl SealedSession {
    /// A session that begins now.
    pub(crate) fn begin(
        user_id: UserId,
        id: String,
        details: &SessionDetails,
        expires: OffsetDateTime,
    ) -> Self {
        let beginning =
            Beginning { at: milliseconds(details.created_at), method: details.method.clone() };
        let mark = Mark { id, beginning: Some(beginning) };
        Self { user_id, issued_at: details.created_at, expires, claims: Map::new(), mark }
    }

    /// Reads a session from the claims of a token: ours, or one of Auth.js. `None` without a user or an end.
    pub(crate) fn read(claims: SessionClaims) -> Option<Self> {
        let SessionClaims { sub, exp, iat, jti, auth_session, others, .. } = claims;
        if sub.is_empty() || sub.len() > LONGEST_SUBJECT {
            return None;
        }
        let mark = match auth_session {
            Some(mark) => mark,
            None => Mark { id: jti?, beginning: None },
        };
        Some(Self {
            user_id: UserId::new(sub),
            issued_at: OffsetDateTime::from_unix_timestamp(iat).ok()?,
            expires: OffsetDateTime::from_unix_timestamp(exp).ok()?,
            claims: of_the_application(others),
            mark,
        })
    }

    /// The same session from now on.
    pub(crate) fn renewed(mut self, now: OffsetDateTime, expires: OffsetDateTime) -> Self {
        self.issued_at = now;
        self.expires = expires;
        self
    }

    /// What the store knows it by, should it ever end before its time.
    pub(crate) fn token(&self) -> StoredToken {
        Self::token_of(&self.mark.id)
    }

    /// What the store knows a session of that id by.
    pub(crate) fn token_of(id: &str) -> StoredToken {
        StoredToken::hashed(id)
    }

    /// When it began, as far as anybody knows: a cut that came later ends it.
    pub(crate) fn began_at(&self) -> OffsetDateTime {
        self.created_at().unwrap_or(self.issued_at)
    }

    /// When somebody signed in to it. `None` for a session that Auth.js made.
    pub(crate) fn created_at(&self) -> Option<OffsetDateTime> {
        from_milliseconds(self.mark.beginning.as_ref()?.at)
    }

    /// How it came to be. `None` for a session that Auth.js made.
    pub(crate) fn details(&self) -> Option<SessionDetails> {
        let Beginning { method, .. } = self.mark.beginning.as_ref()?;
        Some(SessionDetails::new(self.created_at()?, method.clone()))
    }

    /// What the application's `jwt` is offered: the claims of Auth.js, and its own of the last time.
    pub(crate) fn offered(&self, user: &User) -> Claims {
        let User { name, email, image, .. } = user;
        let mut token = self.claims.clone();
        for (claim, value) in OF_THE_USER.into_iter().zip([name, email, image]) {
            token.insert(claim.to_owned(), value.clone().into());
        }
        token.insert("sub".to_owned(), self.user_id.as_str().into());
        token
    }

    /// The claims to seal: what the application made of the offer, and what is not the application's to say.
    pub(crate) fn stamped(&self, mut token: Claims, id: String) -> Claims {
        token.retain(|name, _| !RESERVED.contains(&&**name));
        token.insert("sub".to_owned(), self.user_id.as_str().into());
        token.insert("iat".to_owned(), self.issued_at.unix_timestamp().into());
        token.insert("exp".to_owned(), self.expires.unix_timestamp().into());
        token.insert("jti".to_owned(), id.into());
        token.insert(OURS.to_owned(), serde_json::json!(self.mark));
        token
    }
}

/// What is left of the claims of a token without those that Auth.js and we put there.
pub(crate) fn of_the_application(mut claims: Claims) -> Claims {
    claims.retain(|name, _| !OF_THE_USER.contains(&&**name) && !RESERVED.contains(&&**name));
    claims
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::Duration;

    use super::*;

    fn claims(value: Value) -> Claims {
        let Value::Object(claims) = value else { panic!("an object") };
        claims
    }

    fn read(claims: Value) -> Option<SealedSession> {
        SealedSession::read(SessionClaims::deserialize(claims).ok()?)
    }

    #[test]
    fn what_is_stamped_is_read_back() {
        let details = SessionDetails::new(
            OffsetDateTime::UNIX_EPOCH + Duration::milliseconds(1_748_779_200_123),
            "google",
        );
        let end = details.created_at + Duration::days(30);
        let begun = SealedSession::begin(UserId::new("cm3x9"), "an id".into(), &details, end);
        let mut user = User::new(UserId::new("cm3x9"));
        user.name = Some("Ada".to_owned());
        let mut token = begun.offered(&user);
        assert_eq!(token["name"], "Ada");
        token.insert("plan".to_owned(), json!("pro"));
        let read = read(Value::Object(begun.stamped(token, "a jti".into()))).unwrap();
        assert_eq!((&read.user_id, read.token()), (&begun.user_id, begun.token()));
        assert_eq!((read.details(), read.began_at()), (Some(details.clone()), details.created_at));
        assert_eq!(
            (read.issued_at.unix_timestamp(), read.expires.unix_timestamp()),
            (1_748_779_200, end.unix_timestamp())
        );
        assert_eq!(read.claims, claims(json!({ "plan": "pro" })));
    }

    #[test]
    fn no_application_overwrites_what_is_reserved() {
        let details = SessionDetails::new(OffsetDateTime::UNIX_EPOCH, "google");
        let begun = SealedSession::begin(
            UserId::new("cm3x9"),
            "an id".into(),
            &details,
            details.created_at,
        );
        let custom = claims(json!({
            "sub": "somebody else", "exp": 1e12, "iat": 0.5, "nbf": 1e12, "jti": "x", "iss": "x", "aud": "x",
            "auth_session": { "id": "another", "beginning": null }, "plan": "pro",
        }));
        let sealed = begun.stamped(custom, "a jti".into());
        let expected = json!({
            "sub": "cm3x9", "exp": 0, "iat": 0, "jti": "a jti", "plan": "pro",
            "auth_session": { "id": "an id", "beginning": { "at": 0, "method": "google" } },
        });
        assert_eq!(sealed, claims(expected));
    }

    #[test]
    fn a_token_of_auth_js_is_read_and_what_it_does_not_say_is_not_made_up() {
        let theirs = json!({ "name": "Ada", "email": null, "sub": "cm3x9", "iat": 10, "exp": 20, "jti": "theirs", "plan": 1 });
        let theirs = read(theirs).unwrap();
        assert_eq!((theirs.details(), theirs.began_at().unix_timestamp()), (None, 10));
        assert_eq!(theirs.token(), StoredToken::hashed("theirs"));
        for lacking in [
            json!({ "exp": 20, "jti": "x" }),
            json!({ "sub": "", "exp": 20, "jti": "x" }),
            json!({ "sub": 7, "exp": 20, "jti": "x" }),
            json!({ "sub": "cm3x9", "jti": "x" }),
            json!({ "sub": "cm3x9", "exp": 20 }),
            json!({ "sub": "cm3x9", "exp": 20, "jti": "x", "auth_session": "x" }),
            json!({ "sub": "cm3x9", "exp": "20", "jti": "x" }),
            json!({ "sub": "cm3x9", "exp": 20, "nbf": null, "jti": "x" }),
            json!({ "sub": "cm3x9", "exp": 20, "iat": "10", "jti": "x" }),
        ] {
            assert!(read(lacking.clone()).is_none(), "{lacking}");
        }
    }
}
