//! Which app is asking? Each face takes the proofs that the real one takes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq;
use url::form_urlencoded;

use crate::client::Client;
use crate::face::Face;
use crate::request::Request;
use crate::server::parameters::Parameters;
use crate::server::refusal::Refusal;

/// Authenticates the client (RFC 6749 §2.3).
///
/// # Errors
///
/// [`Refusal`] with `invalid_client`, or `invalid_request` when two methods are used at once.
pub(crate) fn authenticate(
    client: &Client,
    request: &Request,
    parameters: &Parameters<'_>,
    now: i64,
) -> Result<(), Refusal> {
    match client.face() {
        Face::Google | Face::Microsoft => by_basic_or_post(client, request, parameters),
        Face::Facebook => by_post(client, parameters),
        Face::Apple => by_signed_secret(client, parameters, now),
    }
}

/// `client_secret_basic` or `client_secret_post`, never both.
fn by_basic_or_post(
    client: &Client,
    request: &Request,
    parameters: &Parameters<'_>,
) -> Result<(), Refusal> {
    let has_header = request.headers.contains_key(http::header::AUTHORIZATION);
    if has_header && parameters.value("client_secret").is_some() {
        return Err(Refusal::TwoMethods);
    }
    if !has_header {
        return by_post(client, parameters);
    }
    let credentials = request.authorization("Basic").ok_or(Refusal::ClientMethod)?;
    let (id, secret) = basic(credentials).ok_or(Refusal::Client)?;
    let same_id = parameters.value("client_id").is_none_or(|named| named == id);
    if same_id { compare(client, &id, &secret) } else { Err(Refusal::Client) }
}

fn by_post(client: &Client, parameters: &Parameters<'_>) -> Result<(), Refusal> {
    let secret = parameters.value("client_secret").ok_or(Refusal::ClientMethod)?;
    compare(client, parameters.value("client_id").ok_or(Refusal::ClientMethod)?, secret)
}

/// Apple: the secret is a JWT that the app signed with its registered key.
fn by_signed_secret(client: &Client, parameters: &Parameters<'_>, now: i64) -> Result<(), Refusal> {
    if parameters.value("client_id") != Some(client.id()) {
        return Err(Refusal::Client);
    }
    let secret = parameters.value("client_secret").ok_or(Refusal::ClientMethod)?;
    let key = client.apple_key().ok_or(Refusal::ClientMethod)?;
    Ok(key.check(secret, client.id(), client.base(), now)?)
}

fn compare(client: &Client, id: &str, secret: &str) -> Result<(), Refusal> {
    let same_secret: bool = secret.as_bytes().ct_eq(client.secret().as_bytes()).into();
    if id == client.id() && same_secret { Ok(()) } else { Err(Refusal::Client) }
}

/// Id and secret, each form-encoded before they were joined (RFC 6749 §2.3.1).
pub(crate) fn basic(credentials: &str) -> Option<(String, String)> {
    let joined = String::from_utf8(STANDARD.decode(credentials).ok()?).ok()?;
    let (id, secret) = joined.split_once(':')?;
    Some((form_decoded(id)?, form_decoded(secret)?))
}

fn form_decoded(encoded: &str) -> Option<String> {
    let (name, value) = form_urlencoded::parse(encoded.as_bytes()).next()?;
    value.is_empty().then(|| name.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_form_decoded_one_by_one() {
        let header = STANDARD.encode("my+app%3A1:p%2Bss%3A%C3%B6");
        assert_eq!(basic(&header), Some(("my app:1".to_owned(), "p+ss:ö".to_owned())));
        assert_eq!(basic(&STANDARD.encode("no-colon")), None);
        assert_eq!(basic("%%%"), None);
    }
}
