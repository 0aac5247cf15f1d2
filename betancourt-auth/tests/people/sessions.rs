//! Where somebody is signed in: `me/sessions`, and how sessions are ended from elsewhere.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use betancourt_auth::hook::Events;
use betancourt_auth::{AuditKind, ErrorKind, Session, Strategy, UserId};
use betancourt_auth_dev::Face;
use http::StatusCode;
use serde_json::{Value, json as object};
use time::Duration;

use crate::support::{Browser, STRATEGIES, World, json};

const SESSIONS: &str = "/auth/me/sessions";
const REVOKE: &str = "/auth/me/sessions/revoke";
const REVOKE_OTHERS: &str = "/auth/me/sessions/revoke-others";
const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                     Version/26.1 Mobile/15E148 Safari/604.1";

/// Listens for ends.
#[derive(Debug, Default)]
struct Listener(Mutex<Vec<String>>);

#[async_trait]
impl Events for Listener {
    async fn sign_out(&self, _: &Session) {
        self.0.lock().unwrap().push("sign_out".to_owned());
    }

    async fn revoke_sessions(&self, _: &UserId, ended: u64) {
        self.0.lock().unwrap().push(format!("revoke_sessions {ended}"));
    }
}

/// Facebook's first person on a computer and, three minutes later, on a phone.
async fn two_browsers(strategy: Strategy) -> (World, Browser, Browser, Arc<Listener>) {
    let listener = Arc::new(Listener::default());
    let events = listener.clone();
    let mut world = World::with(strategy, |config| {
        config.events = events;
        config.session.recheck_after = Duration::ZERO;
    })
    .await;
    world.sign_in(Face::Facebook).await;
    let computer = std::mem::take(&mut world.browser);
    world.clock.advance(Duration::minutes(3));
    world.browser.agent = PHONE;
    world.sign_in(Face::Facebook).await;
    let phone = world.browser.clone();
    (world, computer, phone, listener)
}

async fn sessions(world: &mut World) -> Vec<Value> {
    let answer = world.get(SESSIONS).await;
    assert_eq!(answer.status(), StatusCode::OK);
    json(&answer)["sessions"].as_array().unwrap().clone()
}

fn id_of(session: &Value) -> &str {
    session["id"].as_str().unwrap()
}

#[tokio::test]
async fn sessions_are_shown_without_anything_secret() {
    for strategy in STRATEGIES {
        let (mut world, computer, phone, _) = two_browsers(strategy).await;
        let shown = sessions(&mut world).await;
        let [current, other] = shown.as_slice() else { panic!("{shown:?}") };
        assert_eq!((&current["current"], &other["current"]), (&true.into(), &false.into()));
        for (session, browser, system) in [(current, "Safari", "iOS"), (other, "Firefox", "Linux")]
        {
            assert_eq!(
                (&session["browser"], &session["system"]),
                (&browser.into(), &system.into())
            );
            assert_eq!(
                (&session["method"], &session["methodName"]),
                (&"facebook".into(), &"Facebook".into())
            );
            assert_eq!(session["createdAt"], session["lastSeenAt"]);
            assert!(session["expires"].as_str() > session["createdAt"].as_str());
        }
        assert!(other["createdAt"].as_str() < current["createdAt"].as_str());

        let text = serde_json::to_string(&shown).unwrap();
        for (name, token) in computer.jar.iter().chain(&phone.jar) {
            assert!(!text.contains(token), "{name} stands in the list");
        }
        let user = world.auth.visit(&world.headers()).await.unwrap().into_session().unwrap().user;
        let now = betancourt_auth::clock::Clock::now(&world.clock);
        for known in world.auth.store().sessions(&user.id, now).await.unwrap() {
            let (_, hash) = known.token.as_str().split_once(':').unwrap();
            assert!(!text.contains(hash), "what is stored stands in the list");
        }
    }
}

