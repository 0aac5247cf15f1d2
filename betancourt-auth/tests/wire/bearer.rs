//! A sealed session as a bearer token, as `getToken` of Auth.js takes it.

use betancourt_auth::Strategy;
use http::header::{AUTHORIZATION, COOKIE, HeaderMap};
use time::Duration;

use crate::support::{Ask, World, json, set_names};

const NAME: &str = "authjs.session-token";

async fn world(strategy: Strategy) -> World {
    let mut world = World::with(|config| config.session.strategy = strategy).await;
    world.sign_in().await;
    world
}

fn bearing(values: &[String]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append(AUTHORIZATION, value.parse().unwrap());
    }
    headers
}

/// Whose session the application sees, and whether it tells the browser anything.
async fn seen(world: &World, headers: &HeaderMap) -> Option<String> {
    let visit = world.auth.visit(headers).await.unwrap();
    let mut answer = HeaderMap::new();
    visit.apply(&mut answer);
    assert!(!answer.contains_key("set-cookie"), "nobody keeps a renewed one");
    let again = world.auth.session(headers).await.unwrap();
    assert_eq!(again.is_some(), visit.session().is_some());
    visit.into_session().and_then(|session| session.user.email)
}

#[tokio::test]
async fn a_script_may_bring_a_sealed_session_along() {
    let world = world(Strategy::Jwt).await;
    let token = &world.jar[NAME];
    let encoded: String = token.bytes().map(|byte| format!("%{byte:02X}")).collect();
    for value in [format!("Bearer {token}"), format!("bearer {token}"), format!("Bearer {encoded}")]
    {
        assert_eq!(seen(&world, &bearing(&[value])).await, Some(world.person()));
    }
    world.clock.advance(Duration::days(2));
    assert_eq!(
        seen(&world, &bearing(&[format!("Bearer {token}")])).await,
        Some(world.person()),
        "due, but not renewed"
    );
    world.clock.advance(Duration::days(29));
    assert_eq!(seen(&world, &bearing(&[format!("Bearer {token}")])).await, None);
}

#[tokio::test]
async fn whoever_was_signed_out_everywhere_is_nobody_by_it() {
    let world = world(Strategy::Jwt).await;
    let headers = bearing(&[format!("Bearer {}", world.jar[NAME])]);
    let session = world.auth.session(&headers).await.unwrap().unwrap();
    world.auth.sign_out_everywhere(&session.user.id).await.unwrap();
    world.clock.advance(Duration::minutes(1));
    assert_eq!(seen(&world, &headers).await, None);
}

#[tokio::test]
async fn what_is_no_session_is_nobodys() {
    let world = world(Strategy::Jwt).await;
    let token = &world.jar[NAME];
    let genuine = format!("Bearer {token}");
    let wrong = [
        vec![],
        vec!["Bearer".to_owned()],
        vec!["Bearer ".to_owned()],
        vec!["Bearer %".to_owned()],
        vec!["Bearer %E0%A4%A".to_owned()],
        vec![format!("Bearer {token}%zz")],
        vec![format!("Bearer {}", &token[1..])],
        vec![format!("Basic {token}")],
        vec![token.clone()],
        vec![genuine.clone(), genuine.clone()],
    ];
    for values in wrong {
        assert_eq!(seen(&world, &bearing(&values)).await, None, "{values:?}");
    }
    assert_eq!(seen(&world, &bearing(&[genuine])).await, Some(world.person()));
}

#[tokio::test]
async fn a_cookie_counts_first() {
    let world = world(Strategy::Jwt).await;
    let mut headers = bearing(&[format!("Bearer {}", world.jar[NAME])]);
    headers.insert(COOKIE, format!("{NAME}=broken").parse().unwrap());
    assert!(world.auth.session(&headers).await.unwrap().is_none());
    headers.remove(COOKIE);
    assert!(world.auth.session(&headers).await.unwrap().is_some());
}

#[tokio::test]
async fn a_stored_session_comes_by_cookie_only() {
    let world = world(Strategy::Database).await;
    let token = &world.jar[NAME];
    assert_eq!(seen(&world, &bearing(&[format!("Bearer {token}")])).await, None);
    let mut headers = HeaderMap::new();
    headers.insert(COOKIE, format!("{NAME}={token}").parse().unwrap());
    assert_eq!(seen(&world, &headers).await, Some(world.person()));
}

/// As in Auth.js, the actions themselves know people by their cookies only.
#[tokio::test]
async fn the_actions_know_nobody_by_it() {
    let mut world = world(Strategy::Jwt).await;
    let authorization = format!("Bearer {}", world.jar.remove(NAME).unwrap());
    let answer = world.send(Ask::get("/auth/session").header("authorization", authorization)).await;
    assert_eq!(json(&answer), serde_json::Value::Null);
    assert!(!set_names(&answer).contains(&NAME.to_owned()));
}
