//! The cache of sessions: what it spares the store, and what it never answers.

use std::sync::Arc;

use betancourt_auth::clock::Clock as _;
use betancourt_auth::news::{Ear, Ears, News, Newswire};
use betancourt_auth::store::{MemoryStore, SessionStore as _, UserStore as _};
use betancourt_auth::testing::{ManualClock, WatchedStore};
use betancourt_auth::{
    Asked, Auth, Config, DEFAULT_ROLE, Role, Session, SetupError, Strategy, Visitor,
};
use betancourt_auth_dev::Face;
use http::header::SET_COOKIE;
use http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::json as object;
use time::Duration;

use crate::support::{APP, Browser, STRATEGIES, World};

const CACHE_FOR: Duration = Duration::seconds(5);

#[derive(Debug)]
struct Admin;

impl Role for Admin {
    const NAME: &'static str = "ADMIN";
}

/// A wire within this process.
#[derive(Debug, Default)]
struct Thread(Ears);

impl Newswire for Thread {
    fn tell(&self, news: &News) {
        self.0.hear(&News::parse(&news.to_string()).unwrap());
    }

    fn listen(&self, ear: Ear) {
        self.0.add(ear);
    }
}

/// Facebook's first person, and a store that counts what it is asked.
async fn somebody(cache_for: Duration) -> (World, WatchedStore) {
    let store = WatchedStore::new(MemoryStore::default());
    let cached = |config: &mut Config| config.session.cache_for = cache_for;
    let mut world = World::on(store.clone(), Strategy::Database, cached).await;
    world.sign_in(Face::Facebook).await;
    (world, store)
}

async fn session(auth: &Auth, headers: &HeaderMap) -> Option<Session> {
    auth.session(headers).await.unwrap()
}

/// What a guard says to a page that only administrators see.
async fn as_admin(auth: &Auth, headers: &HeaderMap) -> StatusCode {
    let (method, uri) = (Method::GET, Uri::from_static("/admin"));
    let asked = Asked { method: &method, uri: &uri, headers };
    let visitor = Visitor::new(auth);
    visitor.with_role::<Admin>(asked).await.map_or_else(|no| no.status(), |_| StatusCode::OK)
}

#[tokio::test]
async fn a_page_asks_the_store_once_in_so_long() {
    for (cache_for, questions) in [(Duration::ZERO, 4), (CACHE_FOR, 2)] {
        let (world, store) = somebody(cache_for).await;
        let (headers, before) = (world.headers(), store.asked());
        for wait in [0, 0, 4_999, 1] {
            world.clock.advance(Duration::milliseconds(wait));
            let found = session(&world.auth, &headers).await.unwrap();
            assert!(found.user.name.is_some() && found.details.is_some());
        }
        assert_eq!(store.asked() - before, questions, "{cache_for}");
    }
}

#[tokio::test]
async fn what_ends_here_is_over_at_once() {
    type End = fn(&mut World, Session) -> std::pin::Pin<Box<dyn Future<Output = ()> + '_>>;
    let ends: [End; 4] = [
        |world, _| Box::pin(async { drop(world.post("/auth/signout", &[]).await) }),
        |world, _| {
            Box::pin(async {
                drop(world.post_json("/auth/me/sessions/revoke-others", object!({})).await)
            })
        },
        |world, session| {
            Box::pin(async move { drop(world.auth.sign_out_everywhere(&session.user.id).await) })
        },
        |world, session| {
            Box::pin(async move { drop(world.auth.delete_user(&session.user.id).await) })
        },
    ];
    for (number, end) in ends.into_iter().enumerate() {
        let (mut world, _) = somebody(CACHE_FOR).await;
        let headers = world.headers();
        let found = session(&world.auth, &headers).await.unwrap();
        if number == 1 {
            world.browser = Browser::default();
            world.sign_in(Face::Facebook).await; // and ends the others from here
        }
        assert!(session(&world.auth, &headers).await.is_some());
        end(&mut world, found).await;
        assert!(session(&world.auth, &headers).await.is_none(), "{number}");
    }
}

