//! The rolling cookie, and who may keep an answer.

use http::StatusCode;
use http::header::{CACHE_CONTROL, SET_COOKIE, VARY};
use time::Duration;

use super::Start;
use super::stage::{TOKEN, all, ask, stage};

/// A session that is used is renewed once it is due, on whatever answer asked for it, and not again.
pub async fn a_session_in_use_is_renewed(start: impl Start) {
    let stage = stage(start).await;
    let early = ask("/dashboard").by_ana().of(&stage.site).await;
    assert!(!early.headers().contains_key(SET_COOKIE), "nothing to renew yet");
    stage.clock.advance(Duration::hours(25));
    let unasked = ask("/public").by_ana().of(&stage.site).await;
    assert!(!unasked.headers().contains_key(SET_COOKIE), "nobody asked");
    let refused = ask("/admin").by_ana().of(&stage.site).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let cookies = all(refused.headers(), SET_COOKIE);
    assert!(
        cookies.len() == 1 && cookies[0].starts_with(&format!("authjs.session-token={TOKEN}; "))
    );
    assert!(cookies[0].contains("HttpOnly") && cookies[0].contains("SameSite=Lax"), "{cookies:?}");
    let again = ask("/dashboard").by_ana().of(&stage.site).await;
    assert!(!again.headers().contains_key(SET_COOKIE));
}

/// Cookies that the application sets stay, each in a header line of its own.
pub async fn a_renewed_cookie_leaves_others_alone(start: impl Start) {
    let stage = stage(start).await;
    let names = |cookies: Vec<&str>| {
        let mut names: Vec<_> =
            cookies.iter().map(|cookie| cookie.split('=').next().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    let page = ask("/cookies").by_ana().of(&stage.site).await;
    assert_eq!(names(all(page.headers(), SET_COOKIE)), ["a", "b"]);
    stage.clock.advance(Duration::hours(25));
    let page = ask("/cookies").by_ana().of(&stage.site).await;
    assert_eq!(names(all(page.headers(), SET_COOKIE)), ["a", "authjs.session-token", "b"]);
}

/// What is no session any more is forgotten by the browser, on whatever answer asked for it.
pub async fn a_cookie_that_is_no_session_is_cleared(start: impl Start) {
    let stage = stage(start).await;
    let stale = "authjs.session-token=a-session-token-that-was-never-issued-0000";
    for (path, status) in [("/", StatusCode::OK), ("/dashboard", StatusCode::FOUND)] {
        let page = ask(path).with("cookie", stale).of(&stage.site).await;
        assert_eq!(page.status(), status);
        let cookies = all(page.headers(), SET_COOKIE);
        assert!(
            cookies.len() == 1 && cookies[0].starts_with("authjs.session-token=;"),
            "{cookies:?}"
        );
        assert!(cookies[0].contains("Max-Age=0"), "{cookies:?}");
    }
    let live = ask("/").by_ana().of(&stage.site).await;
    assert!(!live.headers().contains_key(SET_COOKIE));
}

/// An answer that was made for somebody is for nobody else: no cache keeps it.
pub async fn an_answer_for_somebody_is_kept_by_nobody_else(start: impl Start) {
    let stage = stage(start).await;
    let page = ask("/dashboard").by_ana().of(&stage.site).await;
    assert_eq!(all(page.headers(), CACHE_CONTROL), ["private, no-store"]);
    assert_eq!(all(page.headers(), VARY), ["Cookie"]);
    let nobody = ask("/").of(&stage.site).await;
    assert!(!nobody.headers().contains_key(CACHE_CONTROL));
    assert_eq!(all(nobody.headers(), VARY), ["Cookie"], "it depends on who asks");
}

/// An application that says itself who may keep an answer is taken at its word.
pub async fn an_answer_says_itself_who_may_keep_it(start: impl Start) {
    let stage = stage(start).await;
    let page = ask("/cached").by_ana().of(&stage.site).await;
    assert_eq!(page.body(), "cached");
    assert_eq!(all(page.headers(), CACHE_CONTROL), ["public, max-age=60"]);
    assert_eq!(all(page.headers(), VARY), ["Cookie"]);
}
