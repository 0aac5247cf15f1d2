//! Messages that claim to be a provider's: forged, for another application, old, repeated, or of another kind.

use betancourt_auth_dev::{Face, IdToken, News, Signature, Tamper};
use time::Duration;

use crate::support::{ANA, NEWS, Place, World, at_once, exchange};

type Edit = fn(&mut IdToken);

/// Signed by somebody else, by nobody, or with what everybody knows.
pub(crate) async fn inbox_01_a_message_that_somebody_else_signed(place: Place) {
    let forgeries: [Edit; 4] = [
        |token| token.signature = Signature::Broken,
        |token| token.signature = Signature::Absent,
        |token| token.signature = Signature::Stranger,
        |token| token.signature = Signature::Hmac(token.public_key_der().to_vec()),
    ];
    for (face, person, news) in NEWS {
        let world = World::start(place).await;
        let mut browser = world.signed_in(face, person).await;
        let before = world.snapshot().await;
        for forge in forgeries {
            let answer = world.report_tampered((face, person, news), forge).await;
            answer.assert_not_taken(face, "invalid_key");
        }
        let refused = world.log.events("inbox.signature");
        assert_eq!(refused.len(), forgeries.len(), "{face}");
        assert!(refused.iter().all(|event| event["fields"]["provider"] == face.id()), "{face}");
        world.assert_unchanged(&before).await;
        assert!(browser.who().await.is_some() && world.reports().await == 0);

        world.report(face, person, news).await.assert_taken(face);
        assert_eq!((browser.who().await, world.reports().await), (None, 1), "{face}");
    }
}

/// Genuine, but for another application, or by another issuer with the same keys.
pub(crate) async fn inbox_02_a_message_for_another_application(place: Place) {
    let foreign: [(Face, &str, &str, Edit); 5] = [
        (Face::Google, "inbox.audience", "invalid_audience", |token| {
            token.claims["aud"] = "another-app.apps.googleusercontent.example".into();
        }),
        (Face::Google, "inbox.issuer", "invalid_issuer", |token| {
            token.claims["iss"] = "https://accounts.evil.example/".into();
        }),
        (Face::Apple, "inbox.audience", "", |token| {
            token.claims["aud"] = "com.example.another".into();
        }),
        (Face::Apple, "inbox.issuer", "", |token| {
            token.claims["iss"] = "https://appleid.evil.example".into();
        }),
        (Face::Facebook, "inbox.signature", "", |token| {
            token.signature = Signature::Hmac(b"the secret of another app".to_vec());
        }),
    ];
    for (of, reason, registered, edit) in foreign {
        let (face, person, news) = NEWS.into_iter().find(|(face, ..)| *face == of).unwrap();
        let world = World::start(place).await;
        let mut browser = world.signed_in(face, person).await;
        let before = world.snapshot().await;
        let answer = world.report_tampered((face, person, news), edit).await;
        answer.assert_not_taken(face, registered);
        world.log.refusal(reason, face.id());
        world.assert_unchanged(&before).await;
        assert!(browser.who().await.is_some());

        world.report(face, person, news).await.assert_taken(face);
        assert_eq!(browser.who().await, None, "{face}");
    }
}

/// The same message fifty times at once, and again after the person came back: it happens once.
pub(crate) async fn inbox_03_a_message_that_is_repeated(place: Place) {
    for (face, person, news) in NEWS {
        let world = World::start(place).await;
        let mut browser = world.signed_in(face, person).await;
        let message = world.message(face, person, news).await;
        let (door, bytes) = (world.net.doors[0], world.posted(&message));
        let post = || {
            let bytes = bytes.clone();
            async move { exchange(door, &bytes).await }
        };
        for answer in at_once((0..50).map(|_| post())).await {
            answer.assert_taken(face);
        }
        assert_eq!((browser.who().await, world.reports().await), (None, 1), "{face}");

        world.wait(Duration::seconds(1));
        browser.sign_in(face, person).await;
        world.post(&message).await.assert_taken(face);
        assert!(browser.who().await.is_some(), "{face}: what was said before counts no more");
        world.report(face, person, news).await.assert_taken(face);
        assert_eq!((browser.who().await, world.reports().await), (None, 2), "{face}");

        // When it is forgotten that it came, it is too old to be believed.
        world.wait(Duration::days(8));
        world.auth.sweep().await.unwrap();
        world.post(&message).await.assert_not_taken(face, "invalid_request");
        world.log.refusal("inbox.moment", face.id());
    }
}

