//! Who gets in, and what everybody else is answered.

use http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER, SET_COOKIE, VARY};
use http::{Method, StatusCode};

use super::Start;
use super::stage::{GUARDED, all, ask, assert_is_hardened, stage};

/// A browser that shows a page is sent to sign in, and from there back to what it asked for.
pub async fn a_page_sends_nobody_to_sign_in(start: impl Start) {
    let stage = stage(start).await;
    let page = ask("/dashboard?tab=2&q=%C3%B1").of(&stage.site).await;
    assert_eq!(page.status(), StatusCode::FOUND);
    let sign_in = "/auth/signin?callbackUrl=%2Fdashboard%3Ftab%3D2%26q%3D%25C3%25B1";
    assert_eq!(all(page.headers(), LOCATION), [sign_in]);
    assert!(page.body().is_empty());
    assert_is_hardened(&page);
    let posted = ask("/dashboard").by_ana().of(&stage.site).await;
    assert_eq!(posted.status(), StatusCode::OK);
}

/// A script gets a status, and the reason as JSON.
pub async fn a_script_is_told_that_nobody_is_signed_in(start: impl Start) {
    let stage = stage(start).await;
    for path in ["/dashboard", "/admin", "/often", "/inner/deep"] {
        let script = ask(path).by_script().of(&stage.site).await;
        assert_eq!(script.status(), StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(script.body(), r#"{"error":"Unauthorized"}"#);
        assert_eq!(all(script.headers(), CONTENT_TYPE), ["application/json"]);
        assert_is_hardened(&script);
    }
    assert_eq!(ask("/").by_script().of(&stage.site).await.body(), "nobody");
}

/// Who is signed in reaches every handler.
pub async fn somebody_gets_in(start: impl Start) {
    let stage = stage(start).await;
    stage.make("ADMIN").await;
    for (path, says) in GUARDED {
        let page = ask(path).by_ana().of(&stage.site).await;
        assert_eq!(
            (page.status(), page.body().as_ref()),
            (StatusCode::OK, says.as_bytes()),
            "{path}"
        );
        let script = ask(path).by_ana().by_script().of(&stage.site).await;
        assert_eq!(script.body(), says, "{path}");
    }
}

/// Who is signed in without the role gets `403`, as a page or as JSON.
pub async fn others_lack_the_role(start: impl Start) {
    let stage = stage(start).await;
    for path in ["/admin", "/often"] {
        let page = ask(path).by_ana().of(&stage.site).await;
        assert_eq!(page.status(), StatusCode::FORBIDDEN, "{path}");
        assert_eq!(all(page.headers(), CONTENT_TYPE), ["text/html; charset=utf-8"]);
        assert_is_hardened(&page);
        let script = ask(path).by_ana().by_script().of(&stage.site).await;
        assert_eq!(script.status(), StatusCode::FORBIDDEN, "{path}");
        assert_eq!(script.body(), r#"{"error":"AccessDenied"}"#);
        assert_is_hardened(&script);
    }
    stage.make("ADMIN").await;
    assert_eq!(ask("/admin").by_ana().of(&stage.site).await.status(), StatusCode::OK);
}

/// A role counts from the next request on, and counts no more from the next one after it was taken away.
pub async fn the_role_of_this_moment_counts(start: impl Start) {
    let stage = stage(start).await;
    for (role, status) in [
        ("CLIENT", StatusCode::FORBIDDEN),
        ("ADMIN", StatusCode::OK),
        ("admin", StatusCode::FORBIDDEN),
    ] {
        stage.make(role).await;
        assert_eq!(ask("/admin").by_ana().of(&stage.site).await.status(), status, "{role}");
        assert_eq!(ask("/office/books").by_ana().of(&stage.site).await.status(), status, "{role}");
    }
}

/// However many guards ask, the store is asked once a request.
pub async fn who_asks_often_costs_one_query(start: impl Start) {
    let stage = stage(start).await;
    stage.make("ADMIN").await;
    for path in ["/often", "/dashboard", "/members/room", "/office/books"] {
        let before = stage.store.asked();
        assert_eq!(ask(path).by_ana().of(&stage.site).await.status(), StatusCode::OK);
        assert_eq!(stage.store.asked() - before, 1, "{path}");
    }
}

/// A page that never asks who is there costs no query, says nothing about it, and works while the store does not.
pub async fn a_page_that_never_asks_costs_nothing(start: impl Start) {
    let stage = stage(start).await;
    stage.store.break_down();
    let before = stage.store.asked();
    let page = ask("/public").by_ana().of(&stage.site).await;
    assert_eq!((page.status(), page.body().as_ref()), (StatusCode::OK, &b"public"[..]));
    assert!(!page.headers().contains_key(VARY) && !page.headers().contains_key(SET_COOKIE));
    assert_eq!(stage.store.asked(), before);
}

/// When the store cannot tell who is asking, the answer is `503`, whichever guard asked. The cookie is kept.
pub async fn a_store_that_is_down_is_never_nobody(start: impl Start) {
    let stage = stage(start).await;
    stage.make("ADMIN").await;
    stage.store.break_down();
    for (path, _) in GUARDED {
        let page = ask(path).by_ana().of(&stage.site).await;
        assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
        let script = ask(path).by_ana().by_script().of(&stage.site).await;
        assert_eq!(script.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(script.body(), r#"{"error":"Unavailable"}"#, "{path}");
        for answer in [page, script] {
            assert!(!answer.headers().contains_key(SET_COOKIE), "{path}");
            assert_eq!(all(answer.headers(), RETRY_AFTER), ["60"], "{path}");
            assert_is_hardened(&answer);
        }
    }
    let stranger = ask("/").of(&stage.site).await;
    assert_eq!(stranger.body(), "nobody", "without a cookie nobody has to be asked");
    stage.store.repair();
    assert_eq!(ask("/dashboard").by_ana().of(&stage.site).await.status(), StatusCode::OK);
}

/// `HEAD` passes the guards that `GET` passes, and has the head of its answer.
pub async fn head_is_answered_like_get(start: impl Start) {
    let stage = stage(start).await;
    for path in ["/dashboard", "/inner/deep", "/members/room"] {
        for (asked, status) in [
            (ask(path), StatusCode::FOUND),
            (ask(path).by_ana(), StatusCode::OK),
            (ask(path).by_script(), StatusCode::UNAUTHORIZED),
        ] {
            let got = asked.clone().of(&stage.site).await;
            let head = asked.by(Method::HEAD).of(&stage.site).await;
            assert_eq!((got.status(), head.status()), (status, status), "{path}");
            assert_eq!(got.headers().get(LOCATION), head.headers().get(LOCATION));
            assert!(head.body().is_empty());
        }
    }
}

/// Browsers let every page open a WebSocket to anywhere, and send the cookies along: the guards look where it is from.
pub async fn an_upgrade_for_another_site_is_refused(start: impl Start) {
    let stage = stage(start).await;
    for path in ["/", "/dashboard", "/members/room"] {
        let upgrade = || ask(path).by_ana().by_script().with("upgrade", "websocket");
        for origin in ["https://elsewhere.example", "null", "http://localhost:3001"] {
            let refused = upgrade().with("origin", origin).of(&stage.site).await;
            assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{path} {origin}");
            assert_eq!(refused.body(), r#"{"error":"AccessDenied"}"#);
        }
        let told = upgrade().with("sec-fetch-site", "cross-site").of(&stage.site).await;
        assert_eq!(told.status(), StatusCode::FORBIDDEN, "{path}");
        for ours in [upgrade().with("origin", "http://localhost:3000"), upgrade()] {
            assert_eq!(ours.of(&stage.site).await.status(), StatusCode::OK, "{path}");
        }
        let plain = ask(path).by_ana().with("origin", "https://elsewhere.example");
        assert_eq!(plain.of(&stage.site).await.status(), StatusCode::OK, "what CORS is there for");
    }
}

/// What a proxy or another framework would read in a header opens nothing.
pub async fn what_a_header_claims_changes_nothing(start: impl Start) {
    let stage = stage(start).await;
    let claims = [
        ("x-middleware-subrequest", "middleware:middleware:middleware:middleware:middleware"),
        ("x-original-url", "/public"),
        ("x-rewrite-url", "/public"),
        ("x-forwarded-uri", "/public"),
        ("x-http-method-override", "OPTIONS"),
        ("x-forwarded-prefix", "/elsewhere"),
    ];
    for (name, value) in claims {
        let page = ask("/dashboard").with(name, value).of(&stage.site).await;
        assert_eq!(all(page.headers(), LOCATION), ["/auth/signin?callbackUrl=%2Fdashboard"]);
        let script = ask("/admin").by_script().with(name, value).of(&stage.site).await;
        assert_eq!(script.status(), StatusCode::UNAUTHORIZED, "{name}");
        let ana = ask("/dashboard").by_ana().with(name, value).of(&stage.site).await;
        assert_eq!(ana.body(), "Hello Ana Prada", "{name}");
    }
}
