//! More than anybody needs: heads, cookies, bodies and fields.

use betancourt_auth_dev::Face;

use crate::support::{ANA, Answer, Ground, Order, Place, Request, Town, World, exchange, singer};

const SIGN_OUT: &str = "/auth/signout";

/// What is too much, how it is answered, and why in the log. Of what the frameworks refuse before we are asked, the log has
/// nothing.
fn oversized() -> Vec<(Request, u16, Option<&'static str>)> {
    let session = || Request::get("/auth/session").by_script();
    let cookies: Vec<_> = (0..1_000).map(|number| format!("a{number}=b")).collect();
    let fields: Vec<_> = (0..10_000).map(|number| format!("{}=", number % 10)).collect();
    let post = |body: String| Request { body, ..Request::post(SIGN_OUT, &[]) };
    let many_lines = (0..1_000).fold(session(), |request, _| request.header("cookie", "a=b"));
    vec![
        (session().header("x-long", "y".repeat(64 * 1024)), 431, Some("head.too_long")),
        (session().header("cookie", cookies.join("; ")), 431, Some("head.too_long")),
        (
            session().header("cookie", format!("a={}", "b".repeat(200_000))),
            431,
            Some("head.too_long"),
        ),
        (many_lines, 431, None),
        (session().header("x-long", "y".repeat(1024 * 1024)), 431, None),
        (
            Request::get(&format!("/auth/session?{}", fields.join("&"))),
            400,
            Some("parameters.too_many"),
        ),
        (post(fields.join("&")), 400, Some("parameters.too_many")),
        (post("x".repeat(10 * 1024 * 1024)), 413, Some("body.too_long")),
    ]
}

/// A client that sends far more than anybody needs is told so before it is looked at, in an answer that is hardened as any
/// other is.
pub(crate) async fn rate_07_more_than_anybody_needs(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let asked = world.store.watch.asked();
    for (request, status, reason) in oversized() {
        let before = reason.map_or(0, |reason| world.log.events(reason).len());
        let answer = exchange(world.net.doors[0], &browser.dressed(request)).await;
        answer.assert_status(status);
        if let Some(reason) = reason {
            assert_eq!(world.log.events(reason).len(), before + 1, "{reason}");
            assert_is_hardened(&answer);
        } else {
            assert_eq!(answer.body, "", "{answer:?}");
        }
    }
    assert_eq!(world.store.watch.asked(), asked, "the store was asked");
    // On a route of the application nobody is known by so many cookies.
    let many: Vec<_> = (0..1_000).map(|number| format!("a{number}=b")).collect();
    let session = browser.session().unwrap();
    let with_ours = format!("__Secure-authjs.session-token={session}; {}", many.join("; "));
    let request = Request::get("/dashboard").by_script().header("cookie", with_ours);
    assert_eq!(browser.clone().send(request).await.status, 401);

    let as_much_as_may_be = [
        Request::get("/auth/session").by_script().header("x-long", "y".repeat(40 * 1024)),
        Request::get(&format!("/auth/session?{}", vec!["a="; 1_000].join("&"))).by_script(),
    ];
    for request in as_much_as_may_be {
        let answer = browser.send(request).await;
        assert_eq!(answer.json()["user"]["name"], "Ana Restrepo", "{answer:?}");
    }
    let padded = Request::post(SIGN_OUT, &[("padding", &"x".repeat(60_000))]);
    browser.send(padded).await.assert_refused("MissingCSRF");
    assert_eq!(browser.submit(SIGN_OUT, &[]).await.status, 303);
}

#[track_caller]
fn assert_is_hardened(answer: &Answer) {
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{answer:?}");
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{answer:?}");
    assert!(answer.header("cache-control").unwrap().contains("no-store"), "{answer:?}");
    assert_eq!(answer.header("content-type"), Some("application/json"), "{answer:?}");
    assert_eq!(answer.body, "\"Bad request.\"");
}

/// The same over and over, at a process whose memory is looked at.
pub(crate) async fn rate_07_memory_while_too_much_comes(ground: Ground) {
    let Some(town) = Town::start_with(ground, 1, 1, |_: &mut Order| {}).await else { return };
    let browser = town.browser();
    let requests: Vec<_> = oversized();
    let all = async || {
        for (request, status, _) in &requests {
            let answer = exchange(town.net.doors[0], &browser.dressed(request.clone())).await;
            answer.assert_status(*status);
        }
    };
    all().await;
    let Some(before) = town.memory(0) else { return };
    for _ in 0..10 {
        all().await;
    }
    let grown = town.memory(0).unwrap().saturating_sub(before);
    assert!(grown < 8 * 1024, "{grown} KiB");
    town.signed_in(Face::Google, &singer(Face::Google, 0)).await;
}
