//! The buttons for what goes wrong do what they say.

use betancourt_auth_dev::{Callback, Face, Failure, LookAlikes};
use http::StatusCode;
use serde_json::Value;

use crate::support::{authorize_url, first_person, get, look_alikes, redeem, verified};

const WITH_ID_TOKEN: [Face; 3] = [Face::Google, Face::Apple, Face::Microsoft];

async fn fail(lookalikes: &LookAlikes, face: Face, failure: Failure) -> Callback {
    lookalikes.fail(&authorize_url(lookalikes.client(face)), failure).await.unwrap()
}

async fn claims_after(lookalikes: &LookAlikes, face: Face, failure: Failure) -> Value {
    let client = lookalikes.client(face);
    let callback = fail(lookalikes, face, failure).await;
    let tokens = redeem(client, callback.value("code").unwrap()).await.json();
    verified(client, tokens["id_token"].as_str().unwrap()).await.unwrap()
}

#[tokio::test]
async fn every_page_has_the_buttons_of_its_face_and_no_others() {
    let lookalikes = look_alikes().await;
    for face in Face::ALL {
        let page = get(authorize_url(lookalikes.client(face))).send().await;
        let mut found: Vec<&str> = page
            .text()
            .split("data-failure=\"")
            .skip(1)
            .map(|rest| &rest[..rest.find('"').unwrap()])
            .collect();
        let mut offered: Vec<&str> =
            Failure::offered_by(face).iter().map(|failure| failure.id()).collect();
        found.sort_unstable();
        offered.sort_unstable();
        assert_eq!(found, offered, "{face}");
    }
}

#[tokio::test]
async fn cancelled_tells_the_app_in_the_words_of_the_face() {
    let lookalikes = look_alikes().await;
    for face in Face::ALL {
        let callback = fail(&lookalikes, face, Failure::Cancelled).await;
        let error = if face == Face::Apple { "user_cancelled_authorize" } else { "access_denied" };
        assert_eq!(callback.value("error"), Some(error));
        assert_eq!(callback.value("state"), Some("the state"));
        assert_eq!(callback.value("code"), None);
        let announced = matches!(face, Face::Google | Face::Microsoft);
        assert_eq!(callback.value("iss").is_some(), announced, "{face}");
    }
}

#[tokio::test]
async fn people_without_a_sound_address_are_who_they_are_said_to_be() {
    let lookalikes = look_alikes().await;
    let unverified = claims_after(&lookalikes, Face::Google, Failure::UnverifiedEmail).await;
    assert_eq!(unverified["email_verified"], false);
    let relay = claims_after(&lookalikes, Face::Apple, Failure::PrivateRelay).await;
    assert_eq!(relay["is_private_email"], "true");
    assert!(relay["email"].as_str().unwrap().ends_with("@privaterelay.appleid.com"));
    let none = claims_after(&lookalikes, Face::Microsoft, Failure::NoEmail).await;
    assert_eq!(none.get("email"), None);
    assert!(none["preferred_username"].is_string());
    let unvouched = claims_after(&lookalikes, Face::Microsoft, Failure::UnverifiedEmail).await;
    assert_eq!(unvouched["xms_edov"], false);
}

#[tokio::test]
async fn a_person_without_an_address_goes_by_the_subject() {
    let lookalikes = look_alikes().await;
    let facebook = lookalikes.client(Face::Facebook);
    let page = get(authorize_url(facebook)).send().await;
    assert!(page.text().contains("data-person=\"10221083659472160\" data-failure=\"no-email\""));
    let callback = lookalikes.approve(&authorize_url(facebook), "10221083659472160").await;
    assert!(callback.unwrap().value("code").is_some());
}

#[tokio::test]
async fn a_rotated_key_is_new_and_published_beside_the_old_one() {
    let lookalikes = look_alikes().await;
    let google = lookalikes.client(Face::Google);
    let keys = google.endpoints().keys.unwrap();
    let before = get(&keys).send().await.json();
    let claims = claims_after(&lookalikes, Face::Google, Failure::RotatedKey).await;
    assert_eq!(claims["email"], "ana-restrepo@gmail.com");
    let after = get(&keys).send().await.json();
    assert_eq!(after["keys"].as_array().unwrap().len(), 2);
    assert_ne!(after["keys"][0]["kid"], before["keys"][0]["kid"]);
    assert_eq!(after["keys"][1], before["keys"][0]);
}

#[tokio::test]
async fn a_late_clock_gives_a_token_that_has_expired() {
    let lookalikes = look_alikes().await;
    for face in WITH_ID_TOKEN {
        let in_time = claims_after(&lookalikes, face, Failure::RotatedKey).await;
        let late = claims_after(&lookalikes, face, Failure::LateClock).await;
        let time = |claims: &Value, name: &str| claims[name].as_i64().unwrap();
        let offset = time(&in_time, "iat") - time(&late, "iat");
        assert!((500..=600).contains(&offset), "{face}: {offset}");
        assert!(time(&late, "exp") < time(&in_time, "iat") - 60);
    }
}

#[tokio::test]
async fn a_reused_code_is_refused_and_counted() {
    let lookalikes = look_alikes().await;
    for face in Face::ALL {
        let client = lookalikes.client(face);
        let callback = fail(&lookalikes, face, Failure::ReusedCode).await;
        let refused = redeem(client, callback.value("code").unwrap()).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert_eq!(lookalikes.reused_codes(face), 1);
    }
}

#[tokio::test]
async fn an_outage_lasts_for_one_sign_in() {
    let lookalikes = look_alikes().await;
    for face in Face::ALL {
        let client = lookalikes.client(face);
        let callback = fail(&lookalikes, face, Failure::Outage).await;
        for _ in 0..2 {
            let answer = redeem(client, callback.value("code").unwrap()).await;
            assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        }
        let next = first_person(&lookalikes, face).await;
        assert_eq!(redeem(client, next.value("code").unwrap()).await.status, StatusCode::OK);
    }
}