#[tokio::test]
async fn a_role_is_as_the_store_has_it() {
    let (world, store) = somebody(CACHE_FOR).await;
    let headers = world.headers();
    let user = session(&world.auth, &headers).await.unwrap().user.id;
    assert_eq!(as_admin(&world.auth, &headers).await, StatusCode::FORBIDDEN);
    // Somebody else writes to the same tables: a page may not know for a while, a guard does.
    store.set_role(&user, "ADMIN", None, &[]).await.unwrap();
    assert_eq!(session(&world.auth, &headers).await.unwrap().user.role, DEFAULT_ROLE);
    assert_eq!(as_admin(&world.auth, &headers).await, StatusCode::OK);
    world.clock.advance(CACHE_FOR);
    assert_eq!(session(&world.auth, &headers).await.unwrap().user.role, "ADMIN");
    // Here it counts at once, everywhere.
    world.auth.set_role(&user, DEFAULT_ROLE).await.unwrap();
    assert_eq!(session(&world.auth, &headers).await.unwrap().user.role, DEFAULT_ROLE);
    assert_eq!(as_admin(&world.auth, &headers).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_ended_session_passes_no_guard_and_does_nothing() {
    let (mut world, store) = somebody(CACHE_FOR).await;
    let headers = world.headers();
    let user = session(&world.auth, &headers).await.unwrap().user.id;
    store.set_role(&user, "ADMIN", None, &[]).await.unwrap();
    assert_eq!(as_admin(&world.auth, &headers).await, StatusCode::OK);
    assert_eq!(world.get("/auth/me/sessions").await.status(), StatusCode::OK);
    let visit = world.auth.visit(&headers).await.unwrap();
    assert!(world.auth.current_user(&visit).await.unwrap().is_some());

    store.end_sessions(&user, world.clock.now(), &[]).await.unwrap();
    assert!(session(&world.auth, &headers).await.is_some(), "the cache is on");
    let visit = world.auth.visit(&headers).await.unwrap();
    assert!(world.auth.current_user(&visit).await.unwrap().is_none());
    assert_ne!(as_admin(&world.auth, &headers).await, StatusCode::OK);
    assert_eq!(world.get("/auth/me/sessions").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(world.session().await, object!(null));
}

#[tokio::test]
async fn what_is_due_is_done_and_the_end_is_the_end() {
    let store = WatchedStore::new(MemoryStore::default());
    let mut world = World::on(store.clone(), Strategy::Database, |config| {
        config.session.cache_for = Duration::MINUTE;
        config.session.max_age = Duration::minutes(2);
        config.session.update_age = Duration::seconds(30);
    })
    .await;
    world.sign_in(Face::Facebook).await;
    let headers = world.headers();
    let began = session(&world.auth, &headers).await.unwrap().expires;
    world.clock.advance(Duration::seconds(30)); // remembered for as long again, but due
    let visit = world.auth.visit(&headers).await.unwrap();
    let mut answer = HeaderMap::new();
    visit.apply(&mut answer);
    assert!(answer.contains_key(SET_COOKIE));
    let moved = visit.into_session().unwrap().expires;
    assert_eq!(moved - began, Duration::seconds(30));
    // Read again after it was moved, it rests.
    assert_eq!(session(&world.auth, &headers).await.unwrap().expires, moved);
    let before = store.asked();
    assert_eq!(session(&world.auth, &headers).await.unwrap().expires, moved);
    assert_eq!(store.asked(), before);
    world.clock.advance(Duration::minutes(3));
    assert!(session(&world.auth, &headers).await.is_none());
}

/// Two processes on one store: the first one ends what the second one remembers.
async fn two_processes(strategy: Strategy, has_wire: bool) -> (World, Auth, ManualClock) {
    let store = WatchedStore::new(MemoryStore::default());
    let wire = has_wire.then(|| Arc::new(Thread::default()) as Arc<dyn Newswire>);
    let change = |config: &mut Config| {
        config.session.cache_for = CACHE_FOR;
        config.session.recheck_after = CACHE_FOR;
        config.newswire = wire;
    };
    let mut world = World::on(store.clone(), strategy, change).await;
    let other = Auth::new(world.auth.config().clone(), store).unwrap();
    world.sign_in(Face::Facebook).await;
    assert!(session(&other, &world.headers()).await.is_some());
    let clock = world.clock.clone();
    (world, other, clock)
}

#[tokio::test]
async fn another_process_knows_at_once_by_wire_and_otherwise_in_time() {
    for strategy in STRATEGIES {
        for has_wire in [true, false] {
            let (mut world, other, clock) = two_processes(strategy, has_wire).await;
            let headers = world.headers();
            world.post("/auth/signout", &[]).await;
            assert!(session(&world.auth, &headers).await.is_none());
            assert_eq!(session(&other, &headers).await.is_some(), !has_wire, "{strategy:?}");
            clock.advance(CACHE_FOR);
            assert!(session(&other, &headers).await.is_none());
        }
    }
}

#[test]
fn a_cache_that_is_none_is_refused_with_a_sentence() {
    let with = |cache_for| {
        let mut config = Config::new(APP, "a secret of at least 32 characters!!").unwrap();
        config.session.cache_for = cache_for;
        Auth::new(config, MemoryStore::default()).map(drop)
    };
    let from = |seconds: &str| {
        Config::from_variables(|name| match name {
            "AUTH_SECRET" => Some("a secret of at least 32 characters!!".to_owned()),
            "AUTH_SESSION_CACHE_SECONDS" => Some(seconds.to_owned()),
            _ => None,
        })
    };
    for wrong in [Duration::seconds(61), Duration::milliseconds(-1)] {
        assert!(matches!(with(wrong), Err(SetupError::SessionCache(_))));
    }
    assert!([Duration::ZERO, CACHE_FOR, Duration::MINUTE].into_iter().all(|it| with(it).is_ok()));
    for wrong in ["five", "-1", "1.5"] {
        let told = from(wrong).unwrap_err().to_string();
        assert!(told.contains("AUTH_SESSION_CACHE_SECONDS") && told.contains(wrong), "{told}");
    }
    assert_eq!(from("5").unwrap().session.cache_for, CACHE_FOR);
    assert_eq!(from("").unwrap().session.cache_for, Duration::ZERO);
}
