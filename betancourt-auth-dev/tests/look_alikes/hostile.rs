//! Tampering changes what is sent, where it is aimed and nowhere else.

use betancourt_auth_dev::{Body, Client, Endpoint, Face, LookAlikes, Signature, Tamper};
use http::StatusCode;
use http::header::{HeaderValue, LOCATION};
use http_body_util::BodyExt;
use ring::hmac;
use serde_json::{Value, json};

use crate::support::{
    CHALLENGE, authorization_with, decoded, first_person, get, look_alikes, post, redeem, token,
    token_request, token_request_with, verified,
};

async fn tokens(lookalikes: &LookAlikes, face: Face) -> Value {
    let callback = first_person(lookalikes, face).await;
    redeem(lookalikes.client(face), callback.value("code").unwrap()).await.json()
}

async fn id_token(lookalikes: &LookAlikes) -> String {
    tokens(lookalikes, Face::Google).await["id_token"].as_str().unwrap().to_owned()
}

fn header_of(token: &str) -> Value {
    serde_json::from_slice(&decoded(token.split('.').next().unwrap())).unwrap()
}

/// Claims whether or not anybody signed them.
fn claims_of(token: &str) -> Value {
    serde_json::from_slice(&decoded(token.split('.').nth(1).unwrap())).unwrap()
}

async fn verifies(client: &Client, token: &str) -> bool {
    verified(client, token).await.is_some()
}

#[tokio::test]
async fn claims_can_be_anything_under_a_genuine_signature() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    lookalikes.tamper(Face::Google, Tamper::id_token(|token| token.claims["aud"] = json!([])));
    lookalikes.tamper(
        Face::Google,
        Tamper::id_token(|token| {
            token.claims.as_object_mut().unwrap().remove("nonce");
        }),
    );
    let token = id_token(&lookalikes).await;
    let claims = verified(google, &token).await.unwrap();
    assert_eq!(claims["aud"], json!([]));
    assert_eq!(claims.get("nonce"), None);

    lookalikes.behave(Face::Google);
    let token = id_token(&lookalikes).await;
    assert_eq!(verified(google, &token).await.unwrap()["aud"], google.id());
}

#[tokio::test]
async fn a_face_is_tampered_with_alone() {
    let lookalikes = look_alikes().await;
    lookalikes.tamper(Face::Google, Tamper::id_token(|token| token.claims["sub"] = json!("x")));
    let apple = tokens(&lookalikes, Face::Apple).await;
    assert_ne!(claims_of(apple["id_token"].as_str().unwrap())["sub"], "x");
    assert_eq!(claims_of(&id_token(&lookalikes).await)["sub"], "x");
}

#[tokio::test]
async fn signatures_can_be_broken_absent_or_a_strangers() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    assert!(verifies(google, &id_token(&lookalikes).await).await);

    lookalikes.tamper(Face::Google, Tamper::id_token(|token| token.signature = Signature::Broken));
    assert!(!verifies(google, &id_token(&lookalikes).await).await);

    lookalikes.tamper(
        Face::Google,
        Tamper::id_token(|token| {
            token.header["alg"] = "none".into();
            token.signature = Signature::Absent;
        }),
    );
    let unsigned = id_token(&lookalikes).await;
    assert_eq!(header_of(&unsigned)["alg"], "none");
    assert!(unsigned.ends_with('.'));

    lookalikes.behave(Face::Google);
    lookalikes
        .tamper(Face::Google, Tamper::id_token(|token| token.signature = Signature::Stranger));
    let strange = id_token(&lookalikes).await;
    assert!(header_of(&strange)["jwk"]["n"].is_string());
    assert!(!verifies(google, &strange).await);
}

#[tokio::test]
async fn a_token_can_be_a_mac_keyed_with_the_public_key() {
    let lookalikes = look_alikes().await;
    lookalikes.tamper(
        Face::Google,
        Tamper::id_token(|token| {
            assert!(token.public_key_pem().starts_with("-----BEGIN PUBLIC KEY-----\n"));
            token.header["alg"] = "HS256".into();
            token.signature = Signature::Hmac(b"a key".to_vec());
        }),
    );
    let token = id_token(&lookalikes).await;
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"a key");
    assert!(hmac::verify(&key, signed.as_bytes(), &decoded(signature)).is_ok());
    assert_eq!(header_of(&token)["alg"], "HS256");
}

