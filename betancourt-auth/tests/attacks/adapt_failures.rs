//! A store that fails while a guard asks it.

use betancourt_auth_dev::Face;

use crate::support::{ANA, Place, Request, World};

const GUARDED: [&str; 6] =
    ["/", "/dashboard", "/admin", "/members/room", "/office/books", "/careless"];

/// Whoever cannot be told is neither nobody nor somebody: `503`, in every guard, and nothing is forgotten.
pub(crate) async fn adapt_03_a_store_that_fails_while_a_guard_asks(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let users = world.snapshot().await.users;
    let id = betancourt_auth::UserId::new(users[0].split(' ').next().unwrap());
    world.auth.set_role(&id, "ADMIN").await.unwrap();
    world.store.watch.set_broken(true);
    for target in GUARDED {
        for request in [Request::get(target), Request::get(target).by_script()] {
            let is_page = request.headers.iter().any(|(_, value)| value == b"text/html");
            let answer = browser.send(request).await;
            answer.assert_status(503);
            assert_eq!(answer.all("set-cookie").count(), 0, "{answer:?}");
            assert_eq!(answer.header("retry-after"), Some("60"), "{answer:?}");
            let told = if is_page { "<!doctype html>" } else { r#"{"error":"Unavailable"}"# };
            assert!(answer.body.to_lowercase().starts_with(&told.to_lowercase()), "{answer:?}");
        }
    }
    assert_eq!(browser.get("/public").await.body, "public");
    assert_eq!(world.browser().get("/").await.body, "nobody");
    world.store.watch.set_broken(false);
    for (target, body) in
        [("/", "Ana Restrepo"), ("/admin", "Ana Restrepo"), ("/careless", "somebody")]
    {
        assert_eq!(browser.get(target).await.body, body);
    }
    assert!(world.log.events("store.unavailable").len() >= GUARDED.len());
}
