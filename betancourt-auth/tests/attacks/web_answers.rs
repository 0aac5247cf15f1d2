//! What every answer says about itself: who may read, frame, keep or guess it.

use betancourt_auth::{Config, Environment};
use betancourt_auth_dev::Face;

use crate::support::{ANA, Answer, Place, Request, Stage, World};

/// What somebody else would like to read.
const READ: [&str; 6] = [
    "/auth/session",
    "/auth/csrf",
    "/auth/providers",
    "/auth/signout",
    "/auth/me/accounts",
    "/auth/me/sessions",
];

/// A page of another origin that reads with the visitor's cookies.
pub(crate) async fn web_05_another_origin_that_wants_to_read(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let ours = world.net.origin.clone();
    let origins = [
        "https://evil.example",
        "null",
        "https://evil.localhost",
        &format!("{ours}.evil.example"),
        &ours,
    ];
    for origin in origins {
        for route in READ {
            let get = Request::get(route).by_script().header("origin", origin);
            let preflight = Request::new("OPTIONS", route).header("origin", origin);
            let preflight = preflight.header("access-control-request-method", "POST");
            for request in [get, preflight.header("access-control-request-headers", "content-type")]
            {
                let answer = browser.send(request).await;
                let allows = |name: &String| name.starts_with("access-control-");
                assert!(!answer.headers.iter().any(|(name, _)| allows(name)), "{answer:?}");
            }
        }
    }
    assert_eq!(browser.who().await.as_deref(), Some("Ana Restrepo"));
}

/// Pages of ours, and pages that stand where something went wrong.
const PAGES: [&str; 9] = [
    "/auth/signin",
    "/auth/signin/google",
    "/auth/signin?error=OAuthCallbackError",
    "/auth/signout",
    "/auth/error",
    "/auth/error?error=AccessDenied",
    "/auth/error?error=Configuration",
    "/auth/signed-out?state=another",
    "/auth/verify-request?provider=email&type=email",
];

/// Every page, each by a route of its own, and those that are shown in place.
async fn pages(world: &World) -> Vec<Answer> {
    let mut browser = world.browser();
    let mut pages = Vec::new();
    for page in PAGES {
        pages.push(browser.get(page).await);
    }
    pages.push(browser.get(&format!("/auth/signin?callbackUrl=/{}", "x".repeat(3000))).await);
    let mut signed_in = world.signed_in(Face::Google, ANA).await;
    pages.push(signed_in.get("/admin").await);
    world.store.watch.set_broken(true);
    pages.push(signed_in.get("/auth/session").await);
    pages.push(signed_in.get("/dashboard").await);
    world.store.watch.set_broken(false);
    pages
}

/// A page in somebody else's frame.
pub(crate) async fn web_06_a_page_in_a_frame(place: Place) {
    let world = World::start(place).await;
    let pages = pages(&world).await;
    let statuses: Vec<_> = pages.iter().map(|page| page.status).collect();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 403, 500, 200, 200, 400, 403, 503, 503]);
    for page in pages {
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{page:?}");
        assert_eq!(page.header("x-frame-options"), Some("DENY"), "{page:?}");
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    }
}

const METHODS: [&str; 9] =
    ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND"];
const ROUTES: [&str; 22] = [
    "/auth/signin",
    "/auth/signin/google",
    "/auth/signin/nobody",
    "/auth/signout",
    "/auth/session",
    "/auth/csrf",
    "/auth/providers",
    "/auth/error?error=AccessDenied",
    "/auth/verify-request",
    "/auth/callback/google",
    "/auth/callback/apple?state=x&code=y",
    "/auth/callback/nobody",
    "/auth/_log",
    "/auth/backchannel-logout/google",
    "/auth/frontchannel-logout/google?iss=x&sid=y",
    "/auth/initiate-signin?iss=x",
    "/auth/signed-out?state=x",
    "/auth/me/accounts",
    "/auth/me/accounts/unlink",
    "/auth/me/sessions",
    "/auth/me/sessions/revoke",
    "/auth/nothing",
];

