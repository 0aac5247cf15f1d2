//! Sessions too long for one cookie, and chunks of them that do not fit together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use betancourt_auth::hook::{Callbacks, Sealing};
use betancourt_auth_dev::Face;
use serde_json::{Map, Value};

use crate::support::{ANA, Browser, Place, SANTIAGO, Stage, World};

const SESSION: &str = "__Secure-authjs.session-token";

/// An application that keeps so many characters in the token.
#[derive(Debug, Default)]
struct Talkative(Arc<AtomicUsize>);

#[async_trait]
impl Callbacks for Talkative {
    async fn jwt(
        &self,
        mut token: Map<String, Value>,
        _: &Sealing<'_>,
    ) -> Option<Map<String, Value>> {
        token.insert("story".to_owned(), "x".repeat(self.0.load(Ordering::SeqCst)).into());
        Some(token)
    }
}

/// A thousand chunks, a gap, another order, a chunk that was left over, numbers beyond all bounds.
pub(crate) async fn jwe_05_chunks_that_do_not_fit_together(place: Place) {
    let length = Arc::new(AtomicUsize::new(8_000));
    let told = Arc::clone(&length);
    let world = Stage::new(place)
        .config(move |config| config.callbacks = Arc::new(Talkative(Arc::clone(&told))))
        .start()
        .await;
    let genuine = world.signed_in(Face::Google, ANA).await;
    let name = |number: &str| format!("{SESSION}.{number}");
    let chunk =
        |number: &str| genuine.jar.find(&format!("authjs.session-token.{number}")).unwrap().1;
    assert_eq!(genuine.jar.session_names().len(), 3);
    assert_eq!(genuine.clone().knock().await, 200);

    let wrong: [&dyn Fn(&mut Browser); 10] = [
        &|browser| (3..1_000).for_each(|number| browser.jar.plant(&name(&number.to_string()), "A")),
        &|browser| browser.jar.forget(&name("1")),
        // Put together in their order, these are the genuine token.
        &|browser| {
            browser.jar.forget(&name("2"));
            browser.jar.plant(&name("3"), &chunk("2"));
        },
        &|browser| browser.jar.forget(&name("0")),
        &|browser| browser.jar.forget(&name("2")),
        &|browser| {
            for (at, what) in [("0", "1"), ("1", "0")] {
                browser.jar.forget(&name(at));
                browser.jar.plant(&name(at), &chunk(what));
            }
        },
        &|browser| browser.jar.plant(&name("3"), &chunk("2")),
        &|browser| browser.jar.plant(&name("18446744073709551616"), "A"),
        &|browser| browser.jar.plant(&name("01"), &chunk("1")),
        &|browser| browser.jar.plant(SESSION, &chunk("0")),
    ];
    for (number, change) in wrong.iter().enumerate() {
        let mut browser = genuine.clone();
        change(&mut browser);
        let present = browser.jar.session_names().len();
        let answer = browser.fetch("/auth/session").await;
        assert_eq!((&*answer.body, answer.clears().len()), ("null", present), "number {number}");
        assert!(browser.jar.session_names().is_empty(), "number {number}");
    }

    // What only looks like a chunk belongs to somebody else, and is neither read nor cleared.
    let mut beside = genuine.clone();
    for foreign in ["-other", ".note", ".", ".1x"] {
        beside.jar.plant(&format!("{SESSION}{foreign}"), "A");
    }
    assert_eq!(beside.knock().await, 200);

    one_that_is_too_long_is_not_made(&world, &length).await;
    a_shorter_one_removes_what_is_left_over(&world, &length).await;
}

async fn one_that_is_too_long_is_not_made(world: &World, length: &AtomicUsize) {
    length.store(20_000, Ordering::SeqCst);
    let mut browser = world.browser();
    let callback = browser.begin_as(Face::Google, ANA).await;
    browser.follow(&callback).await.assert_refused("Configuration");
    assert_eq!(world.log.events("session.too_long").len(), 1);
}

/// Also after a provider that posts, whose answer sees no cookie of ours.
async fn a_shorter_one_removes_what_is_left_over(world: &World, length: &AtomicUsize) {
    for (face, person) in [(Face::Google, ANA), (Face::Apple, SANTIAGO)] {
        for (characters, cookies) in [(8_000, 3), (4_000, 2), (10, 1)] {
            length.store(8_000, Ordering::SeqCst);
            let mut browser = world.signed_in(Face::Google, ANA).await;
            length.store(characters, Ordering::SeqCst);
            browser.sign_in(face, person).await;
            assert_eq!(browser.jar.session_names().len(), cookies);
            assert_eq!(browser.knock().await, 200);
        }
    }
}
