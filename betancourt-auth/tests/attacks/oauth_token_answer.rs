//! A token endpoint with habits of its own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use betancourt_auth_dev::{Endpoint, Face, Tamper};
use serde_json::{Map, Value};

use crate::support::{ANA, Place, Stage, VALENTINA, World};

/// A token that is no bearer token is none; how the word is written, and what RFC 6749 leaves open, does not matter.
pub(crate) async fn oauth_16_odd_token_types(place: Place) {
    let world = World::start(place).await;
    let habit = |change: fn(&mut Map<String, Value>)| {
        Tamper::json(Endpoint::Token, move |answer| change(answer.as_object_mut().unwrap()))
    };
    let hostile = [
        habit(|answer| drop(answer.insert("token_type".into(), "mac".into()))),
        habit(|answer| drop(answer.remove("token_type"))),
    ];
    let odd = [
        habit(|answer| drop(answer.insert("token_type".into(), "bEaReR".into()))),
        habit(|answer| answer.retain(|name, _| name != "expires_in" && name != "scope")),
    ];
    let before = world.snapshot().await;
    for tamper in hostile {
        world.tamper(Face::Google, tamper);
        let mut browser = world.browser();
        let callback = browser.begin_as(Face::Google, ANA).await;
        browser.follow(&callback).await.assert_refused("OAuthCallbackError");
        world.net.lookalikes.behave(Face::Google);
    }
    assert_eq!(world.log.events("token.type").len(), 2);
    world.assert_unchanged(&before).await;

    for tamper in odd {
        world.tamper(Face::Google, tamper);
        world.browser().sign_in(Face::Google, ANA).await;
        world.net.lookalikes.behave(Face::Google);
    }
}

/// An id and a secret with every letter that means something in `Basic`; and an endpoint that does not take them.
pub(crate) async fn oauth_16_odd_clients_and_a_refused_authentication(place: Place) {
    let world = Stage::new(place).credentials("an app:50%+1", "canary-pä ß:%+&").start().await;
    world.browser().sign_in(Face::Microsoft, VALENTINA).await;
    let [exchange] = &world.net.lookalikes.seen(Face::Microsoft, Endpoint::Token)[..] else {
        panic!("one exchange")
    };
    let basic = exchange.headers["authorization"].to_str().unwrap().strip_prefix("Basic ").unwrap();
    let basic = String::from_utf8(STANDARD.decode(basic).unwrap()).unwrap();
    assert_eq!(basic, "an+app%3A50%25%2B1:canary-p%C3%A4+%C3%9F%3A%25%2B%26");

    let before = world.snapshot().await;
    world.tamper(
        Face::Microsoft,
        Tamper::answer(Endpoint::Token, |answer| answer.status = http::StatusCode::UNAUTHORIZED),
    );
    let mut browser = world.browser();
    let callback = browser.begin_as(Face::Microsoft, VALENTINA).await;
    browser.follow(&callback).await.assert_refused("OAuthCallbackError");
    world.log.refusal("token.refused", "microsoft-entra-id");
    world.assert_unchanged(&before).await;
    let exchanges = world.net.lookalikes.seen(Face::Microsoft, Endpoint::Token);
    assert_eq!(exchanges.len(), 2, "no second try");
    assert!(exchanges.iter().all(|seen| seen.form_value("client_secret").is_none()));
}