/// Every route by every method, in production: no answer lacks what protects it.
pub(crate) async fn web_09_every_answer_is_hardened(place: Place) {
    let production = |config: &mut Config| {
        config.environment = Environment::Production;
        config.registrations.clear();
    };
    let live = Stage::new(place).config(production).start().await;
    let developing = World::start(place).await;
    let mut statuses = std::collections::BTreeSet::new();
    for world in [&live, &developing] {
        let is_live = world.auth.config().environment == Environment::Production;
        for route in ROUTES {
            for method in METHODS {
                for request in
                    [Request::new(method, route), Request::new(method, route).by_script()]
                {
                    let answer = world.browser().send(request).await;
                    assert_is_hardened(&answer, is_live);
                    statuses.insert(answer.status);
                }
            }
        }
    }
    for page in pages(&developing).await {
        assert_is_hardened(&page, false);
        statuses.insert(page.status);
    }
    assert_eq!(
        statuses.into_iter().collect::<Vec<_>>(),
        [200, 302, 303, 400, 401, 403, 415, 500, 503]
    );
}

#[track_caller]
fn assert_is_hardened(answer: &Answer, is_live: bool) {
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{answer:?}");
    let referrer = answer.header("referrer-policy").unwrap();
    assert!(["no-referrer", "same-origin"].contains(&referrer), "{answer:?}");
    let https = answer.header("strict-transport-security");
    assert_eq!(https, is_live.then_some("max-age=31536000"), "{answer:?}");
    match answer.header("content-type") {
        Some("application/json") => assert!(!answer.body.contains("<!doctype"), "{answer:?}"),
        Some("text/html; charset=utf-8") => {
            assert_eq!(
                answer.header("cross-origin-opener-policy"),
                Some("same-origin"),
                "{answer:?}"
            );
            assert_eq!(referrer, "same-origin", "a form would send `Origin: null`");
        }
        Some("text/plain; charset=utf-8") => assert!(!answer.body.contains('<'), "{answer:?}"),
        Some(other) => panic!("{other}: {answer:?}"),
        None => assert_eq!(answer.body, ""),
    }
}

const KEPT_BY_NOBODY: [&str; 8] = [
    "/auth/session",
    "/auth/csrf",
    "/auth/signin",
    "/auth/signout",
    "/auth/me/accounts",
    "/auth/me/sessions",
    "/dashboard",
    "/",
];

/// The back button, and caches that people share.
pub(crate) async fn web_10_what_is_left_after_signing_out(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let kept_by_nobody = |answer: &Answer| {
        let cache = answer.header("cache-control").unwrap();
        assert!(cache.contains("no-store") && cache.contains("private"), "{answer:?}");
        assert!(answer.all("vary").any(|vary| vary.contains("Cookie")), "{answer:?}");
    };
    for route in KEPT_BY_NOBODY {
        let answer = browser.get(route).await;
        assert_eq!(answer.status, 200);
        kept_by_nobody(&answer);
        assert_eq!(answer.header("clear-site-data"), None);
    }
    let copy = browser.clone();
    let refused = browser.send(Request::post("/auth/signout", &[])).await;
    assert_eq!(refused.header("clear-site-data"), None, "{refused:?}");
    let out = browser.submit("/auth/signout", &[]).await;
    assert_eq!(out.header("clear-site-data"), Some("\"cache\""), "{out:?}");
    kept_by_nobody(&out);
    for mut back in [browser, copy] {
        assert_eq!((back.knock().await, back.who().await), (401, None));
        assert_eq!(back.get("/").await.body, "nobody");
    }
}

/// Methods that no route knows.
pub(crate) async fn web_11_methods_that_nothing_answers_to(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let mut starting = world.browser();
    let callback = starting.begin_as(Face::Google, ANA).await;
    let genuine = crate::support::callback_request(&callback);
    let before = (world.snapshot().await, browser.session(), starting.handshake());
    for method in METHODS.into_iter().filter(|method| !["GET", "POST"].contains(method)) {
        for route in ROUTES {
            let form = browser.form(&[]).await;
            let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
            let request = Request { method: method.to_owned(), ..Request::post(route, &form) };
            let answer = browser.send(request.header("origin", &world.net.origin)).await;
            answer.assert_status(400);
            assert_eq!(answer.all("set-cookie").count(), 0, "{method} {route}: {answer:?}");
        }
        let request = Request { method: method.to_owned(), ..genuine.clone() };
        starting.send(request).await.assert_status(400);
    }
    assert_eq!(world.token_requests(Face::Google), 1, "for the first sign-in alone");
    assert_eq!((world.snapshot().await, browser.session(), starting.handshake()), before);
    starting.follow(&callback).await.assert_welcome();
}