/// A message of another time.
pub(crate) async fn inbox_04_a_message_of_another_time(place: Place) {
    fn move_by(token: &mut IdToken, seconds: i64) {
        for name in ["iat", "issued_at"] {
            if let Some(made_at) = token.claims.get_mut(name) {
                *made_at = (made_at.as_i64().unwrap() + seconds).into();
            }
        }
    }
    const HOUR: i64 = 3_600;
    for (face, person, news) in NEWS {
        let world = World::start(place).await;
        let mut browser = world.signed_in(face, person).await;
        let believed = if face == Face::Facebook { HOUR } else { 7 * 24 * HOUR };
        for seconds in [-believed - 120, 120] {
            let answer =
                world.report_tampered((face, person, news), |token| move_by(token, seconds));
            answer.await.assert_not_taken(face, "invalid_request");
        }
        if face == Face::Apple {
            let ended = |token: &mut IdToken| {
                token.claims["exp"] = (token.claims["iat"].as_i64().unwrap() - 120).into();
            };
            let answer = world.report_tampered((face, person, news), ended).await;
            answer.assert_not_taken(face, "");
        }
        let expected = if face == Face::Apple { 3 } else { 2 };
        assert_eq!(world.log.events("inbox.moment").len(), expected, "{face}");
        assert!(browser.who().await.is_some() && world.reports().await == 0);

        let late = |token: &mut IdToken| move_by(token, 120 - believed);
        world.report_tampered((face, person, news), late).await.assert_taken(face);
        assert_eq!(browser.who().await, None, "{face}: a provider may come late");
    }
}

/// Signed in another way than is agreed, or a token of another kind; and a message where an ID token belongs.
pub(crate) async fn inbox_05_a_message_of_another_kind(place: Place) {
    let other_tokens: [Edit; 5] = [
        |token| {
            token.header["alg"] = "none".into();
            token.signature = Signature::Absent;
        },
        |token| {
            token.header["alg"] = "HS256".into();
            token.signature = Signature::Hmac(token.public_key_pem().into_bytes());
        },
        |token| token.header["alg"] = "ES256".into(),
        |token| token.header["typ"] = "at+jwt".into(),
        |token| token.header["crit"] = serde_json::json!(["exp"]),
    ];
    let other_requests: [Edit; 3] = [
        |payload| payload.claims["algorithm"] = "none".into(),
        |payload| payload.claims["algorithm"] = "HMAC-SHA1".into(),
        |payload| drop(payload.claims.as_object_mut().unwrap().remove("algorithm")),
    ];
    for (face, person, news) in NEWS {
        let world = World::start(place).await;
        let mut browser = world.signed_in(face, person).await;
        let before = world.snapshot().await;
        let edits: &[Edit] = if face == Face::Facebook { &other_requests } else { &other_tokens };
        for edit in edits {
            let answer = world.report_tampered((face, person, news), edit).await;
            answer.assert_not_taken(face, "invalid_key");
        }
        assert_eq!(world.log.events("inbox.algorithm").len(), edits.len(), "{face}");
        if face != Face::Facebook {
            // An ID token is the provider's, for us, and of now; but it tells nothing.
            let id_token = |token: &mut IdToken| {
                token.claims.as_object_mut().unwrap().remove("events");
            };
            let answer = world.report_tampered((face, person, news), id_token).await;
            answer.assert_not_taken(face, "invalid_request");
        }
        world.assert_unchanged(&before).await;
        assert!(browser.who().await.is_some());
        world.report(face, person, news).await.assert_taken(face);
        assert_eq!(browser.who().await, None, "{face}");
    }
    let world = World::start(place).await;
    let events = serde_json::json!({
        "https://schemas.openid.net/secevent/risc/event-type/sessions-revoked": {},
    });
    world.tamper(
        Face::Google,
        Tamper::id_token(move |token| token.claims["events"] = events.clone()),
    );
    let mut browser = world.browser();
    let callback = browser.begin_as(Face::Google, ANA).await;
    browser.follow(&callback).await.assert_refused("OAuthCallbackError");
    world.net.lookalikes.behave(Face::Google);
    world.signed_in(Face::Google, ANA).await;
}

/// An address that is only tried tells nothing of anybody.
pub(crate) async fn inbox_05_an_address_that_is_tried(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let before = world.snapshot().await;
    world.report(Face::Google, ANA, News::Verification).await.assert_taken(Face::Google);
    world.assert_unchanged(&before).await;
    assert!(browser.who().await.is_some() && world.reports().await == 0);
    let forged = |token: &mut IdToken| token.signature = Signature::Broken;
    let answer = world.report_tampered((Face::Google, ANA, News::Verification), forged).await;
    answer.assert_not_taken(Face::Google, "invalid_key");
}
