//! A document of a plain OAuth 2 provider that says who the person is.

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION};
use http::{Request, Response, StatusCode};
use ring::hmac;
use serde_json::Value;
use url::Url;

use crate::error::{Error, ErrorKind};
use crate::provider::{Credential, Quirk, Registration};
use crate::secret::hex;

/// Asks for a document with the access token (RFC 6750 §2.1).
pub(super) fn document_request(
    address: &str,
    registration: &Registration,
    access_token: &str,
) -> Result<Request<Bytes>, Error> {
    let mut url =
        Url::parse(address).map_err(|error| Error::because(ErrorKind::ProviderMalformed, error))?;
    if let (true, Credential::Secret(secret)) =
        (registration.provider.quirks.contains(&Quirk::AppSecretProof), &registration.credential)
    {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
        let proof = hex(hmac::sign(&key, access_token.as_bytes()).as_ref());
        url.query_pairs_mut().append_pair("appsecret_proof", &proof);
    }
    Request::get(url.as_str())
        .header(ACCEPT, "application/json")
        .header(AUTHORIZATION, format!("Bearer {access_token}"))
        .body(Bytes::new())
        .map_err(|error| Error::because(ErrorKind::ProviderMalformed, error))
}

/// Reads the document.
pub(super) fn document_response(answer: &Response<Bytes>) -> Result<Value, Error> {
    match answer.status() {
        StatusCode::OK => {}
        status if status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS => {
            return Err(ErrorKind::TokenRefused.into());
        }
        _ => return Err(ErrorKind::ProviderUnreachable.into()),
    }
    serde_json::from_slice(answer.body())
        .map_err(|error| Error::because(ErrorKind::ProviderMalformed, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::facebook;

    #[test]
    fn the_proof_is_the_tokens_hmac_under_the_app_secret() {
        let registration = Registration::new(facebook(), "id", "key");
        let request =
            document_request("https://graph.test/me?fields=id", &registration, "token").unwrap();
        // `printf token | openssl dgst -sha256 -hmac key`
        let proof = "646b8eac0c4ae4178299c9bd924e2bf073dfb07e024901a8c864f65b9462bf0d";
        assert_eq!(request.uri().query().unwrap(), format!("fields=id&appsecret_proof={proof}"));
        assert_eq!(request.headers()[AUTHORIZATION], "Bearer token");
    }
}
