//! The pushed authorization request and its answer (RFC 9126 §2).

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{Request, Response, StatusCode};
use serde_json::{Map, Value};
use url::Url;
use url::form_urlencoded::Serializer;

use super::client_proof::ClientProof;
use super::discovery::Endpoints;
use crate::error::{Error, ErrorKind};
use crate::provider::{Provider, Quirk, Registration};

/// Where what is asked for is pushed to. `None`: the browser carries it.
///
/// # Errors
/// [`ErrorKind::ProviderUnreachable`] where it must be pushed and nobody says where to.
pub(super) fn endpoint<'a>(
    provider: &'a Provider,
    endpoints: &'a Endpoints,
) -> Result<Option<&'a str>, Error> {
    let configured = provider.quirks.iter().find_map(|quirk| match quirk {
        Quirk::PushedRequestsTo(address) => Some(address.as_ref()),
        _ => None,
    });
    let wanted = provider.quirks.contains(&Quirk::PushedRequests);
    match configured.or(endpoints.pushed_requests.as_deref()) {
        Some(address) if configured.is_some() || wanted || endpoints.wants_pushed_requests => {
            Ok(Some(address))
        }
        None if wanted || endpoints.wants_pushed_requests => {
            Err(ErrorKind::ProviderUnreachable.into())
        }
        Some(_) | None => Ok(None),
    }
}

/// What is asked for, and that it is us who ask.
pub(super) fn pushed_request(
    address: &str,
    registration: &Registration,
    parameters: &[(&str, String)],
    proof: &ClientProof<'_>,
) -> Result<Request<Bytes>, Error> {
    let mut form = Serializer::new(String::new());
    form.extend_pairs(parameters);
    let mut request = Request::post(address)
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(header) = proof.write(&mut form) {
        form.append_pair("client_id", &registration.client_id);
        request = request.header(AUTHORIZATION, header);
    }
    request
        .body(form.finish().into())
        .map_err(|error| Error::because(ErrorKind::ProviderMalformed, error))
}

/// The name under which the provider remembers what is asked for.
pub(super) fn pushed_response(answer: &Response<Bytes>) -> Result<String, Error> {
    match answer.status() {
        StatusCode::CREATED | StatusCode::OK => {}
        StatusCode::TOO_MANY_REQUESTS => return Err(ErrorKind::ProviderUnreachable.into()),
        status if status.is_client_error() => return Err(ErrorKind::PushRefused.into()),
        _ => return Err(ErrorKind::ProviderUnreachable.into()),
    }
    let members: Map<String, Value> = serde_json::from_slice(answer.body())
        .map_err(|error| Error::because(ErrorKind::ProviderMalformed, error))?;
    let name = members.get("request_uri").and_then(Value::as_str).filter(|name| !name.is_empty());
    name.map(str::to_owned).ok_or(ErrorKind::ProviderMalformed.into())
}

/// Where the browser goes: there is nothing in the address to read or to change.
pub(super) fn authorization_address(
    endpoint: &str,
    client_id: &str,
    request_uri: &str,
) -> Result<String, Error> {
    let mut url = Url::parse(endpoint)
        .map_err(|error| Error::because(ErrorKind::ProviderMalformed, error))?;
    url.query_pairs_mut()
        .append_pair("client_id", client_id)
        .append_pair("request_uri", request_uri);
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::oidc;

    fn answered(status: u16, body: &'static str) -> Result<String, ErrorKind> {
        let answer = Response::builder().status(status).body(Bytes::from(body)).unwrap();
        pushed_response(&answer).map_err(|error| error.kind())
    }

    #[test]
    fn an_answer_names_what_was_pushed() {
        let body = r#"{"request_uri":"urn:example:7","expires_in":60}"#;
        assert_eq!(answered(201, body).as_deref(), Ok("urn:example:7"));
        assert_eq!(answered(201, r#"{"request_uri":""}"#), Err(ErrorKind::ProviderMalformed));
        assert_eq!(answered(201, "<html>"), Err(ErrorKind::ProviderMalformed));
        assert_eq!(answered(400, body), Err(ErrorKind::PushRefused));
        assert_eq!(answered(302, body), Err(ErrorKind::ProviderUnreachable));
        assert_eq!(answered(429, body), Err(ErrorKind::ProviderUnreachable));
    }

    #[test]
    fn requests_are_pushed_where_either_side_asks() {
        let plain = oidc("own", "Own", "https://id.test");
        let asking = plain.clone().with_quirk(Quirk::PushedRequests);
        let elsewhere =
            plain.clone().with_quirk(Quirk::PushedRequestsTo("https://id.test/par".into()));
        let mut endpoints = Endpoints::configured("https://id.test/a", "https://id.test/t");
        let at = |provider: &Provider, endpoints: &Endpoints| {
            endpoint(provider, endpoints)
                .map(|address| address.map(str::to_owned))
                .map_err(|error| error.kind())
        };
        assert_eq!(at(&plain, &endpoints), Ok(None));
        assert_eq!(at(&asking, &endpoints), Err(ErrorKind::ProviderUnreachable));
        assert_eq!(at(&elsewhere, &endpoints), Ok(Some("https://id.test/par".into())));

        endpoints.wants_pushed_requests = true;
        assert_eq!(at(&plain, &endpoints), Err(ErrorKind::ProviderUnreachable));
        endpoints.pushed_requests = Some("https://id.test/p".into());
        assert_eq!(at(&plain, &endpoints), Ok(Some("https://id.test/p".into())));
        endpoints.wants_pushed_requests = false;
        assert_eq!(at(&plain, &endpoints), Ok(None));
        assert_eq!(at(&asking, &endpoints), Ok(Some("https://id.test/p".into())));
    }
}
