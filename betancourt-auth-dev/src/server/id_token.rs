//! Makes an ID token for a grant, with the clock and the key this sign-in asked for.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value, json};

use crate::face::Face;
use crate::failure::Failure;
use crate::server::authorization_server::AuthorizationServer;
use crate::server::grant::Grant;
use crate::server::refusal::Refusal;
use crate::server::rules::openid::object;
use crate::server::rules::{apple, google, microsoft};
use crate::signing::id_token::IdToken;

/// Short, so that a clock ten minutes late shows.
const LIFETIME: i64 = 300;

/// How late [`Failure::LateClock`] is.
const LATENESS: i64 = 600;

pub(crate) async fn id_token(
    server: &AuthorizationServer,
    grant: &Grant,
    access_token: &str,
    nonce: Option<&str>,
) -> Result<String, Refusal> {
    let ring = server.key_ring_for(&grant.person);
    let keys = if grant.failure == Some(Failure::RotatedKey) {
        ring.rotate().await?
    } else {
        ring.keys().await?
    };
    let mut claims = standard_claims(server, grant);
    claims.insert("at_hash".to_owned(), access_token_hash(access_token).into());
    if let Some(nonce) = nonce {
        claims.insert("nonce".to_owned(), nonce.into());
    }
    claims.extend(match server.face() {
        Face::Google => google::claims(&server.client, grant),
        Face::Apple => apple::claims(grant),
        Face::Microsoft => microsoft::claims(grant),
        Face::Facebook => Map::new(),
    });
    let token = IdToken::new(&keys.current, Value::Object(claims));
    Ok(server.tampered_id_token(token).sign(&keys.current).await?)
}

/// The claims of OpenID Connect Core §2.
fn standard_claims(server: &AuthorizationServer, grant: &Grant) -> Map<String, Value> {
    let late = if grant.failure == Some(Failure::LateClock) { LATENESS } else { 0 };
    let now = server.clock.now() - late;
    object(json!({
        "iss": server.issuer_for(&grant.person),
        "sub": server.subject_of(&grant.person),
        "aud": server.client.id(),
        "iat": now,
        "exp": now + LIFETIME,
        "auth_time": grant.authenticated_at - late,
    }))
}

/// The left half of the access token's hash (OpenID Connect Core §3.1.3.6).
pub(crate) fn access_token_hash(access_token: &str) -> String {
    let hash = digest(&SHA256, access_token.as_bytes());
    let half: Vec<u8> = hash.as_ref().iter().copied().take(16).collect();
    URL_SAFE_NO_PAD.encode(half)
}
