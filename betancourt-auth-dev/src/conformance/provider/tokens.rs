//! What the provider signs: ID tokens, and answers of the UserInfo endpoint.

use betancourt_auth::provider::Algorithm;
use serde_json::{Map, Value, json};

use crate::conformance::act::{Claims, Keys};
use crate::conformance::members::{remove, set};
use crate::conformance::provider::Issuer;
use crate::random;
use crate::server::grant::Grant;
use crate::server::id_token::access_token_hash;
use crate::server::rules::openid::object;
use crate::signing::id_token::{IdToken, Signature};
use crate::signing::signing_key::{KeyError, SigningKey};

/// Long enough for a scene.
const LIFETIME: i64 = 300;

/// What a logout token should live at most.
const SHORT_LIFETIME: i64 = 120;

/// The ID token of a sign-in, or of a refresh.
pub(crate) async fn id_token(
    issuer: &Issuer,
    grant: &Grant,
    access_token: &str,
    change: fn(&mut IdToken),
    nonce: Option<&str>,
) -> Result<String, KeyError> {
    let now = issuer.clock.now();
    let mut claims = object(json!({
        "iss": issuer.base,
        "sub": grant.person.subject,
        "aud": issuer.client_id,
        "iat": now,
        "exp": now + LIFETIME,
        "auth_time": grant.authenticated_at,
        "at_hash": access_token_hash(access_token),
        "sid": sid(grant),
    }));
    if let Some(nonce) = nonce {
        claims.insert("nonce".to_owned(), nonce.into());
    }
    if issuer.act().claims == Claims::Everywhere {
        claims.extend(profile(grant));
    }
    sign(issuer, "JWT", Value::Object(claims), change).await
}

/// What tells the app's server that somebody has signed out (OpenID Connect Back-Channel Logout §2.4).
pub(crate) async fn logout_token(
    issuer: &Issuer,
    grant: &Grant,
    change: fn(&mut IdToken),
) -> Result<String, KeyError> {
    let now = issuer.clock.now();
    let claims = json!({
        "iss": issuer.base,
        "sub": grant.person.subject,
        "aud": issuer.client_id,
        "iat": now,
        "exp": now + SHORT_LIFETIME,
        "jti": random::token("logout-"),
        "sid": sid(grant),
        "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
    });
    sign(issuer, "logout+jwt", claims, change).await
}

/// The name of a session here.
pub(crate) fn sid(grant: &Grant) -> String {
    format!("session-of-{}", grant.code)
}

/// What the granted scopes tell about the person (OpenID Connect Core §5.4).
pub(crate) fn profile(grant: &Grant) -> Map<String, Value> {
    let (person, scopes) = (&grant.person, &grant.authorization);
    let mut profile = Map::new();
    if scopes.has_scope("profile") {
        profile.insert("name".to_owned(), person.name().into());
    }
    if scopes.has_scope("email")
        && let Some(email) = &person.email
    {
        profile.insert("email".to_owned(), email.address.as_str().into());
        profile.insert("email_verified".to_owned(), email.verified.into());
    }
    profile
}

/// Claims, signed as the act says.
pub(crate) async fn sign(
    issuer: &Issuer,
    kind: &str,
    claims: Value,
    change: fn(&mut IdToken),
) -> Result<String, KeyError> {
    let act = issuer.act();
    let key = signer(issuer);
    let mut token = IdToken::new(key, claims);
    set(&mut token.header, "typ", kind);
    if act.algorithm == Algorithm::Hs256 {
        set(&mut token.header, "alg", "HS256");
        token.signature = Signature::Hmac(issuer.client_secret.as_bytes().to_vec());
    }
    if act.keys == Keys::Named && act.algorithm != Algorithm::Hs256 {
        set(&mut token.header, "kid", name(issuer, key));
    } else {
        remove(&mut token.header, "kid");
    }
    change(&mut token);
    token.sign(key).await
}

/// The key set (RFC 7517 §5).
pub(crate) fn key_set(issuer: &Issuer) -> Value {
    let (chest, turn) = (&issuer.keys, issuer.turn());
    let current = chest.rsa(turn);
    let published = match issuer.act().keys {
        Keys::Named => vec![current, &chest.p256],
        Keys::Nameless => vec![current],
        Keys::SeveralNameless => vec![chest.rsa(turn + 1), current],
    };
    let keys = published.into_iter().map(|key| {
        let mut jwk = object(key.jwk());
        if issuer.act().keys == Keys::Named {
            jwk.insert("kid".to_owned(), name(issuer, key).into());
        } else {
            jwk.remove("kid");
        }
        Value::Object(jwk)
    });
    json!({ "keys": keys.collect::<Vec<_>>() })
}

/// The key that signs what is not signed with the client secret.
fn signer(issuer: &Issuer) -> &SigningKey {
    let is_es256 = issuer.act().algorithm == Algorithm::Es256;
    if is_es256 { &issuer.keys.p256 } else { issuer.keys.rsa(issuer.turn()) }
}

/// The name of a key: new whenever the key is.
fn name(issuer: &Issuer, key: &SigningKey) -> String {
    format!("{}-{}", key.id(), issuer.turn())
}
