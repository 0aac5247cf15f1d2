//! The cookie `callback-url`: where a browser asked to return to, until it asks for something else.

use std::sync::Arc;

use async_trait::async_trait;
use betancourt_auth::hook::Callbacks;
use url::Url;

use crate::support::{APP, Ask, World, json, location, set_cookies, set_names};

const NAME: &str = "authjs.callback-url";
const DASHBOARD: &str = "http%3A%2F%2Flocalhost%3A3000%2Fdashboard";

#[tokio::test]
async fn the_first_contact_remembers_the_origin() {
    let actions = ["/csrf", "/session", "/signin", "/signout", "/error", "/verify-request"];
    for action in actions {
        let mut world = World::start().await;
        let answer = world.get(action).await;
        let cookies = set_cookies(&answer);
        let expected =
            "authjs.callback-url=http%3A%2F%2Flocalhost%3A3000; Path=/; HttpOnly; SameSite=Lax";
        assert!(cookies.iter().any(|cookie| cookie == expected), "{action}: {cookies:?}");
        let again = world.get(action).await;
        assert!(!set_names(&again).contains(&NAME.to_owned()), "{action}");
    }
}

#[tokio::test]
async fn over_https_it_is_secure() {
    let mut world = World::at("https://app.localhost/api/auth", |_| {}).await;
    let answer = world.get("/csrf").await;
    let expected = "__Secure-authjs.callback-url=https%3A%2F%2Fapp.localhost; Path=/; HttpOnly; Secure; SameSite=Lax";
    assert_eq!(set_cookies(&answer)[1], expected);
    assert_eq!(set_names(&answer)[0], "__Host-authjs.csrf-token", "which comes first");
}

#[tokio::test]
async fn the_list_of_providers_and_refusals_set_no_cookie() {
    let mut world = World::start().await;
    assert_eq!(set_names(&world.get("/providers?callbackUrl=/dashboard").await), [""; 0]);
    let refused = Ask::post("/auth/signin/facebook", &[("callbackUrl", "/dashboard")]);
    assert_eq!(set_names(&world.send(refused.by_client()).await), [""; 0]);
    world.post("/signin/nobody", &[("callbackUrl", "/dashboard")]).await;
    assert_eq!(world.jar[NAME], "http%3A%2F%2Flocalhost%3A3000", "as the csrf token found it");
    let accepted = world.post("/signin/facebook", &[("callbackUrl", "/dashboard")]).await;
    assert!(set_names(&accepted).contains(&NAME.to_owned()));
}

#[tokio::test]
async fn form_query_and_cookie_count_in_this_order() {
    let mut world = World::start().await;
    let form = [("callbackUrl", "/form")];
    let both = world.post("/signin/facebook?callbackUrl=/query", &form).await;
    assert_eq!(both.status(), 303);
    assert_eq!(world.jar[NAME], "http%3A%2F%2Flocalhost%3A3000%2Fform");
    world.get("/signin?callbackUrl=/query").await;
    assert_eq!(world.jar[NAME], "http%3A%2F%2Flocalhost%3A3000%2Fquery");
    world.get("/session").await;
    assert_eq!(world.jar[NAME], "http%3A%2F%2Flocalhost%3A3000%2Fquery", "kept as it is");
    let page = world.get("/signin").await;
    let page = String::from_utf8_lossy(page.body());
    assert!(page.contains("name=\"callbackUrl\" value=\"http://localhost:3000/query\""), "{page}");
}

#[tokio::test]
async fn it_leads_on_after_signing_in_and_out() {
    let mut world = World::start().await;
    world.get("/signin?callbackUrl=/dashboard").await;
    assert_eq!(world.jar[NAME], DASHBOARD);
    assert_eq!(world.sign_in().await, format!("{APP}/dashboard"));
    let out = world.post("/signout", &[]).await;
    assert_eq!(location(&out), format!("{APP}/dashboard"));
    let out = world.post("/signout", &[("callbackUrl", "/bye")]).await;
    assert_eq!(location(&out), format!("{APP}/bye"));
}

/// An attempt that has begun goes where it was to go, whatever is asked for in the meantime.
#[tokio::test]
async fn an_attempt_keeps_its_own_address() {
    let mut world = World::start().await;
    let begun = world.post("/signin/facebook", &[("callbackUrl", "/dashboard")]).await;
    world.get("/signin?callbackUrl=/elsewhere").await;
    let callback = world.approve(&location(&begun)).await;
    assert_eq!(location(&world.get(&callback).await), format!("{APP}/dashboard"));
}

#[tokio::test]
async fn what_nobody_should_follow_is_passed_over() {
    let hostile = [
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "http://localhost:3000@evil.example",
        "",
        "http://localhost:3000/auth/signout",
        &format!("http://localhost:3000/{}", "x".repeat(5_000)),
    ];
    for value in hostile {
        let mut world = World::start().await;
        let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        world.jar.insert(NAME.to_owned(), encoded.replace('+', "%20"));
        let answer = world.get("/session").await;
        assert_eq!((answer.status().as_u16(), json(&answer)), (200, serde_json::Value::Null));
        assert_eq!(world.jar[NAME], "http%3A%2F%2Flocalhost%3A3000", "{value}");
    }
    let mut world = World::start().await;
    let twice = format!("{NAME}={DASHBOARD}; {NAME}={DASHBOARD}");
    world.send(Ask::get("/auth/session").header("cookie", twice)).await;
    assert_eq!(world.jar[NAME], "http%3A%2F%2Flocalhost%3A3000", "two are none");
    world.jar.insert(NAME.to_owned(), DASHBOARD.to_owned());
    world.get("/session").await;
    assert_eq!(world.jar[NAME], DASHBOARD);
}

#[tokio::test]
async fn who_asks_for_nothing_lands_on_the_applications_page() {
    let mut world = World::with(|config| config.pages.signed_in = Some("/home".into())).await;
    world.get("/session").await;
    assert_eq!(
        world.sign_in().await,
        format!("{APP}/home"),
        "the origin in the cookie asks for nothing"
    );
    world.get("/signin?callbackUrl=/dashboard").await;
    assert_eq!(world.sign_in().await, format!("{APP}/dashboard"));
}

/// An application that lets people return to one room only.
#[derive(Debug)]
struct OneRoom;

#[async_trait]
impl Callbacks for OneRoom {
    async fn redirect(&self, _: &Url, base: &Url) -> Url {
        base.join("/the-room").unwrap()
    }
}

#[tokio::test]
async fn the_applications_word_is_what_is_remembered() {
    let mut world = World::with(|config| config.callbacks = Arc::new(OneRoom)).await;
    world.get("/signin?callbackUrl=/dashboard").await;
    assert_eq!(world.jar[NAME], "http%3A%2F%2Flocalhost%3A3000%2Fthe-room");
}
