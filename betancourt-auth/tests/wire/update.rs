//! `POST /session`: a browser asks for an update of its session.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use betancourt_auth::hook::{Callbacks, Events, Sealing, Trigger};
use betancourt_auth::{Config, Session, Strategy};
use serde_json::{Map, Value, json};
use time::Duration;

use crate::support::{Ask, NOW, World, json, set_names};

/// An application in which people choose a theme: kept in the sealed session, or told to whoever asks.
#[derive(Debug, Default)]
struct Themes {
    triggers: Mutex<Vec<Option<Trigger>>>,
    shown: Mutex<usize>,
}

#[async_trait]
impl Callbacks for Themes {
    async fn session(&self, session: &Session, mut shown: Value, update: Option<&Value>) -> Value {
        if let Some(theme) = session.claims.get("theme") {
            shown["theme"] = theme.clone();
        }
        if let Some(update) = update {
            shown["update"] = update.clone();
        }
        shown
    }

    async fn jwt(
        &self,
        mut token: Map<String, Value>,
        sealing: &Sealing<'_>,
    ) -> Option<Map<String, Value>> {
        self.triggers.lock().unwrap().push(sealing.trigger);
        assert_eq!(sealing.update.is_some(), sealing.trigger == Some(Trigger::Update));
        let update = sealing.update.and_then(Value::as_object);
        if update.is_some_and(|update| update.contains_key("leave")) {
            return None;
        }
        token.extend(update.cloned().unwrap_or_default());
        Some(token)
    }
}

#[async_trait]
impl Events for Themes {
    async fn session(&self, _: &Session) {
        *self.shown.lock().unwrap() += 1;
    }
}

async fn world(strategy: Strategy) -> (World, Arc<Themes>) {
    let themes = Arc::new(Themes::default());
    let hooks = (themes.clone(), themes.clone());
    let world = World::with(move |config: &mut Config| {
        config.session.strategy = strategy;
        (config.callbacks, config.events) = hooks;
    });
    (world.await, themes)
}

#[tokio::test]
async fn a_sealed_session_is_sealed_anew_with_what_the_application_makes_of_it() {
    let (mut world, themes) = world(Strategy::Jwt).await;
    world.sign_in().await;
    let before = world.jar.clone();
    world.clock.advance(Duration::minutes(5));
    let answer = world.post_json("/session", json!({ "data": { "theme": "dark" } })).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(json(&answer)["theme"], "dark");
    assert!(set_names(&answer).contains(&"authjs.session-token".to_owned()));
    assert_ne!(world.jar["authjs.session-token"], before["authjs.session-token"]);
    let end = NOW + 300 + 30 * 86_400;
    let shown = world.session().await;
    assert_eq!((&shown["theme"], &shown["expires"]), (&json!("dark"), &json!(iso_8601(end))));
    assert_eq!(*themes.triggers.lock().unwrap(), [Some(Trigger::SignUp), Some(Trigger::Update)]);
    assert_eq!(*themes.shown.lock().unwrap(), 2);
}

fn iso_8601(moment: i64) -> String {
    let moment = time::OffsetDateTime::from_unix_timestamp(moment).unwrap();
    format!("{}T{}.000Z", moment.date(), &moment.time().to_string()[..8])
}

#[tokio::test]
async fn a_form_updates_as_well_and_its_data_is_a_text() {
    let (mut world, _) = world(Strategy::Database).await;
    world.sign_in().await;
    let answer = world.post("/session", &[("data", "dark")]).await;
    assert_eq!((answer.status().as_u16(), &json(&answer)["update"]), (200, &json!("dark")));
}

#[tokio::test]
async fn a_stored_session_shows_the_update_to_the_application_and_stays_as_it_is() {
    let (mut world, _) = world(Strategy::Database).await;
    world.sign_in().await;
    let token = world.jar["authjs.session-token"].clone();
    for data in [json!({ "theme": "dark" }), json!("dark"), json!(7), json!([null])] {
        let answer = world.post_json("/session", json!({ "data": data })).await;
        assert_eq!((answer.status().as_u16(), &json(&answer)["update"]), (200, &data));
        assert_eq!(world.jar["authjs.session-token"], token);
    }
    let without = world.post_json("/session", json!({})).await;
    assert_eq!(json(&without), world.session().await, "nothing to update with");
}

#[tokio::test]
async fn nobody_has_no_session_to_update() {
    for strategy in [Strategy::Database, Strategy::Jwt] {
        let (mut world, themes) = world(strategy).await;
        let answer = world.post_json("/session", json!({ "data": { "theme": "dark" } })).await;
        assert_eq!((answer.status().as_u16(), json(&answer)), (200, Value::Null));
        assert_eq!(*themes.shown.lock().unwrap(), 0);
    }
}

#[tokio::test]
async fn an_application_that_wants_nobody_there_signs_out() {
    let (mut world, _) = world(Strategy::Jwt).await;
    world.sign_in().await;
    let answer = world.post_json("/session", json!({ "data": { "leave": true } })).await;
    assert_eq!((answer.status().as_u16(), json(&answer)), (200, Value::Null));
    assert!(!world.jar.contains_key("authjs.session-token"));
}

#[tokio::test]
async fn a_refusal_is_400_null_and_nothing_changes() {
    for strategy in [Strategy::Database, Strategy::Jwt] {
        let (mut world, themes) = world(strategy).await;
        world.sign_in().await;
        let token = world.csrf().await;
        let before = world.jar.clone();
        let body = |token: &str| json!({ "csrfToken": token, "data": { "theme": "dark" } });
        let path = "/auth/session";
        let genuine = Ask::json(path, &body(&token));
        let refused = [
            Ask::json(path, &json!({ "data": { "theme": "dark" } })),
            Ask::json(path, &body("another token")),
            Ask::json(path, &body(&token)).header("origin", "https://evil.example"),
            Ask { headers: Vec::new(), ..genuine.clone() }.header("content-type", "text/plain"),
            Ask { body: "{".to_owned(), ..genuine.clone() },
            Ask { body: "[".repeat(100_000), ..genuine.clone() },
            Ask::post(path, &[("data", "dark")]).by_client(),
        ];
        for ask in refused {
            let answer = world.send(ask.clone()).await;
            assert_eq!((answer.status().as_u16(), json(&answer)), (400, Value::Null), "{ask:?}");
            assert_eq!((set_names(&answer), answer.headers().get("location")), (vec![], None));
        }
        assert_eq!(world.jar, before);
        assert_eq!(*themes.shown.lock().unwrap(), 0);
        let answer = world.send(genuine).await;
        assert_eq!(
            (answer.status().as_u16(), &json(&answer)["user"]["name"]),
            (200, &world.session().await["user"]["name"])
        );
    }
}

#[tokio::test]
async fn more_than_a_cookie_holds_is_refused() {
    let (mut world, _) = world(Strategy::Jwt).await;
    world.sign_in().await;
    let before = world.jar["authjs.session-token"].clone();
    let answer =
        world.post_json("/session", json!({ "data": { "theme": "x".repeat(40_000) } })).await;
    assert_eq!((answer.status().as_u16(), json(&answer)), (400, Value::Null));
    assert_eq!(world.jar["authjs.session-token"], before);
    let answer =
        world.post_json("/session", json!({ "data": { "theme": "x".repeat(4_000) } })).await;
    assert_eq!(answer.status(), 200);
    assert!(world.jar.contains_key("authjs.session-token.1"), "in two chunks");
    assert_eq!(world.session().await["theme"].as_str().unwrap().len(), 4_000);
}
