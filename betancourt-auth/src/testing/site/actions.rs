//! The actions below the base path: what goes in arrives, and what comes out is what the core said.

use http::header::{LOCATION, SET_COOKIE};
use http::{Method, StatusCode};

use super::Start;
use super::stage::{Browser, all, ask, assert_is_hardened, stage, stage_with};
use crate::config::Strategy;
use crate::request::LARGEST_BODY;

/// Somebody signs in with a form, is known on every page, signs out, and is nobody again.
pub async fn somebody_signs_in_and_out(start: impl Start) {
    signs_in_and_out(start, Strategy::Database).await;
}

/// The same, where the session is in the cookie.
pub async fn somebody_signs_in_and_out_with_a_sealed_session(start: impl Start) {
    signs_in_and_out(start, Strategy::Jwt).await;
}

async fn signs_in_and_out(start: impl Start, strategy: Strategy) {
    let stage = stage_with(start, |config| config.session.strategy = strategy).await;
    let (site, mut browser) = (&stage.site, Browser::default());
    let wrong = browser.submit("/auth/callback/credentials", &[("password", "wrong")], site).await;
    assert_eq!(wrong.status(), StatusCode::SEE_OTHER);
    assert!(wrong.headers()[LOCATION].to_str().unwrap().contains("error=CredentialsSignin"));
    assert!(!browser.has("authjs.session-token"));

    let signed_in = browser.sign_in(site).await;
    assert_eq!(signed_in.status(), StatusCode::SEE_OTHER, "{signed_in:?}");
    assert_eq!(all(signed_in.headers(), LOCATION), ["http://localhost:3000/dashboard"]);
    assert!(all(signed_in.headers(), SET_COOKIE).len() > 1, "each in a header line of its own");
    assert!(browser.has("authjs.session-token") && browser.has("authjs.csrf-token"));
    assert_eq!(browser.get("/dashboard", site).await.body(), "Hello Ana Prada");
    assert_eq!(browser.get("/members/room", site).await.body(), "room");

    let signed_out = browser.submit("/auth/signout", &[], site).await;
    assert_eq!(signed_out.status(), StatusCode::SEE_OTHER);
    assert!(!browser.has("authjs.session-token"));
    assert_eq!(browser.get("/", site).await.body(), "nobody");
}

/// Whatever method a request has, the core judges it, and finds no action for most.
pub async fn methods_that_nothing_answers_to_are_refused(start: impl Start) {
    let stage = stage(start).await;
    let methods =
        [Method::HEAD, Method::PUT, Method::DELETE, Method::OPTIONS, Method::PATCH, Method::TRACE];
    for method in methods {
        for path in ["/auth/session", "/auth/signin", "/auth/signout", "/auth/callback/google"] {
            let answer = ask(path).by_ana().by(method.clone()).of(&stage.site).await;
            assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{method} {path}");
            assert!(!answer.headers().contains_key(SET_COOKIE), "{method} {path}");
            assert_is_hardened(&answer);
        }
    }
    assert_eq!(ask("/auth/signin").of(&stage.site).await.status(), StatusCode::OK);
    assert_eq!(ask("/").by_ana().of(&stage.site).await.body(), "Ana Prada", "still signed in");
}

/// What is no action is refused by the core, in the words of Auth.js.
pub async fn a_path_that_is_no_action_is_refused(start: impl Start) {
    let stage = stage(start).await;
    for path in ["/auth/nothing", "/auth/session/more", "/auth/Session", "/auth/callback/a/b"] {
        let answer = ask(path).of(&stage.site).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(answer.body(), r#""Bad request.""#, "{path}");
        assert_is_hardened(&answer);
    }
    for path in ["/auth/providers", "/auth//providers", "/auth/providers/"] {
        assert_eq!(ask(path).of(&stage.site).await.status(), StatusCode::OK, "{path}");
    }
}

/// At the base path itself there is no action: whatever the application has there, or nothing.
pub async fn the_base_path_itself_is_the_applications(start: impl Start) {
    let stage = stage(start).await;
    for path in ["/auth", "/auth/", "/authentic/providers", "/%61uth/providers"] {
        let answer = ask(path).of(&stage.site).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(ask("/auth/providers").of(&stage.site).await.status(), StatusCode::OK);
}

/// `Host` arrives: a request that was meant for another one is refused.
pub async fn another_host_is_refused(start: impl Start) {
    let stage = stage(start).await;
    for host in ["elsewhere.example", "localhost:3001", "localhost:3000.elsewhere.example"] {
        let answer = ask("/auth/providers").with("host", host).of(&stage.site).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{host}");
        assert_is_hardened(&answer);
    }
    let twice =
        ask("/auth/providers").with("host", "localhost:3000").with("host", "localhost:3000");
    assert_eq!(twice.of(&stage.site).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(ask("/auth/providers").of(&stage.site).await.status(), StatusCode::OK);
}

/// The address at the other end of the connection arrives, and nobody's word for another one counts.
pub async fn a_network_is_counted_by_its_peer(start: impl Start) {
    let stage = stage_with(start, |config| config.rate.attempts = 2).await;
    let mut statuses = Vec::new();
    for (peer, claimed) in [
        ([203, 0, 113, 1], "192.0.2.1"),
        ([203, 0, 113, 1], "192.0.2.2"),
        ([203, 0, 113, 1], "192.0.2.3"),
        ([203, 0, 113, 2], "192.0.2.1"),
    ] {
        let mut browser = Browser::default();
        let csrf = browser.send(ask("/auth/csrf").by_script(), &stage.site).await;
        let token = serde_json::from_slice::<serde_json::Value>(csrf.body()).unwrap();
        let form = format!(
            "csrfToken={}&password=correct+horse+battery+staple",
            token["csrfToken"].as_str().unwrap()
        );
        let sign_in = ask("/auth/callback/credentials").post(form).from(peer);
        let sign_in = sign_in.with("x-forwarded-for", claimed).with("x-real-ip", claimed);
        statuses.push(browser.send(sign_in, &stage.site).await.status().as_u16());
    }
    assert_eq!(statuses, [303, 303, 429, 303]);
}

/// A body is read up to its limit, and no further.
pub async fn a_body_has_a_limit(start: impl Start) {
    let stage = stage(start).await;
    for (length, status) in [
        (LARGEST_BODY, StatusCode::SEE_OTHER),
        (LARGEST_BODY + 1, StatusCode::PAYLOAD_TOO_LARGE),
        (4 * LARGEST_BODY, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let answer = ask("/auth/signout").post("x".repeat(length)).of(&stage.site).await;
        assert_eq!(answer.status(), status, "{length}");
        assert_is_hardened(&answer);
    }
}
