//! Where things are: routers that are guarded as a whole, nested ones, other base paths, and stripped prefixes.

use http::StatusCode;
use http::header::LOCATION;

use super::Start;
use super::stage::{all, ask, stage, stage_with};

/// Nobody reaches any route of a guarded router.
pub async fn a_whole_router_is_guarded(start: impl Start) {
    let stage = stage(start).await;
    for (path, says) in [("/members/room", "room"), ("/members/minutes", "minutes")] {
        let page = ask(path).of(&stage.site).await;
        assert_eq!(page.status(), StatusCode::FOUND, "{path}");
        let sign_in = format!("/auth/signin?callbackUrl={}", path.replace('/', "%2F"));
        assert_eq!(all(page.headers(), LOCATION), [sign_in]);
        let script = ask(path).by_script().of(&stage.site).await;
        assert_eq!(script.status(), StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(ask(path).by_ana().of(&stage.site).await.body(), says);
    }
    let nothing = ask("/members/nothing").by_ana().of(&stage.site).await;
    assert_eq!(nothing.status(), StatusCode::NOT_FOUND);
}

/// The same with a role.
pub async fn a_whole_router_is_for_a_role(start: impl Start) {
    let stage = stage(start).await;
    assert_eq!(ask("/office/books").of(&stage.site).await.status(), StatusCode::FOUND);
    let other = ask("/office/books").by_ana().by_script().of(&stage.site).await;
    assert_eq!(other.body(), r#"{"error":"AccessDenied"}"#);
    stage.make("ADMIN").await;
    assert_eq!(ask("/office/books").by_ana().of(&stage.site).await.body(), "books");
}

/// A page in a nested router is come back to by its whole address.
pub async fn a_nested_page_is_come_back_to(start: impl Start) {
    let stage = stage(start).await;
    let page = ask("/inner/deep?x=1").of(&stage.site).await;
    assert_eq!(all(page.headers(), LOCATION), ["/auth/signin?callbackUrl=%2Finner%2Fdeep%3Fx%3D1"]);
    assert_eq!(ask("/inner/deep").by_ana().of(&stage.site).await.body(), "deep");
}

/// The actions are where the configuration says, and nowhere else.
pub async fn another_base_path_is_served(start: impl Start) {
    let stage = stage_with(start, |config| config.base_path = "/app/api/auth".to_owned()).await;
    assert_eq!(ask("/app/api/auth/providers").of(&stage.site).await.status(), StatusCode::OK);
    assert_eq!(ask("/auth/providers").of(&stage.site).await.status(), StatusCode::NOT_FOUND);
    let page = ask("/dashboard").of(&stage.site).await;
    assert_eq!(all(page.headers(), LOCATION), ["/app/api/auth/signin?callbackUrl=%2Fdashboard"]);
}

/// Behind a proxy that strips a prefix, people see addresses with it, and come back to them.
pub async fn a_stripped_prefix_is_put_back(start: impl Start) {
    let stage = stage_with(start, |config| {
        config.base_path = "/app/auth".to_owned();
        config.stripped_prefix = "/app".to_owned();
    });
    let stage = stage.await;
    let providers = ask("/auth/providers").of(&stage.site).await;
    assert_eq!(providers.status(), StatusCode::OK);
    let providers = String::from_utf8_lossy(providers.body());
    assert!(
        providers.contains("http://localhost:3000/app/auth/callback/credentials"),
        "{providers}"
    );
    for path in ["/dashboard", "/inner/deep", "/members/room"] {
        let page = ask(path).of(&stage.site).await;
        let wanted = format!("/app{path}").replace('/', "%2F");
        assert_eq!(
            all(page.headers(), LOCATION),
            [format!("/app/auth/signin?callbackUrl={wanted}")]
        );
        assert_eq!(ask(path).by_ana().of(&stage.site).await.status(), StatusCode::OK, "{path}");
    }
}
