//! Paths, methods, headers and statuses.

use crate::support::{APP, Ask, World, json, location, page_of, set_names};

#[tokio::test]
async fn a_post_without_a_provider_leads_to_the_page_to_choose_one() {
    let mut world = World::start().await;
    for path in ["/signin", "/signin/undefined"] {
        let chosen = world.post(path, &[("callbackUrl", "/dashboard")]).await;
        assert_eq!(
            (chosen.status().as_u16(), location(&chosen)),
            (303, format!("{APP}/auth/signin"))
        );
        assert_eq!(world.jar["authjs.callback-url"], "http%3A%2F%2Flocalhost%3A3000%2Fdashboard");
        let refused = world.send(Ask::post(&format!("/auth{path}"), &[])).await;
        assert_eq!(page_of(&location(&refused)).1[0].1, "MissingCSRF");
    }
}

#[tokio::test]
async fn json_is_typed_exactly_and_nobody_keeps_it() {
    let mut world = World::start().await;
    for path in ["/csrf", "/session", "/providers"] {
        let answer = world.get(path).await;
        let header = |name: &str| answer.headers()[name].to_str().unwrap();
        assert_eq!(header("content-type"), "application/json", "{path}");
        assert_eq!(header("cache-control"), "private, no-cache, no-store", "{path}");
        assert_eq!((header("expires"), header("pragma")), ("0", "no-cache"), "{path}");
    }
}

/// What the client of NextAuth.js v4 says in its form, later ones say in a header.
#[tokio::test]
async fn both_clients_are_told_where_to_go() {
    let mut world = World::start().await;
    for form in [&[("json", "true")][..], &[("json", "true"), ("callbackUrl", "/bye")]] {
        let answer = world.post("/signout", form).await;
        let to = json(&answer)["url"].as_str().unwrap().to_owned();
        assert_eq!((answer.status().as_u16(), &to), (200, &location(&answer)));
    }
    for form in [&[][..], &[("json", "false")], &[("json", "")]] {
        assert_eq!(world.post("/signout", form).await.status(), 303, "{form:?}");
    }
    let token = world.csrf().await;
    let by_header = Ask::post("/auth/signout", &[("csrfToken", &token)]).by_client();
    let answer = world.send(by_header).await;
    assert_eq!(
        (answer.status().as_u16(), json(&answer)["url"].as_str()),
        (200, Some("http://localhost:3000/bye"))
    );
    let refused = Ask::post("/auth/signin/facebook", &[("json", "true")]);
    let refused = world.send(refused).await;
    assert_eq!((refused.status().as_u16(), refused.headers().get("location")), (200, None));
    assert!(json(&refused)["url"].as_str().unwrap().contains("?error=MissingCSRF"));
}

/// The client of NextAuth.js v4 reports its errors. Nothing of it is kept.
#[tokio::test]
async fn reports_of_a_client_are_accepted_and_dropped() {
    let mut world = World::start().await;
    let report = Ask::post("/auth/_log", &[("level", "error"), ("code", "CLIENT_FETCH_ERROR")]);
    let answer = world.send(report).await;
    assert_eq!((answer.status().as_u16(), json(&answer)), (200, serde_json::json!({})));
    assert_eq!(set_names(&answer), [""; 0]);
    assert_eq!(world.get("/_log").await.status(), 400);
}
