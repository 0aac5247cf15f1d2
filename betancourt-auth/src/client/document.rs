//! A document of a plain OAuth 2 provider that says who the person is.

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION};
use http::{Method, Request, Response, StatusCode};
use ring::hmac;
use serde_json::Value;
use url::Url;

use super::template;
use super::token::Granted;
use crate::error::{Error, ErrorKind};
use crate::provider::{Credential, Quirk, Registration};
use crate::secret::hex;

/// Asks for a document with the access token: in the header (RFC 6750 §2.1), unless the address has a place for it.
pub(super) fn document_request(
    address: &str,
    registration: &Registration,
    granted: &Granted,
) -> Result<Request<Bytes>, Error> {
    let access_token = &granted.access_token;
    let has_place = address.contains("{access_token}");
    let known = |name: &str| match granted.members.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let address = template::fill(address, known).ok_or(ErrorKind::ProviderMalformed)?;
    let mut url = Url::parse(&address)
        .map_err(|error| Error::because(ErrorKind::ProviderMalformed, error))?;
    if let (true, Credential::Secret(secret)) =
        (registration.provider.quirks.contains(&Quirk::AppSecretProof), &registration.credential)
    {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
        let proof = hex(hmac::sign(&key, access_token.as_bytes()).as_ref());
        url.query_pairs_mut().append_pair("appsecret_proof", &proof);
    }
    let quirks = &registration.provider.quirks;
    let method = if quirks.contains(&Quirk::PostedDocuments) { Method::POST } else { Method::GET };
    let mut request =
        Request::builder().method(method).uri(url.as_str()).header(ACCEPT, "application/json");
    if !has_place {
        request =
            request.header(AUTHORIZATION, format!("{} {access_token}", granted.kind.scheme()));
    }
    for quirk in quirks {
        if let Quirk::DocumentHeader(name, value) = quirk {
            request = request.header(*name, value.replace("{client_id}", &registration.client_id));
        }
    }
    request.body(Bytes::new()).map_err(|error| Error::because(ErrorKind::ProviderMalformed, error))
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
    use serde_json::json;
    use time::OffsetDateTime;

    use super::super::token::token_response;
    use super::*;
    use crate::provider::{Provider, facebook, oauth2};

    fn request(provider: Provider, address: &str) -> Result<Request<Bytes>, Error> {
        let answer = json!({ "access_token": "token", "token_type": "bearer", "user_id": 7 });
        let answer = Response::new(Bytes::from(answer.to_string()));
        let registration = Registration::new(provider, "id", "key");
        let granted = token_response(&answer, &registration, OffsetDateTime::UNIX_EPOCH).unwrap();
        document_request(address, &registration, &granted)
    }

    fn plain() -> Provider {
        let addresses = ["https://p.test/a", "https://p.test/t", "https://p.test/d"];
        oauth2("plain", "Plain", addresses, |_| None)
    }

    #[test]
    fn the_proof_is_the_tokens_hmac_under_the_app_secret() {
        let request = request(facebook(), "https://graph.test/me?fields=id").unwrap();
        // `printf token | openssl dgst -sha256 -hmac key`
        let proof = "646b8eac0c4ae4178299c9bd924e2bf073dfb07e024901a8c864f65b9462bf0d";
        assert_eq!(request.uri().query().unwrap(), format!("fields=id&appsecret_proof={proof}"));
        assert_eq!(request.headers()[AUTHORIZATION], "Bearer token");
    }

    #[test]
    fn a_token_with_a_place_in_the_address_is_sent_there_alone() {
        let sent = request(plain(), "https://p.test/{access_token}?user={user_id}").unwrap();
        assert_eq!(sent.uri(), "https://p.test/token?user=7");
        assert_eq!(sent.headers().get(AUTHORIZATION), None);
        let refused = request(plain(), "https://p.test/{somebody}").unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ProviderMalformed);
    }

    #[test]
    fn method_and_headers_are_what_the_provider_wants() {
        let sent = request(plain(), "https://p.test/d").unwrap();
        assert_eq!((sent.method(), sent.headers().len()), (&Method::GET, 2));
        let quirky = plain()
            .with_quirk(Quirk::PostedDocuments)
            .with_quirk(Quirk::DocumentHeader("api-key", "{client_id}".into()));
        let sent = request(quirky, "https://p.test/d").unwrap();
        assert_eq!(sent.method(), Method::POST);
        assert_eq!(sent.headers()["api-key"], "id");
    }
}
