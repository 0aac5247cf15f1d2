//! Proof that we hold the key which tokens are bound to (DPoP, RFC 9449).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::header::{HeaderName, HeaderValue, WWW_AUTHENTICATE};
use http::{Method, Request, Response, StatusCode};
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value, json};
use url::Url;

use super::send_once;
use super::signing_key::SigningKey;
use crate::config::Setup;
use crate::error::{Error, ErrorKind};
use crate::provider::{PrivateKey, Registration};
use crate::secret;

const PROOF: HeaderName = HeaderName::from_static("dpop");
const NONCE: HeaderName = HeaderName::from_static("dpop-nonce");
/// A server that wants a nonce says so once; one that keeps saying so is broken.
const TRIES: usize = 2;

/// What a proof is good for: one request, with one access token if it brings one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    pub(crate) method: &'a Method,
    pub(crate) address: &'a str,
    pub(crate) access_token: Option<&'a str>,
    pub(crate) nonce: Option<&'a str>,
}

/// What names the key to which the code of an authorization request is bound (RFC 9449 §10).
pub(super) fn thumbprint(key: &PrivateKey) -> Option<String> {
    SigningKey::of(key).map(|key| key.thumbprint())
}

/// Sends a request, with a proof where the registration has a key. A server may want its nonce in it, and says so by an
/// error that has done nothing yet: then the request is made and sent once more (RFC 9449 §8, §9).
pub(super) async fn send(
    setup: &Setup,
    registration: &Registration,
    access_token: Option<&str>,
    request: impl Fn() -> Result<Request<Bytes>, Error>,
) -> Result<Response<Bytes>, Error> {
    let Some(key) = &registration.dpop_key else {
        return send_once(setup, registration, request()?).await;
    };
    for tried in 1..=TRIES {
        let mut request = request()?;
        let address = Url::parse(&request.uri().to_string())
            .map_err(|error| Error::because(ErrorKind::ProviderMalformed, error))?;
        let origin = address.origin().ascii_serialization();
        let nonce = setup.nonces.of(&origin);
        let target = Target {
            method: &request.method().clone(),
            address: address.as_str(),
            access_token,
            nonce: nonce.as_deref(),
        };
        let proof = HeaderValue::try_from(proof(setup, key, &target)?)
            .map_err(|error| Error::because(ErrorKind::ProviderMalformed, error))?;
        request.headers_mut().insert(PROOF, proof);
        let answer = send_once(setup, registration, request).await?;
        let new = answer.headers().get(NONCE).and_then(|nonce| nonce.to_str().ok());
        if let Some(new) = new {
            setup.nonces.remember(origin, new);
        }
        let is_news = new.is_some() && new != nonce.as_deref();
        if tried == TRIES || !is_news || !asks_for_nonce(&answer) {
            return Ok(answer);
        }
    }
    Err(ErrorKind::ProviderUnreachable.into())
}

/// A proof for one request (RFC 9449 §4.2).
///
/// # Errors
/// [`ErrorKind::Randomness`], [`ErrorKind::ProviderMalformed`].
pub(crate) fn proof(setup: &Setup, key: &PrivateKey, target: &Target<'_>) -> Result<String, Error> {
    let key = SigningKey::of(key).ok_or(ErrorKind::Randomness)?;
    let mut address = Url::parse(target.address)
        .map_err(|error| Error::because(ErrorKind::ProviderMalformed, error))?;
    address.set_query(None);
    address.set_fragment(None);
    let id = secret::random_token(&*setup.config.random)
        .map_err(|error| Error::because(ErrorKind::Randomness, error))?;
    let mut claims = Map::from_iter([
        ("jti".to_owned(), Value::from(id)),
        ("htm".to_owned(), target.method.as_str().into()),
        ("htu".to_owned(), String::from(address).into()),
        ("iat".to_owned(), setup.now().unix_timestamp().into()),
    ]);
    if let Some(token) = target.access_token {
        let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, token.as_bytes()));
        claims.insert("ath".to_owned(), hash.into());
    }
    if let Some(nonce) = target.nonce {
        claims.insert("nonce".to_owned(), nonce.into());
    }
    let header = json!({ "alg": key.algorithm(), "jwk": key.public(), "typ": "dpop+jwt" });
    key.sign(&header, &Value::Object(claims))
}

/// Whether a server did nothing but ask for its nonce: `use_dpop_nonce`, in the body or in the challenge.
fn asks_for_nonce(answer: &Response<Bytes>) -> bool {
    const ERROR: &str = "use_dpop_nonce";
    match answer.status() {
        StatusCode::BAD_REQUEST => {
            let members = serde_json::from_slice::<Map<String, Value>>(answer.body());
            members.is_ok_and(|members| members.get("error").is_some_and(|error| error == ERROR))
        }
        StatusCode::UNAUTHORIZED => {
            let mut challenges = answer.headers().get_all(WWW_AUTHENTICATE).iter();
            challenges.any(|text| String::from_utf8_lossy(text.as_bytes()).contains(ERROR))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_asked_for_in_the_body_or_in_the_challenge() {
        let answer = |status: u16, challenge: &str, body: &'static str| {
            Response::builder()
                .status(status)
                .header(WWW_AUTHENTICATE, challenge)
                .body(Bytes::from(body))
                .unwrap()
        };
        let challenge = r#"DPoP error="use_dpop_nonce", error_description="…""#;
        assert!(asks_for_nonce(&answer(400, "", r#"{"error":"use_dpop_nonce"}"#)));
        assert!(asks_for_nonce(&answer(401, challenge, "")));
        assert!(!asks_for_nonce(&answer(400, "", r#"{"error":"invalid_grant"}"#)));
        assert!(!asks_for_nonce(&answer(401, r#"DPoP error="invalid_token""#, "")));
        assert!(!asks_for_nonce(&answer(200, challenge, r#"{"error":"use_dpop_nonce"}"#)));
    }
}