#[tokio::test]
async fn answers_change_in_status_header_and_body() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    lookalikes.tamper(
        Face::Google,
        Tamper::json(Endpoint::Token, |token| token["token_type"] = "mac".into()),
    );
    assert_eq!(tokens(&lookalikes, Face::Google).await["token_type"], "mac");
    lookalikes.tamper(
        Face::Google,
        Tamper::answer(Endpoint::Token, |answer| {
            answer.status = StatusCode::TEMPORARY_REDIRECT;
            answer.headers.insert(LOCATION, HeaderValue::from_static("http://127.0.0.1:9/"));
            answer.body = Body::Text("<h1>elsewhere</h1>".to_owned());
        }),
    );
    let callback = first_person(&lookalikes, Face::Google).await;
    let answer = redeem(google, callback.value("code").unwrap()).await;
    assert_eq!(answer.status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(answer.header("location"), "http://127.0.0.1:9/");
    assert_eq!(answer.text(), "<h1>elsewhere</h1>");
    lookalikes.tamper(
        Face::Google,
        Tamper::json(Endpoint::Discovery, |metadata| metadata["issuer"] = "other".into()),
    );
    let metadata = format!("{}/.well-known/openid-configuration", google.issuer());
    assert_eq!(get(metadata).send().await.json()["issuer"], "other");
}

#[tokio::test]
async fn a_body_can_go_on_for_ever_or_never_come() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    let redeeming = async || {
        let callback = first_person(&lookalikes, Face::Google).await;
        let form = token_request(google, callback.value("code").unwrap());
        post(google.endpoints().token, &form).open().await.unwrap()
    };
    lookalikes.tamper(
        Face::Google,
        Tamper::answer(Endpoint::Token, |answer| {
            answer.body = Body::Endless("{\"access_token\":\"".to_owned());
        }),
    );
    let (head, mut body) = redeeming().await;
    assert_eq!(head.status, StatusCode::OK);
    let mut seen = 0;
    while seen < 1024 * 1024 {
        seen += body.frame().await.unwrap().unwrap().into_data().unwrap().len();
    }
    lookalikes.tamper(
        Face::Google,
        Tamper::answer(Endpoint::Token, |answer| answer.body = Body::Stalled),
    );
    let (head, mut body) = redeeming().await;
    assert_eq!(head.status, StatusCode::OK);
    let waited = tokio::time::timeout(std::time::Duration::from_millis(50), body.frame()).await;
    assert!(waited.is_err(), "a stalled body sent something");
}

#[tokio::test]
async fn callbacks_change_before_the_browser_gets_them() {
    let lookalikes = look_alikes().await;
    lookalikes.tamper(
        Face::Google,
        Tamper::callback(|callback| {
            callback.set("iss", "https://evil.example");
            callback.remove("code");
        }),
    );
    let callback = first_person(&lookalikes, Face::Google).await;
    assert_eq!(callback.value("iss"), Some("https://evil.example"));
    assert_eq!(callback.value("code"), None);
    assert!(callback.location().as_str().contains("iss=https%3A%2F%2Fevil.example"));
    assert!(callback.form().contains("state=the+state"));
}

#[tokio::test]
async fn pkce_can_be_ignored() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    lookalikes.tamper(Face::Google, Tamper::without_pkce());
    let without = authorization_with(google, "code_challenge", "");
    let callback = lookalikes.approve(&without, "ana-restrepo@gmail.com").await.unwrap();
    assert_eq!(redeem(google, callback.value("code").unwrap()).await.status, StatusCode::OK);
    let callback = first_person(&lookalikes, Face::Google).await;
    let code = callback.value("code").unwrap();
    let wrong = token_request_with(google, code, "code_verifier", CHALLENGE);
    assert_eq!(token(google, &wrong).await.status, StatusCode::OK);

    lookalikes.behave(Face::Google);
    let callback = lookalikes.approve(&without, "ana-restrepo@gmail.com").await.unwrap();
    assert_eq!(callback.value("error"), Some("invalid_request"));
}
