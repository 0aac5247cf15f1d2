//! Sessions that NextAuth.js v4 left behind: read under their old name, moved to ours.

use betancourt_auth::{Config, Strategy};
use time::Duration;

use crate::support::{World, location, set_cookies, set_names};

const OLD: &str = "next-auth.session-token";
const NEW: &str = "authjs.session-token";

fn reading(config: &mut Config) {
    config.session.reads_v4 = true;
}

/// Puts the session of somebody who signed in under the old name.
async fn world(change: impl FnOnce(&mut Config)) -> (World, String) {
    let mut world = World::with(change).await;
    world.sign_in().await;
    let token = world.jar.remove(NEW).unwrap();
    world.jar.insert(OLD.to_owned(), token.clone());
    (world, token)
}

#[tokio::test]
async fn a_stored_session_moves_to_the_new_name() {
    let (mut world, token) = world(reading).await;
    let answer = world.get("/session").await;
    let end = "Tue, 01 Jul 2025 12:00:00 GMT";
    let expected = [
        format!("{OLD}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"),
        format!("{NEW}={token}; Path=/; Expires={end}; HttpOnly; SameSite=Lax"),
    ];
    assert_eq!(set_cookies(&answer), expected);
    assert_eq!(world.session().await["user"]["email"], world.person().as_str());
    assert_eq!(set_names(&world.get("/session").await), [""; 0], "once");
}

#[tokio::test]
async fn it_moves_when_it_is_extended_too() {
    let (mut world, token) = world(reading).await;
    world.clock.advance(Duration::hours(25));
    let answer = world.get("/session").await;
    assert_eq!(set_names(&answer), [OLD, NEW]);
    assert!(
        set_cookies(&answer)[1].contains("Expires=Wed, 02 Jul 2025 13:00:00 GMT"),
        "{answer:?}"
    );
    assert_eq!(world.jar[NEW], token);
}

#[tokio::test]
async fn without_being_asked_nothing_of_v4_is_read() {
    for strategy in [Strategy::Database, Strategy::Jwt] {
        let (mut world, _) = world(|config| config.session.strategy = strategy).await;
        let answer = world.get("/session").await;
        assert_eq!(answer.body(), "null");
        assert_eq!(set_names(&answer), [""; 0]);
        assert!(world.jar.contains_key(OLD), "it belongs to somebody else");
    }
}

#[tokio::test]
async fn our_own_counts_first_and_both_go_at_the_end() {
    let (mut world, token) = world(reading).await;
    world.jar.insert(NEW.to_owned(), "0".repeat(43));
    let answer = world.get("/session").await;
    assert_eq!(answer.body(), "null");
    assert_eq!(set_names(&answer), [NEW, OLD], "both are cleared");
    world.jar.insert(OLD.to_owned(), token);
    assert_ne!(world.session().await, serde_json::Value::Null);
    world.jar.insert(OLD.to_owned(), "stale-but-well-formed-token".to_owned());
    let out = world.post("/signout", &[]).await;
    assert_eq!(location(&out), "http://localhost:3000");
    assert!(!world.jar.contains_key(OLD) && !world.jar.contains_key(NEW));
}

#[tokio::test]
async fn signing_in_leaves_nothing_of_v4_behind() {
    for strategy in [Strategy::Database, Strategy::Jwt] {
        let change = |config: &mut Config| {
            reading(config);
            config.session.strategy = strategy;
        };
        let mut world = World::with(change).await;
        world.jar.insert(OLD.to_owned(), "stale-but-well-formed-token".to_owned());
        world.sign_in().await;
        assert!(world.jar.contains_key(NEW) && !world.jar.contains_key(OLD));
    }
}
