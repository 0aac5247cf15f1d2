//! Pages of the application's own, and what they get to know.

use betancourt_auth::store::MemoryStore;
use betancourt_auth::{Auth, Config};

use crate::support::{APP, Ask, SECRET, World, json, location, page_of};

async fn with_pages(query: &str) -> World {
    let own = |name: &str| Some(format!("/own/{name}{query}"));
    World::with(|config| {
        config.pages.sign_in = own("in");
        config.pages.sign_out = own("out");
        config.pages.error = own("error");
        config.pages.verify_request = own("mail");
        config.pages.new_user = own("welcome");
    })
    .await
}

#[tokio::test]
async fn every_page_gets_its_parameters() {
    for (query, joined) in [("", "?"), ("?theme=dark", "?theme=dark&")] {
        let mut world = with_pages(query).await;
        let told = [
            ("/signin", format!("/own/in{joined}callbackUrl=http%3A%2F%2Flocalhost%3A3000")),
            (
                "/signin?callbackUrl=/a&error=AccessDenied",
                format!(
                    "/own/in{joined}callbackUrl=http%3A%2F%2Flocalhost%3A3000%2Fa&error=AccessDenied"
                ),
            ),
            ("/signout", format!("/own/out{query}")),
            ("/error?error=AccessDenied", format!("/own/error{joined}error=AccessDenied")),
            ("/error", format!("/own/error{query}")),
            (
                "/verify-request?provider=email&type=email",
                format!("/own/mail{joined}provider=email&type=email"),
            ),
        ];
        for (path, expected) in told {
            let answer = world.get(path).await;
            assert_eq!((answer.status().as_u16(), location(&answer)), (302, expected), "{path}");
        }
    }
}

#[tokio::test]
async fn failures_lead_there_too_with_and_without_a_query() {
    for query in ["", "?theme=dark"] {
        let mut world = with_pages(query).await;
        let refused = world.send(Ask::post("/auth/signin/facebook", &[])).await;
        let (path, said) = page_of(&location(&refused));
        let error = ("error".to_owned(), "MissingCSRF".to_owned());
        assert_eq!((path.as_str(), said.last()), ("/own/in", Some(&error)));
        assert_eq!(said.len() == 2, !query.is_empty(), "the page's own query stays");
        let refused = world.post("/signin/nobody", &[]).await;
        assert_eq!(page_of(&location(&refused)).0, "/own/error");
        let by_client = Ask::post("/auth/signin/facebook", &[]).by_client();
        let url = json(&world.send(by_client).await)["url"].as_str().unwrap().to_owned();
        assert!(url.starts_with(&format!("{APP}/own/in?")), "absolute, for the client: {url}");
    }
}

#[tokio::test]
async fn a_new_person_is_welcomed_once() {
    let mut world = with_pages("").await;
    let first = world.sign_in_with(&[("callbackUrl", "/dashboard")]).await;
    assert_eq!(first, "/own/welcome?callbackUrl=http%3A%2F%2Flocalhost%3A3000%2Fdashboard");
    world.post("/signout", &[]).await;
    let second = world.sign_in_with(&[("callbackUrl", "/dashboard")]).await;
    assert_eq!(second, format!("{APP}/dashboard"));
}

#[tokio::test]
async fn the_built_in_page_says_that_a_mail_is_on_its_way() {
    let mut world = World::start().await;
    let page = world.get("/verify-request?provider=email&type=email").await;
    assert_eq!(page.status(), 200);
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    assert!(String::from_utf8_lossy(page.body()).contains("<h1>Check your e-mail</h1>"));
}

/// `pages.*` stay on our origin: an address of another one is refused at the start.
#[test]
fn a_page_elsewhere_is_refused_at_the_start() {
    let start = |page: &str| {
        let mut config = Config::new(APP, SECRET).unwrap();
        config.pages.sign_in = Some(page.to_owned());
        Auth::new(config, MemoryStore::default()).map(drop).map_err(|error| error.to_string())
    };
    for page in
        ["https://evil.example/", "//evil.example", "login", "/login#now", "/\\evil.example"]
    {
        assert!(start(page).unwrap_err().contains(page), "{page}");
    }
    for page in ["/login", "/login?theme=dark", "/es/login?a=1&b=2"] {
        assert_eq!(start(page), Ok(()), "{page}");
    }
}