#[tokio::test]
async fn a_session_is_ended_from_another_one() {
    for strategy in STRATEGIES {
        let (mut world, computer, phone, listener) = two_browsers(strategy).await;
        let other = id_of(&sessions(&mut world).await[1]).to_owned();
        let answer = world.post_json(REVOKE, object!({ "id": other })).await;
        assert_eq!(json(&answer), object!({ "ended": 1 }));
        assert_eq!(*listener.0.lock().unwrap(), ["revoke_sessions 1"]);
        let event = world.auth.store().audit_log(1).await.unwrap().remove(0);
        assert_eq!(event.kind, AuditKind::SessionRevoked);
        assert_eq!(sessions(&mut world).await.len(), 1);
        world.browser = computer;
        assert_eq!(world.session().await, Value::Null, "{strategy:?}");
        world.browser = phone;
        assert!(world.session().await.is_object());
        let answer = world.post_json(REVOKE, object!({ "id": other })).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn whoever_ends_their_own_session_has_signed_out() {
    for strategy in STRATEGIES {
        let (mut world, computer, phone, listener) = two_browsers(strategy).await;
        let current = id_of(&sessions(&mut world).await[0]).to_owned();
        assert_eq!(
            world.post_json(REVOKE, object!({ "id": current })).await.status(),
            StatusCode::OK
        );
        assert!(!world.browser.jar.keys().any(|name| name.contains("session-token")));
        assert_eq!(*listener.0.lock().unwrap(), ["sign_out"]);
        assert_eq!(world.get(SESSIONS).await.status(), StatusCode::UNAUTHORIZED);
        world.browser = phone;
        assert_eq!(world.session().await, Value::Null, "a copy of the cookie is worth nothing");
        world.browser = computer;
        assert!(world.session().await.is_object());
    }
}

#[tokio::test]
async fn all_but_one_end_at_once() {
    for strategy in STRATEGIES {
        let (mut world, computer, phone, listener) = two_browsers(strategy).await;
        world.browser = Browser::default();
        world.enter("ana", "correct horse").await;
        let neighbour = std::mem::replace(&mut world.browser, phone);
        let answer = world.post_json(REVOKE_OTHERS, object!({})).await;
        assert_eq!(json(&answer), object!({ "ended": 1 }));
        assert_eq!(*listener.0.lock().unwrap(), ["revoke_sessions 1"]);
        for (browser, is_signed_in) in
            [(world.browser.clone(), true), (neighbour, true), (computer, false)]
        {
            world.browser = browser;
            assert_eq!(world.session().await.is_object(), is_signed_in, "{strategy:?}");
        }
    }
}

#[tokio::test]
async fn a_session_of_somebody_else_is_unknown() {
    for strategy in STRATEGIES {
        let (mut world, _, phone, _) = two_browsers(strategy).await;
        let theirs = id_of(&sessions(&mut world).await[0]).to_owned();
        world.browser = Browser::default();
        world.enter("ana", "correct horse").await;
        let answer = world.post_json(REVOKE, object!({ "id": theirs })).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        assert_eq!(json(&answer), object!({ "error": "NotFound" }));
        world.browser = phone;
        assert_eq!(
            world.post_json(REVOKE, object!({ "id": theirs })).await.status(),
            StatusCode::OK
        );
    }
}

#[tokio::test]
async fn it_is_known_when_a_session_was_last_used() {
    let seen = async |every: Option<Duration>| {
        let mut world =
            World::with(Strategy::Database, |config| config.session.seen_every = every).await;
        world.sign_in(Face::Facebook).await;
        let mut seen = Vec::new();
        for minutes in [59, 1, 59, 61] {
            world.clock.advance(Duration::minutes(minutes));
            world.session().await;
            let session = sessions(&mut world).await.remove(0);
            seen.push(session["lastSeenAt"] == session["createdAt"]);
        }
        seen
    };
    assert_eq!(seen(Some(Duration::hours(1))).await, [true, false, false, false]);
    assert_eq!(seen(None).await, [true; 4], "nothing is written for it");

    let mut world = World::start(Strategy::Database).await;
    world.sign_in(Face::Facebook).await;
    world.clock.advance(Duration::hours(24));
    world.session().await;
    let session = sessions(&mut world).await.remove(0);
    assert!(session["lastSeenAt"].as_str() > session["createdAt"].as_str(), "it was extended");
}

#[tokio::test]
async fn an_application_has_the_same_in_rust() {
    for strategy in STRATEGIES {
        let (mut world, computer, _, _) = two_browsers(strategy).await;
        let visit = world.auth.visit(&world.headers()).await.unwrap();
        let own = world.auth.sessions(&visit).await.unwrap();
        assert!(own[0].is_current && !own[1].is_current);
        assert_eq!(own[1].device.browser, Some("Firefox"));
        let error = world.auth.revoke_session(&visit, "another").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnknownSession);
        world.auth.revoke_session(&visit, &own[1].id).await.unwrap();
        assert_eq!(world.auth.revoke_other_sessions(&visit).await.unwrap(), 0);
        world.browser = computer;
        assert_eq!(world.session().await, Value::Null);
    }
}
