//! The authorization endpoint refuses; each refusal has a request beside it that passes.

use std::time::Duration;

use betancourt_auth_dev::{ApproveError, Client, Endpoint, Face, LookAlikes};
use http::StatusCode;

use crate::support::{
    address, attribute_after, authorization, authorization_with, authorize_url, first_person, get,
    look_alikes, post,
};

/// The error that the app is told, by whatever way the answer travels.
async fn told(lookalikes: &LookAlikes, face: Face, authorize: &str) -> String {
    let key = lookalikes.people(face).next().unwrap().key().to_owned();
    let callback = lookalikes.approve(authorize, &key).await.unwrap();
    assert_eq!(callback.value("code"), None);
    assert_eq!(callback.value("state"), Some("the state"));
    assert!(callback.value("error_description").is_some());
    callback.value("error").unwrap().to_owned()
}

/// A page in place of any redirect.
async fn is_shown(authorize: &str) -> bool {
    let page = get(authorize).send().await;
    assert!(!page.headers.contains_key("location"));
    page.status == StatusCode::BAD_REQUEST && page.text().contains("This cannot go on")
}

#[tokio::test]
async fn nobody_is_sent_to_an_address_that_is_not_registered_letter_for_letter() {
    let lookalikes = look_alikes().await;
    for face in Face::ALL {
        let client = lookalikes.client(face);
        assert!(!is_shown(&authorize_url(client)).await, "{face}");
        let registered = client.redirect_uri().as_str();
        for other in [
            format!("{registered}/"),
            format!("{registered}?x=1"),
            registered.replace("localhost", "127.0.0.1"),
            registered.replace("/callback/", "/callback/%2e/"),
            "https://evil.example/callback".to_owned(),
            String::new(),
        ] {
            assert!(is_shown(&authorization_with(client, "redirect_uri", &other)).await, "{other}");
        }
        assert!(is_shown(&authorization_with(client, "client_id", "somebody-else")).await);
    }
}

#[tokio::test]
async fn pkce_is_required_and_must_be_s256() {
    let lookalikes = look_alikes().await;
    for face in Face::ALL {
        let client = lookalikes.client(face);
        assert!(first_person(&lookalikes, face).await.value("code").is_some());
        for (name, value) in [
            ("code_challenge", ""),
            ("code_challenge", "too-short"),
            ("code_challenge_method", ""),
            ("code_challenge_method", "plain"),
        ] {
            let request = authorization_with(client, name, value);
            assert_eq!(told(&lookalikes, face, &request).await, "invalid_request", "{name}");
        }
    }
}

#[tokio::test]
async fn what_is_not_served_is_told_to_the_app() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    for (name, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "", "invalid_request"),
        ("response_mode", "fragment", "invalid_request"),
        ("scope", "", "invalid_scope"),
        ("request", "a.b.c", "request_not_supported"),
        ("request_uri", "https://a.example", "request_uri_not_supported"),
        ("prompt", "none", "login_required"),
    ] {
        let request = authorization_with(google, name, value);
        assert_eq!(told(&lookalikes, Face::Google, &request).await, error, "{name}={value}");
    }
    let callback = get(authorization_with(google, "prompt", "none")).send().await.location();
    assert!(callback.contains(&("iss".to_owned(), google.issuer())));
    for (name, value) in [("prompt", "consent"), ("login_hint", "a@b.example"), ("made_up", "x")] {
        let request = authorization_with(google, name, value);
        let callback = lookalikes.approve(&request, "ana-restrepo@gmail.com").await.unwrap();
        assert!(callback.value("code").is_some(), "{name}={value}");
    }
}

#[tokio::test]
async fn a_parameter_that_is_there_twice_is_refused() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    let mut parameters = authorization(google);
    parameters.push(("state", "another".to_owned()));
    assert!(is_shown(&address(google, &parameters)).await);
}

#[tokio::test]
async fn apple_gives_name_and_address_by_form_post_only() {
    let lookalikes = look_alikes().await;
    let apple = lookalikes.client(Face::Apple);
    let by_query = authorization_with(apple, "response_mode", "query");
    assert_eq!(told(&lookalikes, Face::Apple, &by_query).await, "invalid_request");
    let modest = by_query.replace("openid+name+email", "openid");
    let callback = lookalikes.approve(&modest, "santiago@velez.example").await.unwrap();
    assert!(callback.value("code").is_some());
    assert_eq!(callback.value("user"), None);
}

#[tokio::test]
async fn facebook_knows_no_form_post() {
    let lookalikes = look_alikes().await;
    let facebook = lookalikes.client(Face::Facebook);
    let request = authorization_with(facebook, "response_mode", "form_post");
    assert_eq!(told(&lookalikes, Face::Facebook, &request).await, "invalid_request");
}

#[tokio::test]
async fn a_request_may_be_posted_as_well() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    let page = post(google.endpoints().authorization, &authorization(google)).send().await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("data-person=\"ana-restrepo@gmail.com\""));
}

#[tokio::test]
async fn a_page_is_answered_once_and_within_ten_minutes() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    let subject = lookalikes.people(Face::Google).next().unwrap().subject.clone();
    let ticket = ticket(google).await;
    assert_eq!(choose(google, &ticket, &subject).await, StatusCode::SEE_OTHER);
    assert_eq!(choose(google, &ticket, &subject).await, StatusCode::BAD_REQUEST);
    assert_eq!(choose(google, "made-up", &subject).await, StatusCode::BAD_REQUEST);

    let ticket = self::ticket(google).await;
    assert_eq!(choose(google, &ticket, "nobody").await, StatusCode::BAD_REQUEST);

    let ticket = self::ticket(google).await;
    lookalikes.advance_clock(Duration::from_secs(601));
    assert_eq!(choose(google, &ticket, &subject).await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_page_of_one_face_is_not_answered_at_another() {
    let lookalikes = look_alikes().await;
    let (google, apple) = (lookalikes.client(Face::Google), lookalikes.client(Face::Apple));
    let subject = lookalikes.people(Face::Apple).next().unwrap().subject.clone();
    let ticket = ticket(google).await;
    assert_eq!(choose(apple, &ticket, &subject).await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_person_without_a_browser_is_told_what_is_wrong() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    let unknown = lookalikes.approve(&authorize_url(google), "nobody@example.com").await;
    assert!(matches!(unknown, Err(ApproveError::Unknown(_))));
    let elsewhere = lookalikes.approve("https://accounts.example/authorize", "a").await;
    assert!(matches!(elsewhere, Err(ApproveError::OtherAddress(_))));
    let token = lookalikes.approve(&google.endpoints().token, "a").await;
    assert!(matches!(token, Err(ApproveError::OtherAddress(_))));
    let refused = authorization_with(google, "client_id", "other");
    let refused = lookalikes.approve(&refused, "ana-restrepo@gmail.com").await;
    assert!(matches!(refused, Err(ApproveError::Refused(_))));
    assert!(lookalikes.seen(Face::Google, Endpoint::Choice).is_empty());
}

async fn ticket(client: &Client) -> String {
    let page = get(authorize_url(client)).send().await;
    attribute_after(page.text(), "name=\"ticket\"", "value").unwrap().to_owned()
}

async fn choose(client: &Client, ticket: &str, subject: &str) -> StatusCode {
    let form = [("ticket", ticket), ("person", subject)];
    post(format!("{}/choice", client.base()), &form).send().await.status
}
