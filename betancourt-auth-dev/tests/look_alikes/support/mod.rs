//! An app and a browser, as plain as they can be: what the tests sign in with.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use betancourt_auth_dev::{Callback, Client, Face, LookAlikes, Setup};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde_json::Value;
use url::Url;

mod browser;

pub(crate) use browser::{Response, get, post, request};

pub(crate) const APP: &str = "http://localhost:3000/api/auth";

/// The pair of RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(crate) async fn look_alikes() -> LookAlikes {
    Setup::new(APP).start().await.unwrap()
}

/// The parameters of an authorization request that every face accepts.
pub(crate) fn authorization(client: &Client) -> Vec<(&'static str, String)> {
    let scope = match client.face() {
        Face::Facebook => "email",
        Face::Apple => "openid name email",
        _ => "openid email profile",
    };
    let mut parameters = vec![
        ("client_id", client.id().to_owned()),
        ("redirect_uri", client.redirect_uri().to_string()),
        ("response_type", "code".to_owned()),
        ("scope", scope.to_owned()),
        ("state", "the state".to_owned()),
        ("nonce", "the-nonce".to_owned()),
        ("code_challenge", CHALLENGE.to_owned()),
        ("code_challenge_method", "S256".to_owned()),
    ];
    if client.face() == Face::Apple {
        parameters.push(("response_mode", "form_post".to_owned()));
    }
    parameters
}

/// The same with one parameter changed, added or (by an empty value) removed.
pub(crate) fn authorization_with(client: &Client, name: &'static str, value: &str) -> String {
    let mut parameters = authorization(client);
    parameters.retain(|(found, _)| *found != name);
    if !value.is_empty() {
        parameters.push((name, value.to_owned()));
    }
    address(client, &parameters)
}

pub(crate) fn authorize_url(client: &Client) -> String {
    address(client, &authorization(client))
}

pub(crate) fn address(client: &Client, parameters: &[(&'static str, String)]) -> String {
    Url::parse_with_params(&client.endpoints().authorization, parameters).unwrap().to_string()
}

/// The parameters of a token request that every face accepts, with the secret in the form.
pub(crate) fn token_request(client: &Client, code: &str) -> Vec<(&'static str, String)> {
    vec![
        ("grant_type", "authorization_code".to_owned()),
        ("code", code.to_owned()),
        ("redirect_uri", client.redirect_uri().to_string()),
        ("code_verifier", VERIFIER.to_owned()),
        ("client_id", client.id().to_owned()),
        ("client_secret", client.secret().to_owned()),
    ]
}

/// The same with one parameter changed, added or (by an empty value) removed.
pub(crate) fn token_request_with(
    client: &Client,
    code: &str,
    name: &'static str,
    value: &str,
) -> Vec<(&'static str, String)> {
    let mut parameters = token_request(client, code);
    parameters.retain(|(found, _)| *found != name);
    if !value.is_empty() {
        parameters.push((name, value.to_owned()));
    }
    parameters
}

/// Sends a form to the token endpoint.
pub(crate) async fn token(client: &Client, form: &[(&'static str, String)]) -> Response {
    post(&client.endpoints().token, form).send().await
}

/// Redeems a code as it should be.
pub(crate) async fn redeem(client: &Client, code: &str) -> Response {
    token(client, &token_request(client, code)).await
}

/// Signs the first person of a face in and hands back what the browser carries.
pub(crate) async fn first_person(lookalikes: &LookAlikes, face: Face) -> Callback {
    let key = lookalikes.people(face).next().unwrap().key().to_owned();
    lookalikes.approve(&authorize_url(lookalikes.client(face)), &key).await.unwrap()
}

/// Claims of an ID token whose signature verifies under a key of the key set.
pub(crate) async fn verified(client: &Client, id_token: &str) -> Option<Value> {
    let keys = get(client.endpoints().keys.unwrap()).send().await.json();
    let (signed, signature) = id_token.rsplit_once('.').unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let header: Value = serde_json::from_slice(&decoded(header)).unwrap();
    let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == header["kid"])?;
    assert_eq!(header["alg"], "RS256");
    let part = |name: &str| decoded(key[name].as_str().unwrap());
    RsaPublicKeyComponents { n: part("n"), e: part("e") }
        .verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &decoded(signature))
        .ok()?;
    Some(serde_json::from_slice(&decoded(claims)).unwrap())
}

pub(crate) fn decoded(part: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(part).unwrap()
}

/// The value of an attribute that follows this text on a page.
pub(crate) fn attribute_after<'page>(
    page: &'page str,
    text: &str,
    name: &str,
) -> Option<&'page str> {
    let rest = &page[page.find(text)?..];
    let value = &rest[rest.find(&format!("{name}=\""))? + name.len() + 2..];
    Some(&value[..value.find('"')?])
}
