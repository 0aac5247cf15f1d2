//! What a face tells an app, and who may make it tell.

use betancourt_auth_dev::{Face, MessageError, News, Signature};
use http::StatusCode;

use crate::support::{get, look_alikes, post, verified};

#[tokio::test]
async fn a_message_is_signed_as_its_face_signs() {
    let lookalikes = look_alikes().await;
    for (face, wrapped) in [(Face::Google, ""), (Face::Apple, r#"{"payload":""#)] {
        let person = lookalikes.people(face).next().unwrap();
        let subject = person.subject.clone();
        for news in News::told_by(face) {
            let message = lookalikes.message(face, person.key(), *news).await.unwrap();
            let token = message.body.strip_prefix(wrapped).unwrap().trim_end_matches("\"}");
            let claims = verified(lookalikes.client(face), token).await.unwrap();
            assert_eq!(claims["aud"], lookalikes.client(face).id());
            let names_them = claims["events"].to_string().contains(&subject);
            assert_eq!(names_them, *news != News::Verification, "{news:?}");
        }
        let forged = lookalikes
            .tampered_message(face, person.key(), News::told_by(face)[0], |token| {
                token.signature = Signature::Broken;
            })
            .await
            .unwrap();
        let token = forged.body.strip_prefix(wrapped).unwrap().trim_end_matches("\"}");
        assert_eq!(verified(lookalikes.client(face), token).await, None);
    }
}

#[tokio::test]
async fn facebook_has_two_doors_and_microsoft_tells_nothing() {
    let lookalikes = look_alikes().await;
    let person = lookalikes.people(Face::Facebook).next().unwrap().key().to_owned();
    for (news, path) in [
        (News::ConsentRevoked, "/api/auth/inbox/facebook/deauthorization"),
        (News::DeletionRequested, "/api/auth/inbox/facebook/deletion"),
    ] {
        let message = lookalikes.message(Face::Facebook, &person, news).await.unwrap();
        assert_eq!(message.url.path(), path);
    }
    let refused = lookalikes.message(Face::Facebook, &person, News::RelayDisabled).await;
    assert!(matches!(refused, Err(MessageError::NotTold { .. })));
    let refused = lookalikes.message(Face::Facebook, "nobody", News::ConsentRevoked).await;
    assert!(matches!(refused, Err(MessageError::Unknown(_))));
    let nothing = get(format!("{}/news", lookalikes.client(Face::Microsoft).base())).send().await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_its_own_page_makes_a_face_tell() {
    let lookalikes = look_alikes().await;
    let client = lookalikes.client(Face::Apple);
    let page = format!("{}/news", client.base());
    assert!(get(&page).send().await.text().contains("data-news=\"consent-revoked\""));
    let person = lookalikes.people(Face::Apple).next().unwrap().subject.clone();
    let form = [("person", person), ("news", "consent-revoked".to_owned())];
    let port = lookalikes.url().port().unwrap();
    for (origin, status) in [
        ("https://evil.example".to_owned(), StatusCode::FORBIDDEN),
        ("http://127.0.0.1:1".to_owned(), StatusCode::FORBIDDEN),
        ("null".to_owned(), StatusCode::FORBIDDEN),
        (format!("http://127.0.0.1:{port}"), StatusCode::OK),
    ] {
        let answer = post(&page, &form).header("origin", &origin).send().await;
        assert_eq!(answer.status, status, "{origin}");
        // Nobody listens at the app's port here, and the page says so.
        assert_eq!(answer.text().contains("The app was not told"), status == StatusCode::OK);
    }
    let unknown = [("person", "nobody".to_owned()), ("news", "consent-revoked".to_owned())];
    assert_eq!(post(&page, &unknown).send().await.status, StatusCode::BAD_REQUEST);
}
