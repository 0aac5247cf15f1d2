//! Tokens of another attempt: the nonce ties each to its own.

use std::sync::{Arc, Mutex};

use betancourt_auth_dev::{Endpoint, Face, Tamper};
use serde_json::{Value, json};

use crate::support::{ANA, JULIAN, Place, World, claim};

/// Keeps what the token endpoint answers, and changes nothing.
fn overheard() -> (Tamper, Arc<Mutex<Vec<Value>>>) {
    let answers = Arc::<Mutex<Vec<Value>>>::default();
    let heard = Arc::clone(&answers);
    let listen = move |answer: &mut Value| heard.lock().unwrap().push(answer.clone());
    (Tamper::json(Endpoint::Token, listen), answers)
}

/// Gives that answer to whoever asks.
fn replayed(answer: &Value) -> Tamper {
    let answer = answer.clone();
    Tamper::json(Endpoint::Token, move |given| *given = answer.clone())
}

/// A nonce that is wrong, missing, or that of an answer from before: of this browser, of another one, or of an attempt
/// that is under way beside it.
pub(crate) async fn oidc_09_a_token_of_another_attempt(place: Place) {
    let world = World::with_user_info(place).await;
    for wrong in [Some(json!("another")), Some(json!("")), Some(json!(7)), Some(Value::Null), None]
    {
        world.assert_rejected(vec![claim("nonce", wrong)], "id_token.nonce").await;
    }

    let (listen, answers) = overheard();
    world.tamper(Face::Google, listen);
    let mut browser = world.browser();
    let callbacks =
        [browser.begin_as(Face::Google, ANA).await, browser.begin_as(Face::Google, JULIAN).await];
    browser.follow(&callbacks[0]).await.assert_welcome();
    world.net.lookalikes.behave(Face::Google);
    let first = answers.lock().unwrap()[0].clone();

    // The whole of it, tokens that belong together, in the very browser that had it before.
    let before = world.snapshot().await;
    world.tamper(Face::Google, replayed(&first));
    browser.follow(&callbacks[1]).await.assert_refused("OAuthCallbackError");
    assert_eq!(browser.who().await.as_deref(), Some("Ana Restrepo"), "who was in stays in");
    world.assert_unchanged(&before).await;
    world.net.lookalikes.behave(Face::Google);
    world.assert_rejected(vec![replayed(&first)], "id_token.nonce").await;

    let mut again = world.browser();
    again.sign_in(Face::Google, JULIAN).await;
    world.assert_accepted(vec![]).await;
}
