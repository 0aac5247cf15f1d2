//! The token endpoint refuses; each refusal has a request beside it that passes.

use std::time::Duration;

use betancourt_auth_dev::{Face, LookAlikes, Setup};
use http::StatusCode;
use serde_json::Value;

use crate::support::{
    CHALLENGE, authorization_with, first_person, get, look_alikes, post, redeem, request, token,
    token_request, token_request_with,
};

async fn code(lookalikes: &LookAlikes, face: Face) -> String {
    first_person(lookalikes, face).await.value("code").unwrap().to_owned()
}

/// The error code of RFC 6749, or at Facebook the type of Graph's.
fn error_of(face: Face, answer: &Value) -> &str {
    let error = &answer["error"];
    if face == Face::Facebook { &error["type"] } else { error }.as_str().unwrap()
}

fn expected(face: Face, error: &'static str) -> &'static str {
    if face == Face::Facebook { "OAuthException" } else { error }
}

#[tokio::test]
async fn each_wrong_parameter_is_refused_and_the_right_ones_pass() {
    let lookalikes = look_alikes().await;
    for face in Face::ALL {
        let client = lookalikes.client(face);
        let good = redeem(client, &code(&lookalikes, face).await).await;
        assert_eq!(good.status, StatusCode::OK, "{face}: {}", good.text());
        for (name, value, error) in [
            ("code_verifier", CHALLENGE, "invalid_grant"),
            ("code_verifier", "short", "invalid_grant"),
            ("code_verifier", "", "invalid_request"),
            ("redirect_uri", "http://localhost:3000/elsewhere", "invalid_grant"),
            ("redirect_uri", "", "invalid_grant"),
            ("code", "made-up", "invalid_grant"),
            ("code", "", "invalid_request"),
            ("client_id", "somebody-else", "invalid_client"),
            ("client_secret", "wrong", "invalid_client"),
            ("client_secret", "", "invalid_client"),
            ("grant_type", "password", "unsupported_grant_type"),
        ] {
            let form = token_request_with(client, &code(&lookalikes, face).await, name, value);
            let refused = token(client, &form).await;
            assert!(refused.status.is_client_error(), "{face} took {name}={value}");
            assert_eq!(refused.header("cache-control"), "no-store");
            let answer = refused.json();
            assert_eq!(error_of(face, &answer), expected(face, error), "{face} {name}={value}");
        }
    }
}

#[tokio::test]
async fn a_code_for_one_app_is_not_for_another_one_of_the_same_client() {
    let setup = Setup::new("http://localhost:3000/auth").also("http://localhost:4000/auth");
    let lookalikes = setup.start().await.unwrap();
    for face in Face::ALL {
        let client = lookalikes.client(face);
        let other = client.redirect_uris().nth(1).unwrap().as_str();
        assert_ne!(other, client.redirect_uri().as_str());
        let stolen = code(&lookalikes, face).await;
        let refused =
            token(client, &token_request_with(client, &stolen, "redirect_uri", other)).await;
        assert!(refused.status.is_client_error(), "{face}");

        let authorize = authorization_with(client, "redirect_uri", other);
        let key = lookalikes.people(face).next().unwrap().key().to_owned();
        let callback = lookalikes.approve(&authorize, &key).await.unwrap();
        assert_eq!(callback.redirect_uri.as_str(), other);
        let code = callback.value("code").unwrap();
        let good = token(client, &token_request_with(client, code, "redirect_uri", other)).await;
        assert_eq!(good.status, StatusCode::OK, "{face}: {}", good.text());
    }
}

#[tokio::test]
async fn a_code_works_once_and_the_second_time_is_counted_and_revokes() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    let code = code(&lookalikes, Face::Google).await;
    let tokens = redeem(google, &code).await.json();
    let bearer = tokens["access_token"].as_str().unwrap();
    let user_info = google.endpoints().user_info.unwrap();
    assert_eq!(get(&user_info).bearer(bearer).send().await.status, StatusCode::OK);
    assert_eq!(lookalikes.reused_codes(Face::Google), 0);

    let again = redeem(google, &code).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    assert_eq!(again.json()["error"], "invalid_grant");
    assert_eq!(lookalikes.reused_codes(Face::Google), 1);
    assert_eq!(get(&user_info).bearer(bearer).send().await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_code_lives_for_a_minute() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    let (in_time, late) =
        (code(&lookalikes, Face::Google).await, code(&lookalikes, Face::Google).await);
    lookalikes.advance_clock(Duration::from_secs(40));
    assert_eq!(redeem(google, &in_time).await.status, StatusCode::OK);
    lookalikes.advance_clock(Duration::from_secs(21));
    assert_eq!(redeem(google, &late).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn a_wrong_verifier_burns_the_code() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    let code = code(&lookalikes, Face::Google).await;
    let wrong = token_request_with(google, &code, "code_verifier", CHALLENGE);
    assert_eq!(token(google, &wrong).await.json()["error"], "invalid_grant");
    assert_eq!(redeem(google, &code).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn a_wrong_secret_leaves_the_code_to_its_owner() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    let code = code(&lookalikes, Face::Google).await;
    let thief = token_request_with(google, &code, "client_secret", "guessed");
    let refused = token(google, &thief).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(refused.header("www-authenticate").starts_with("Basic "));
    assert_eq!(redeem(google, &code).await.status, StatusCode::OK);
}

#[tokio::test]
async fn basic_and_post_are_taken_one_at_a_time() {
    let lookalikes = look_alikes().await;
    for face in [Face::Google, Face::Microsoft] {
        let client = lookalikes.client(face);
        let endpoint = client.endpoints().token;
        let both = token_request(client, &code(&lookalikes, face).await);
        let refused = post(&endpoint, &both).basic(client.id(), client.secret()).send().await;
        assert_eq!(refused.json()["error"], "invalid_request");
        let mut alone = both;
        alone.retain(|(name, _)| *name != "client_secret");
        let wrong = post(&endpoint, &alone).basic(client.id(), "wrong").send().await;
        assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
        let right = post(&endpoint, &alone).basic(client.id(), client.secret()).send().await;
        assert_eq!(right.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn facebook_takes_the_query_and_google_does_not() {
    let lookalikes = look_alikes().await;
    for (face, status) in [(Face::Facebook, 200), (Face::Google, 401)] {
        let client = lookalikes.client(face);
        let parameters = token_request(client, &code(&lookalikes, face).await);
        let url = url::Url::parse_with_params(&client.endpoints().token, parameters).unwrap();
        let method = if face == Face::Facebook { http::Method::GET } else { http::Method::POST };
        let answer = request(method, &url).send().await;
        assert_eq!(answer.status.as_u16(), status, "{face}: {}", answer.text());
    }
}

#[tokio::test]
async fn apple_refuses_a_secret_past_its_six_months() {
    let lookalikes = look_alikes().await;
    let apple = lookalikes.client(Face::Apple);
    assert_eq!(redeem(apple, &code(&lookalikes, Face::Apple).await).await.status, StatusCode::OK);
    lookalikes.advance_clock(Duration::from_secs(183 * 24 * 3600));
    let refused = redeem(apple, &code(&lookalikes, Face::Apple).await).await;
    assert_eq!(refused.json()["error"], "invalid_client");
}

#[tokio::test]
async fn without_openid_there_is_no_id_token_and_without_email_no_address() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    let request = authorization_with(google, "scope", "profile");
    let callback = lookalikes.approve(&request, "ana-restrepo@gmail.com").await.unwrap();
    let tokens = redeem(google, callback.value("code").unwrap()).await.json();
    assert_eq!(tokens.get("id_token"), None);
    let user_info = google.endpoints().user_info.unwrap();
    let bearer = tokens["access_token"].as_str().unwrap();
    let person = get(user_info).bearer(bearer).send().await.json();
    assert_eq!(person["name"], "Ana Restrepo");
    assert_eq!(person.get("email"), None);
}

/// Where a face's metadata says that tokens are handed back.
async fn revocation(issuer: &str) -> Option<String> {
    let metadata = get(format!("{issuer}/.well-known/openid-configuration")).send().await.json();
    metadata["revocation_endpoint"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn a_token_that_its_app_hands_back_opens_nothing_any_more() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    let tokens = redeem(google, &code(&lookalikes, Face::Google).await).await.json();
    let bearer = tokens["access_token"].as_str().unwrap();
    let user_info = google.endpoints().user_info.unwrap();
    let opens = async || get(&user_info).bearer(bearer).send().await.status;
    let endpoint = revocation(&google.issuer()).await.unwrap();
    let hand_back = async |token: &str, secret: &str| {
        let form = [("token", token), ("client_id", google.id()), ("client_secret", secret)];
        post(&endpoint, &form).send().await.status
    };
    assert_eq!(hand_back(bearer, "wrong").await, StatusCode::UNAUTHORIZED);
    assert_eq!(hand_back("", google.secret()).await, StatusCode::BAD_REQUEST);
    assert_eq!(
        hand_back("made-up", google.secret()).await,
        StatusCode::OK,
        "as good as handed back"
    );
    assert_eq!(opens().await, StatusCode::OK);
    assert_eq!(hand_back(bearer, google.secret()).await, StatusCode::OK);
    assert_eq!(opens().await, StatusCode::UNAUTHORIZED);
    assert_eq!(revocation(&lookalikes.client(Face::Microsoft).issuer()).await, None);
    assert!(revocation(&lookalikes.client(Face::Apple).issuer()).await.is_some());
}
