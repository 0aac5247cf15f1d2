//! What panics or breaks tells nobody why, and takes nobody else along.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use betancourt_auth::hook::{Arrival, Callbacks, Decision};
use betancourt_auth_dev::Face;

use crate::support::{
    ANA, Adapter, Answer, CAMILA, LAST_WORDS, Place, Request, Stage, World, try_exchange,
};

/// An application whose judgement panics while it is told to.
#[derive(Debug, Default)]
struct Nervous(AtomicBool);

#[async_trait]
impl Callbacks for Nervous {
    async fn sign_in(&self, _: &Arrival<'_>) -> Decision {
        assert!(!self.0.load(Ordering::SeqCst), "postgres://app:hunter2@db/{LAST_WORDS}");
        Decision::Allow
    }
}

/// What nobody may learn of an answer: what panicked, where, and what it is made of.
const INSIDE: [&str; 10] = [
    LAST_WORDS,
    "panicked",
    "SELECT",
    "postgres",
    "hunter2",
    "/var/lib",
    ".rs:",
    "RUST_BACKTRACE",
    "sqlx",
    "betancourt-auth ",
];

#[track_caller]
fn assert_says_nothing(answer: &Answer) {
    let told = format!("{answer:?}");
    let inside = INSIDE.iter().find(|word| told.contains(**word));
    assert_eq!(inside, None, "{told}");
    assert_eq!(answer.sets(), Vec::<&str>::new(), "{told}");
}

/// A page of ours that says that it is our fault, with a reference that the log has, too.
#[track_caller]
fn assert_is_our_fault(world: &World, answer: &Answer, reason: &str) {
    answer.assert_status(503);
    assert_says_nothing(answer);
    assert_eq!(answer.header("retry-after"), Some("60"), "{answer:?}");
    let events = world.log.events(reason);
    let reference = events.last().unwrap()["fields"]["reference"].as_str().unwrap().to_owned();
    assert_eq!(reference.len(), 8, "{events:?}");
    assert!(answer.body.contains(&reference), "{reference}: {answer:?}");
}

/// A hook, a store and a handler that panic, and a store that is down: one person gets a page that says nothing, and the
/// next request works.
pub(crate) async fn log_04_what_panics_tells_nothing(place: Place) {
    let nervous = Arc::new(Nervous::default());
    let judging = Arc::clone(&nervous);
    let world =
        Stage::new(place).config(move |config| config.callbacks = judging.clone()).start().await;
    let mut signed_in = world.signed_in(Face::Google, ANA).await;
    let before = world.snapshot().await;

    let mut browser = world.browser();
    let callback = browser.begin_as(Face::Facebook, CAMILA).await;
    nervous.0.store(true, Ordering::SeqCst);
    let answer = browser.follow(&callback).await;
    nervous.0.store(false, Ordering::SeqCst);
    assert_eq!(answer.clears().len(), 1, "the attempt is over: {answer:?}");
    answer.assert_status(503);
    assert_says_nothing(&answer);
    world.log.once("action.panicked");
    world.assert_unchanged(&before).await;
    browser.sign_in(Face::Facebook, CAMILA).await;

    for (is_panic, reason) in [(true, "action.panicked"), (false, "store.unavailable")] {
        let break_down = |broken: bool| {
            if is_panic {
                world.store.watch.panic(broken);
            } else {
                world.store.watch.set_broken(broken);
            }
        };
        break_down(true);
        for target in ["/dashboard", "/admin", "/members/room", "/auth/signin/google"] {
            let answer = if target.starts_with("/auth") {
                let form = [("callbackUrl", "/dashboard")];
                signed_in.submit(target, &form).await
            } else {
                signed_in.get(target).await
            };
            let reason =
                if target.starts_with("/auth") && !is_panic { "rate.not_counted" } else { reason };
            assert_is_our_fault(&world, &answer, reason);
        }
        let script = signed_in.fetch("/dashboard").await;
        script.assert_status(503);
        assert_eq!(script.body, r#"{"error":"Unavailable"}"#);
        break_down(false);
        assert_eq!(signed_in.knock().await, 200, "the next request works");
    }
    a_handler(&world, place).await;
    assert_eq!(signed_in.who().await.as_deref(), Some("Ana Restrepo"));
}

/// A handler of the application. Rocket answers for it; with axum the connection ends, unless the application has a layer
/// for that, as the site has.
async fn a_handler(world: &World, place: Place) {
    for _ in 0..2 {
        let bytes = world.browser().dressed(Request::get("/broken"));
        let answer = try_exchange(world.net.doors[0], &bytes).await;
        match place.adapter() {
            Adapter::Axum => assert!(answer.is_none(), "{answer:?}"),
            Adapter::Rocket => {
                let answer = answer.unwrap();
                answer.assert_status(500);
                assert_says_nothing(&answer);
            }
        }
        assert_eq!(world.browser().get("/public").await.body, "public");
    }
}
