//! The pages as browsers get them, over a real socket.

use betancourt_auth_sqlx::SqlStore;
use http::StatusCode;
use http::header::{
    ACCEPT_LANGUAGE, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, LOCATION,
    REFERRER_POLICY, SET_COOKIE, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

use crate::postgres;
use crate::support::{Answer, Running, SESSION};

const PAGES: [&str; 7] = [
    "/",
    "/?callbackUrl=%2Fdashboard",
    "/?error=AccessDenied",
    "/terms",
    "/privacy",
    "/help/sign-in",
    "/nothing",
];

#[tokio::test]
async fn a_page_for_nobody_in_particular_may_be_kept_and_any_other_may_not() {
    let site = Running::start().await;
    for page in ["/", "/terms", "/privacy"] {
        let answer = site.get(page).await;
        assert_eq!(
            answer.header(CACHE_CONTROL),
            "public, max-age=0, s-maxage=60, must-revalidate",
            "{page}"
        );
        assert!(
            answer.header(VARY).contains("Cookie")
                && answer.header(VARY).contains("Accept-Language")
        );
        assert!(!answer.has(SET_COOKIE), "{page}");
        let answer = site.get_as(page, SESSION).await;
        assert_eq!(answer.header(CACHE_CONTROL), "private, no-store", "{page}");
        assert!(answer.text.contains("id=\"user-menu\""), "{page}");
    }
    for page in ["/?callbackUrl=%2Fdashboard", "/?error=AccessDenied", "/nothing"] {
        assert_eq!(site.get(page).await.header(CACHE_CONTROL), "private, no-store", "{page}");
    }
}

#[tokio::test]
async fn a_session_that_has_ended_is_cleared_by_an_answer_that_nobody_keeps() {
    let site = Running::start().await;
    let answer = site.get_as("/", "a-session-token-that-has-ended-long-ago-012").await;
    assert!(
        answer.header(SET_COOKIE).starts_with("authjs.session-token=;"),
        "{}",
        answer.header(SET_COOKIE)
    );
    assert_eq!(answer.header(CACHE_CONTROL), "private, no-store");
    assert!(answer.text.contains("id=\"open-sign-in\""));
}

#[tokio::test]
async fn the_dialog_comes_open_with_a_token_where_somebody_has_to_sign_in() {
    let site = Running::start().await;
    let closed = site.get("/").await;
    assert!(!closed.dialog().contains(" open"));
    assert_eq!(closed.text.matches("name=\"csrfToken\" value=\"\"").count(), 4);
    assert!(closed.text.contains(
        "<a id=\"open-sign-in\" class=\"button small\" href=\"/?callbackUrl=%2Fdashboard\">"
    ));

    let open = site.get("/?callbackUrl=%2Fdashboard%3Ftab%3D2").await;
    assert!(open.dialog().contains(" open"));
    assert!(open.header(SET_COOKIE).starts_with("authjs.csrf-token="));
    let token = open.header(SET_COOKIE)["authjs.csrf-token=".len()..][..64].to_owned();
    assert_eq!(open.text.matches(&format!("name=\"csrfToken\" value=\"{token}\"")).count(), 4);
    assert_eq!(open.text.matches("name=\"callbackUrl\" value=\"/dashboard?tab=2\"").count(), 4);
    for provider in ["google", "facebook", "apple", "microsoft-entra-id"] {
        assert!(
            open.text.contains(&format!("action=\"/api/auth/signin/{provider}\"")),
            "{provider}"
        );
        assert!(
            open.text.contains(&format!("<button data-provider=\"{provider}\">")),
            "{provider}"
        );
    }
    assert!(
        site.get("/?callbackUrl=https%3A%2F%2Fevil.test")
            .await
            .text
            .contains("value=\"/dashboard\"")
    );
}

#[tokio::test]
async fn an_error_is_told_in_the_readers_language_and_nothing_foreign_is_repeated() {
    let site = Running::start().await;
    let answer = site.get("/?error=OAuthAccountNotLinked&ref=K7QW2MXA").await;
    assert!(
        answer.text.contains("already belongs to an account")
            && answer.text.contains("Reference K7QW2MXA")
    );
    let answer = site
        .ask("/?error=OAuthAccountNotLinked&ref=K7QW2MXA", &[(ACCEPT_LANGUAGE, "es-CO,es")])
        .await;
    assert!(
        answer.text.contains("ya pertenece a una cuenta")
            && answer.text.contains("Referencia K7QW2MXA")
    );

    let hostile = "/?error=%3Cscript%3Ealert(1)%3C%2Fscript%3E&ref=%3Cb%3Eb%3C%2Fb%3E";
    let answer = site.get(hostile).await;
    assert!(answer.text.contains("Something went wrong while signing in"));
    assert!(!answer.text.contains("<script>alert"));
    assert!(!answer.text.contains("<b>b") && !answer.text.contains("class=\"reference\""));
    assert!(
        site.get_as("/?error=OAuthAccountNotLinked", SESSION)
            .await
            .text
            .contains("already belongs")
    );
}

#[tokio::test]
async fn protected_pages_send_nobody_in_and_everybody_back() {
    let site = Running::start().await;
    for page in [
        "/dashboard",
        "/dashboard?tab=2&x=a%20b",
        "/dashboard/",
        "/dashboard/a/b",
        "/admin",
        "/admin/a?b=c",
    ] {
        let answer = site.get(page).await;
        let encoded: String = url::form_urlencoded::byte_serialize(page.as_bytes()).collect();
        assert_eq!(answer.status, StatusCode::FOUND, "{page}");
        assert_eq!(answer.header(LOCATION), format!("/?callbackUrl={encoded}"));
    }
    for page in ["/dashboardx", "/adminx", "/administrator"] {
        assert_eq!(site.get(page).await.status, StatusCode::NOT_FOUND, "{page}");
    }
}

#[tokio::test]
async fn a_role_counts_from_the_next_request_in_both_directions() {
    let site = Running::start().await;
    let turned_away = site.get_as("/admin", SESSION).await;
    assert_eq!(
        (turned_away.status, turned_away.header(LOCATION)),
        (StatusCode::FOUND, "/dashboard")
    );
    assert!(!site.get_as("/dashboard", SESSION).await.text.contains("href=\"/admin\""));

    site.set_role("ADMIN").await;
    assert!(
        site.get_as("/dashboard", SESSION).await.text.contains("role=\"menuitem\" href=\"/admin\"")
    );
    let admin = site.get_as("/admin", SESSION).await;
    assert_eq!(admin.status, StatusCode::OK);
    assert_numbers(&admin.text);
    assert!(admin.text.contains("First sign-in") && admin.text.contains("Role changed"));
    assert_eq!(site.get_as("/admin/nothing", SESSION).await.status, StatusCode::NOT_FOUND);

    site.set_role("CLIENT").await;
    assert_eq!(site.get_as("/admin", SESSION).await.status, StatusCode::FOUND);
}

#[tokio::test]
async fn postgresql_is_counted_in_as_sqlite_is() {
    let Some(url) = postgres::url_after("").await else { return };
    let site = Running::start_on(SqlStore::connect(&url).await.unwrap()).await;
    site.set_role("ADMIN").await;
    let admin = site.get_as("/admin", SESSION).await;
    assert_eq!(admin.status, StatusCode::OK);
    assert_numbers(&admin.text);
}

/// Fails unless the page counts Ana, her session and her sign-in.
#[track_caller]
fn assert_numbers(page: &str) {
    for (number, value) in
        [("users", "1"), ("active-sessions", "1"), ("sign-ins-today", "1"), ("uptime", "0 min")]
    {
        assert!(page.contains(&format!("data-number=\"{number}\">{value}<")), "{number}");
    }
}

#[tokio::test]
async fn the_dashboard_shows_its_owner() {
    let site = Running::start().await;
    let answer = site.get_as("/dashboard", SESSION).await;
    for told in [
        "Ana Prada",
        "ana@example.org",
        "<code>ana</code>",
        "Client",
        "<dd>Google</dd>",
        "id=\"sign-out\"",
    ] {
        assert!(answer.text.contains(told), "{told}");
    }
}

#[tokio::test]
async fn a_preference_is_remembered_without_a_script() {
    let site = Running::start().await;
    let answer = site.post("/preferences", "lang=es&return_to=%2Fterms%3Fa%3Db").await;
    assert_eq!((answer.status, answer.header(LOCATION)), (StatusCode::SEE_OTHER, "/terms?a=b"));
    assert_eq!(answer.header(SET_COOKIE), "lang=es; Path=/; Max-Age=31536000; SameSite=Lax");
    let answer = site.post("/preferences", "theme=light&return_to=%2F%2Fevil.test").await;
    assert_eq!(answer.header(LOCATION), "/");
    assert!(answer.header(SET_COOKIE).starts_with("theme=light;"));
    assert!(!site.post("/preferences", "theme=neon").await.has(SET_COOKIE));

    let page = site.ask("/", &[(http::header::COOKIE, "lang=es; theme=light")]).await;
    assert!(page.text.contains("<html lang=\"es\" class=\"light\">"));
    assert!(site.get("/").await.text.contains("<html lang=\"en\" class=\"dark\">"));
}

#[tokio::test]
async fn every_page_carries_the_headers_and_nothing_that_they_forbid() {
    let site = Running::start().await;
    for page in PAGES {
        let answer = site.get(page).await;
        let policy = answer.header(CONTENT_SECURITY_POLICY);
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{page}"
        );
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        assert!(policy.contains("form-action 'self' https://accounts.google.com"), "{policy}");
        assert_eq!(answer.header(X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(answer.header(X_FRAME_OPTIONS), "DENY");
        assert_eq!(answer.header(REFERRER_POLICY), "same-origin");
        for forbidden in
            ["<style", " style=", "<script>", " onclick=", " onload=", "src=\"http", "url(http"]
        {
            assert!(!answer.text.contains(forbidden), "{page} has {forbidden}");
        }
    }
}

#[tokio::test]
async fn every_file_and_page_that_a_page_names_is_there() {
    let site = Running::start().await;
    for page in PAGES {
        for address in site.get(page).await.addresses() {
            let answer = site.get(&address).await;
            assert_eq!(answer.status, StatusCode::OK, "{address}, which {page} names");
            if address.starts_with("/assets/") {
                assert!(answer.header(CACHE_CONTROL).ends_with("immutable"), "{address}");
            }
        }
    }
    assert_eq!(site.get("/assets/site.css").await.status, StatusCode::NOT_FOUND);
    assert!(site.get("/robots.txt").await.text.starts_with("User-agent: *\n"));
    let landing = site.get("/?callbackUrl=%2Fdashboard").await.text;
    let canonical = format!(r#"<link rel="canonical" href="http://{}/">"#, site.address);
    assert!(landing.contains(&canonical), "{landing}");
}

#[tokio::test]
async fn failures_are_pages_for_people_and_plain_for_scripts() {
    let site = Running::start().await;
    let answer = site.get("/nothing").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(
        answer.text.contains("Nothing plays here") && answer.text.contains("id=\"open-sign-in\"")
    );
    let answer = site.get_as("/nothing", SESSION).await;
    assert!(answer.text.contains("id=\"user-menu\""));
    let answer = site.post("/dashboard", "").await;
    assert_eq!((answer.status, answer.header(ALLOW)), (StatusCode::METHOD_NOT_ALLOWED, "GET,HEAD"));
    assert_eq!(site.ask("/nothing", &[(http::header::ACCEPT, "application/json")]).await.text, "");

    site.lose_the_database().await;
    let answer = site.get_as("/dashboard", SESSION).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text.contains("A short pause") && answer.has(http::header::RETRY_AFTER));
    assert_eq!(site.get("/").await.status, StatusCode::OK, "whoever is nobody asks no database");
}

#[tokio::test]
async fn only_what_everybody_may_see_is_compressed() {
    let site = Running::start().await;
    let gzip = [(http::header::ACCEPT_ENCODING, "gzip")];
    let compressed = |answer: Answer| answer.has(CONTENT_ENCODING);
    assert!(compressed(site.ask("/", &gzip).await));
    assert!(!compressed(site.ask("/?callbackUrl=%2Fdashboard", &gzip).await));
}

#[tokio::test]
async fn the_landing_page_is_light() {
    let site = Running::start().await;
    let encodings = [(http::header::ACCEPT_ENCODING, "br, gzip")];
    let mut total = site.ask("/", &encodings).await.size;
    let mut addresses = site.get("/").await.addresses();
    addresses.retain(|address| address.starts_with("/assets/"));
    for style in addresses.clone().iter().filter(|address| address.ends_with(".css")) {
        let style = site.get(style).await.text;
        let named = style.split("url(\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        // The photograph comes in one of four files, when everything else is there.
        addresses.extend(
            named.filter(|name| !name.starts_with("studio-")).map(|name| format!("/assets/{name}")),
        );
    }
    assert!(addresses.len() > 10, "{addresses:?}");
    for address in addresses {
        total += site.ask(&address, &encodings).await.size;
    }
    assert!(total <= 60 * 1024, "{total} bytes");
}
