//! The statistics API, as administrators and everybody else get it.

use std::collections::BTreeSet;

use betancourt_auth_sqlx::SqlStore;
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_METHOD,
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, COOKIE, HeaderName, LINK, LOCATION, ORIGIN,
};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, NEIGHBOUR, Running, SESSION};
use crate::{mysql, postgres};

/// Bea came by Facebook and gave no address; Carl has one that nobody proved, and a session that has ended. A mail
/// is under way to Dora, another was too late for Emil. Moments are written as `'…'`, and as numbers for SQLite.
const PEOPLE: [&str; 9] = [
    r#"UPDATE "users" SET "createdAt" = '2026-01-01 00:00:00', "updatedAt" = '2026-01-02 00:00:00.123', "emailVerified" = '2026-01-01 00:00:00'"#,
    r#"UPDATE "accounts" SET "id" = 'a1', "token_type" = 'bearer', "access_token" = 'canary-access', "refresh_token" = 'canary-refresh', "id_token" = 'canary-id', "scope" = 'canary-scope'"#,
    r#"UPDATE "sessions" SET "id" = 's1', "expires" = '2099-01-01 00:00:00'"#,
    r#"INSERT INTO "users" ("id", "name", "email", "role", "createdAt", "updatedAt") VALUES ('bea', 'Bea', 'bea@no-address.invalid', 'CLIENT', '2026-01-03 00:00:00', '2026-01-03 00:00:00'), ('carl', NULL, 'carl@example.org', 'GUEST', '2026-01-02 00:00:00', '2026-01-02 00:00:00')"#,
    r#"INSERT INTO "accounts" ("id", "userId", "type", "provider", "providerAccountId") VALUES ('a2', 'bea', 'oauth', 'facebook', '77'), ('a3', 'carl', 'oidc', 'google', '1043')"#,
    r#"INSERT INTO "sessions" ("id", "sessionToken", "userId", "expires") VALUES ('s2', 's256:canary-session', 'bea', '2098-01-01 00:00:00')"#,
    r#"INSERT INTO "sessions" ("id", "sessionToken", "userId", "expires") VALUES ('s3', 's256:canary-ended', 'carl', '2020-01-01 00:00:00')"#,
    r#"INSERT INTO "verification_tokens" ("identifier", "token", "expires") VALUES ('dora@example.org', 'canary-mailed', '2097-01-01 00:00:00')"#,
    r#"INSERT INTO "verification_tokens" ("identifier", "token", "expires") VALUES ('emil@example.org', 'canary-late', '2020-01-01 00:00:00')"#,
];

async fn on_sqlite() -> SqlStore {
    SqlStore::connect("sqlite::memory:").await.unwrap()
}

/// The site with Ana as an administrator and with the people above, once on each database that is here.
pub(crate) async fn sites() -> Vec<Running> {
    let mut stores = vec![on_sqlite().await];
    if let Some(url) = postgres::url_after("").await {
        stores.push(SqlStore::connect(&url).await.unwrap());
    }
    for url in
        [mysql::url_after("").await, mysql::url_telling_apart("").await].into_iter().flatten()
    {
        stores.push(SqlStore::connect(&url).await.unwrap());
    }
    let mut sites = Vec::new();
    for store in stores {
        sites.push(with_people(store).await);
    }
    sites
}

pub(crate) async fn with_people(store: SqlStore) -> Running {
    let site = Running::start_on(store.clone()).await;
    site.set_role("ADMIN").await;
    for statement in PEOPLE {
        run(&store, statement).await;
    }
    site
}

async fn run(store: &SqlStore, statement: &str) {
    let safe = |statement| sqlx::raw_sql(sqlx::AssertSqlSafe(statement));
    if let Some(pool) = store.pg_pool() {
        safe(statement.to_owned()).execute(pool).await.unwrap();
    } else if let Some(pool) = store.mysql_pool() {
        safe(statement.replace('"', "`")).execute(pool).await.unwrap();
    } else {
        let pool = store.sqlite_pool().unwrap();
        safe(in_milliseconds(statement)).execute(pool).await.unwrap();
    }
}

/// The statement with its moments as SQLite keeps them.
fn in_milliseconds(statement: &str) -> String {
    let parts = statement.split('\'').enumerate();
    let parts = parts.map(|(position, part)| match position % 2 {
        1 if part.starts_with("20") => {
            format!("CAST(unixepoch('{part}', 'subsec') * 1000 AS INTEGER)")
        }
        1 => format!("'{part}'"),
        _ => part.to_owned(),
    });
    parts.collect()
}

fn json_of(answer: &Answer) -> Value {
    assert_eq!(answer.header(CONTENT_TYPE), "application/json");
    serde_json::from_str(&answer.text).unwrap()
}

/// What Ana gets.
async fn get(site: &Running, path: &str) -> Value {
    let answer = site.get_as(path, SESSION).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    assert_eq!(answer.header(CACHE_CONTROL), "private, no-store", "{path}");
    json_of(&answer)
}

/// SQLite's own default for a moment is a text.
#[tokio::test]
async fn people_whom_somebody_wrote_into_the_table_are_there() {
    let store = on_sqlite().await;
    let site = with_people(store.clone()).await;
    let dora = r#"INSERT INTO "users" ("id", "name", "email", "updatedAt") VALUES ('dora', 'Dora', 'dora@example.org', '2026-01-05T00:00:00.5Z')"#;
    sqlx::raw_sql(dora).execute(store.sqlite_pool().unwrap()).await.unwrap();
    let dora = get(&site, "/api/auth/users/dora/").await;
    assert!(dora["created_at"].as_str().unwrap().ends_with('Z'), "{dora}");
    assert_eq!(dora["updated_at"], "2026-01-05T00:00:00.500000Z");
    let users = get(&site, "/api/auth/users/").await;
    assert_eq!(users.as_array().unwrap().len(), 4);
    let page = site.get_as("/admin/people", SESSION).await;
    assert!(page.text.contains("Dora"), "{}", page.text);
}

#[tokio::test]
async fn people_have_the_shape_that_the_api_always_had() {
    for site in sites().await {
        let users = get(&site, "/api/auth/users/").await;
        let expected = json!([
            {"id": "bea", "name": "Bea", "email": null, "role": "CLIENT", "created_at": "2026-01-03T00:00:00Z"},
            {"id": "carl", "name": null, "email": "carl@example.org", "role": "GUEST", "created_at": "2026-01-02T00:00:00Z"},
            {"id": "ana", "name": "Ana Prada", "email": "ana@example.org", "role": "ADMIN", "created_at": "2026-01-01T00:00:00Z"},
        ]);
        assert_eq!(users, expected);
        let ana = json!({
            "id": "ana", "name": "Ana Prada", "email": "ana@example.org", "email_verified": "2026-01-01T00:00:00Z",
            "image": null, "role": "ADMIN", "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-02T00:00:00.123000Z",
            "accounts": [{"id": "a1", "type": "oidc", "provider": "google", "provider_account_id": "1042", "token_type": "bearer"}],
        });
        assert_eq!(get(&site, "/api/auth/users/ana/").await, ana);
        assert_eq!(get(&site, "/api/auth/users/by_email/?email=ana%40example.org").await, ana);
        assert_eq!(get(&site, "/api/auth/users/by_email/?email=ANA%40Example.org").await, ana);
        assert_eq!(
            get(&site, "/api/auth/users/stats/").await,
            json!({"total_users": 3, "users_with_email_verified": 1, "admin_users": 1, "client_users": 1}),
        );
    }
}

#[tokio::test]
async fn accounts_sessions_and_tokens_have_theirs() {
    for site in sites().await {
        let account = |id, kind, provider, subject, token_type: Value| json!({"id": id, "type": kind, "provider": provider, "provider_account_id": subject, "token_type": token_type});
        let a1 = account("a1", "oidc", "google", "1042", "bearer".into());
        let a2 = account("a2", "oauth", "facebook", "77", Value::Null);
        let a3 = account("a3", "oidc", "google", "1043", Value::Null);
        assert_eq!(get(&site, "/api/auth/accounts/").await, json!([a1, a2, a3]));
        assert_eq!(get(&site, "/api/auth/accounts/a2/").await, a2);
        assert_eq!(get(&site, "/api/auth/accounts/by_user/?user_id=carl").await, json!([a3]));
        assert_eq!(get(&site, "/api/auth/accounts/by_user/?user_id=nobody").await, json!([]));
        assert_eq!(
            get(&site, "/api/auth/accounts/stats/").await,
            json!({"facebook": 1, "google": 2})
        );

        let session = |id, user, email: Value, expires| json!({"id": id, "user": user, "user_email": email, "expires": expires});
        let s1 = session("s1", "ana", "ana@example.org".into(), "2099-01-01T00:00:00Z");
        let s2 = session("s2", "bea", Value::Null, "2098-01-01T00:00:00Z");
        let s3 = session("s3", "carl", "carl@example.org".into(), "2020-01-01T00:00:00Z");
        assert_eq!(get(&site, "/api/auth/sessions/").await, json!([s1, s2]));
        assert_eq!(
            get(&site, "/api/auth/sessions/?include_expired=TRUE").await,
            json!([s1, s2, s3])
        );
        assert_eq!(get(&site, "/api/auth/sessions/s1/").await, s1);
        assert_eq!(get(&site, "/api/auth/sessions/s3/?include_expired=true").await, s3);
        assert_eq!(
            get(&site, "/api/auth/sessions/stats/").await,
            json!({"total_sessions": 3, "active_sessions": 2, "expired_sessions": 1}),
        );

        let dora = json!({"identifier": "dora@example.org", "expires": "2097-01-01T00:00:00Z"});
        let emil = json!({"identifier": "emil@example.org", "expires": "2020-01-01T00:00:00Z"});
        assert_eq!(get(&site, "/api/auth/tokens/").await, json!([dora]));
        assert_eq!(get(&site, "/api/auth/tokens/?include_expired=true").await, json!([dora, emil]));
        assert_eq!(get(&site, "/api/auth/tokens/dora%40example.org/").await, dora);
        let late = "/api/auth/tokens/emil%40example.org/?include_expired=true";
        assert_eq!(get(&site, late).await, emil);
    }
}

#[tokio::test]
async fn the_root_leads_to_everything() {
    let site = &with_people(on_sqlite().await).await;
    let address = |kind| site.url(&format!("/api/auth/{kind}/"));
    let kinds = ["users", "accounts", "sessions", "tokens"];
    let expected: Value = kinds.into_iter().map(|kind| (kind, address(kind))).collect();
    assert_eq!(get(site, "/api/auth/").await, expected);
}

#[tokio::test]
async fn what_is_not_there_is_said_in_the_same_words() {
    let site = &with_people(on_sqlite().await).await;
    for (path, status, expected) in [
        ("users/nobody/", 404, json!({"detail": "No AuthUser matches the given query."})),
        ("users/by_email/", 400, json!({"error": "Email parameter is required"})),
        ("users/by_email/?email=nobody%40example.org", 404, json!({"error": "User not found"})),
        ("users/by_email/?email=bea%40no-address.invalid", 404, json!({"error": "User not found"})),
        ("accounts/nothing/", 404, json!({"detail": "No AuthAccount matches the given query."})),
        ("accounts/by_user/", 400, json!({"error": "user_id parameter is required"})),
        ("sessions/s3/", 404, json!({"detail": "No AuthSession matches the given query."})),
        ("sessions/by_user/", 404, json!({"detail": "No AuthSession matches the given query."})),
        (
            "tokens/emil%40example.org/",
            404,
            json!({"detail": "No AuthVerificationToken matches the given query."}),
        ),
    ] {
        let answer = site.get_as(&format!("/api/auth/{path}"), SESSION).await;
        assert_eq!((answer.status.as_u16(), json_of(&answer)), (status, expected), "{path}");
    }
}

#[tokio::test]
async fn nobody_else_reads_anything() {
    let site = &with_people(on_sqlite().await).await;
    let paths = every_path();
    assert_eq!(paths.len(), 14);
    for path in &paths {
        let nobody = site.get(path).await;
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{path}");
        let detail = json!({"detail": "Authentication credentials were not provided."});
        assert_eq!(json_of(&nobody), detail, "{path}");
    }
    site.set_role("CLIENT").await;
    for path in &paths {
        let client = site.get_as(path, SESSION).await;
        assert_eq!(client.status, StatusCode::FORBIDDEN, "{path}");
        let detail = json!({"detail": "You do not have permission to perform this action."});
        assert_eq!(json_of(&client), detail, "{path}");
    }
    site.set_role("ADMIN").await;
    for path in &paths {
        let administrator = site.get_as(path, SESSION).await.status;
        assert!(!administrator.is_server_error(), "{path}: {administrator}");
        assert_ne!(administrator, StatusCode::FORBIDDEN, "{path}");
    }
}

/// Every address of the description that is for administrators, with something in the place of an id.
fn every_path() -> Vec<String> {
    let description: Value =
        serde_json::from_str(include_str!("../../src/api/openapi.json")).unwrap();
    let paths = description["paths"].as_object().unwrap().keys();
    let paths = paths.filter(|path| path.starts_with("/api/auth/"));
    paths.map(|path| path.replace("{id}", "ana")).collect()
}

#[tokio::test]
async fn a_database_that_is_away_is_no_answer() {
    let site = &with_people(on_sqlite().await).await;
    get(site, "/api/auth/users/").await;
    site.lose_the_database().await;
    let answer = site.get_as("/api/auth/users/", SESSION).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(json_of(&answer), json!({"detail": "The service is temporarily unavailable."}));
}

#[tokio::test]
async fn no_secret_is_in_any_answer() {
    let site = &with_people(on_sqlite().await).await;
    let lists = ["users/", "users/ana/", "accounts/", "accounts/a1/", "sessions/", "tokens/"];
    for path in lists {
        let answer = site.get_as(&format!("/api/auth/{path}?include_expired=true"), SESSION).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        for secret in ["canary", "s256:", SESSION, "sessionToken", "access_token", "scope"] {
            assert!(!answer.text.contains(secret), "{path} tells {secret}");
        }
    }
}

#[tokio::test]
async fn addresses_without_a_slash_lead_to_those_that_have_one() {
    let site = Running::start().await;
    for path in ["users", "accounts", "sessions", "tokens", "users/ana", "sessions/stats"] {
        let answer = site.get(&format!("/api/auth/{path}?page=2")).await;
        assert_eq!(answer.status, StatusCode::MOVED_PERMANENTLY, "{path}");
        assert_eq!(answer.header(LOCATION), format!("/api/auth/{path}/?page=2"));
    }
    assert_eq!(site.get("/api/auth/session").await.text, "null");
}

#[tokio::test]
async fn addresses_that_end_in_json_answer_as_those_that_end_in_a_slash() {
    let site = with_people(on_sqlite().await).await;
    for (suffixed, slashed) in [
        (".json", ""),
        ("users.json", "users/"),
        ("users.json?page=1&page_size=2", "users/?page=1&page_size=2"),
        ("users/ana.json", "users/ana/"),
        ("users/nobody.json", "users/nobody/"),
        ("users/stats.json?format=json", "users/stats/"),
        (
            "users/by_email.json?email=carl%40example.org",
            "users/by_email/?email=carl%40example.org",
        ),
        ("accounts.json", "accounts/"),
        ("accounts/by_user.json?user_id=carl", "accounts/by_user/?user_id=carl"),
        ("sessions.json?include_expired=TRUE", "sessions/?include_expired=true"),
        ("sessions/stats.json", "sessions/stats/"),
        ("tokens.json", "tokens/"),
        ("tokens/dora@example.org.json", "tokens/dora@example.org/"),
    ] {
        let [one, other] = [suffixed, slashed].map(|path| format!("/api/auth/{path}"));
        let (one, other) = (site.get_as(&one, SESSION).await, site.get_as(&other, SESSION).await);
        assert_eq!((one.status, json_of(&one)), (other.status, json_of(&other)), "{suffixed}");
        assert_eq!(one.header(CACHE_CONTROL), "private, no-store", "{suffixed}");
        let nobody = site.get(&format!("/api/auth/{suffixed}")).await;
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{suffixed}");
    }
    let cookie = format!("authjs.session-token={SESSION}");
    for path in ["users.json", "users/ana.json"] {
        let path = format!("/api/auth/{path}");
        let answer = site.call(&Method::POST, &path, &[(COOKIE, &cookie)]).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.header(ALLOW), "GET, HEAD, OPTIONS");
    }
    site.set_role("CLIENT").await;
    let client = site.get_as("/api/auth/users.json", SESSION).await;
    assert_eq!(client.status, StatusCode::FORBIDDEN);
    for path in ["users.xml", "sessions/s1.xml"] {
        let other = site.get_as(&format!("/api/auth/{path}"), SESSION).await;
        assert_ne!(other.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn it_is_for_reading() {
    let site = &with_people(on_sqlite().await).await;
    let cookie = format!("authjs.session-token={SESSION}");
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        let answer = site.call(&method, "/api/auth/users/ana/", &[(COOKIE, &cookie)]).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.header(ALLOW), "GET, HEAD, OPTIONS");
        let detail = format!("Method \"{method}\" not allowed.");
        assert_eq!(json_of(&answer), json!({ "detail": detail }));
        let nobody = site.call(&method, "/api/auth/users/ana/", &[]).await;
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    }
    let head = site.call(&Method::HEAD, "/api/auth/users/", &[(COOKIE, &cookie)]).await;
    assert_eq!((head.status, head.text.as_str()), (StatusCode::OK, ""));
}

#[tokio::test]
async fn long_lists_come_in_pages() {
    let site = &with_people(on_sqlite().await).await;
    let ids = |page: &Value| -> Vec<String> {
        let results = page["results"].as_array().unwrap().iter();
        results.map(|user| user["id"].as_str().unwrap().to_owned()).collect()
    };
    let first = get(site, "/api/auth/users/?page_size=2").await;
    assert_eq!((&first["count"], ids(&first)), (&json!(3), vec!["bea".into(), "carl".into()]));
    assert_eq!(first["next"], site.url("/api/auth/users/?page=2&page_size=2"));
    assert_eq!(first["previous"], Value::Null);
    let second = get(site, "/api/auth/users/?page=2&page_size=2").await;
    assert_eq!((ids(&second), &second["next"]), (vec!["ana".into()], &Value::Null));
    assert_eq!(second["previous"], site.url("/api/auth/users/?page_size=2"));
    for path in ["?page=3&page_size=2", "?page=0", "?page=-1", "?page=x", "?page=99999999999999999"]
    {
        let answer = site.get_as(&format!("/api/auth/users/{path}"), SESSION).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(json_of(&answer), json!({"detail": "Invalid page."}));
    }
    let last = get(site, "/api/auth/sessions/?include_expired=true&page=3&page_size=1").await;
    assert_eq!((&last["count"], &last["results"][0]["id"]), (&json!(3), &json!("s3")));
    let previous = "/api/auth/sessions/?page=2&include_expired=true&page_size=1";
    assert_eq!(last["previous"], site.url(previous));
}

#[tokio::test]
async fn a_bare_list_ends_at_a_thousand_and_says_where_it_goes_on() {
    let store = on_sqlite().await;
    let site = Running::start_on(store.clone()).await;
    site.set_role("ADMIN").await;
    let many = r#"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
        INSERT INTO "users" ("id", "email", "createdAt", "updatedAt") SELECT 'u' || i, 'u' || i, i, i FROM n"#;
    sqlx::raw_sql(many).execute(store.sqlite_pool().unwrap()).await.unwrap();
    let answer = site.get_as("/api/auth/users/", SESSION).await;
    assert_eq!(json_of(&answer).as_array().unwrap().len(), 1000);
    let next = site.url("/api/auth/users/?page=2&page_size=1000");
    assert_eq!(answer.header(LINK), format!("<{next}>; rel=\"next\""));
    let rest = get(&site, "/api/auth/users/?page=2&page_size=1000").await;
    assert_eq!(rest["results"].as_array().unwrap().len(), 201);
    let capped = get(&site, "/api/auth/users/?page_size=5000").await;
    assert_eq!(capped["results"].as_array().unwrap().len(), 1000);
}

#[tokio::test]
async fn only_origins_that_are_named_may_read_it_from_a_page() {
    let site = &with_people(on_sqlite().await).await;
    let cookie = format!("authjs.session-token={SESSION}");
    let ask = async |origin: &str| {
        site.ask("/api/auth/users/stats/", &[(COOKIE, &cookie), (ORIGIN, origin)]).await
    };
    let neighbour = ask(NEIGHBOUR).await;
    assert_eq!(neighbour.status, StatusCode::OK);
    assert_eq!(neighbour.header(ACCESS_CONTROL_ALLOW_ORIGIN), NEIGHBOUR);
    assert_eq!(neighbour.header(ACCESS_CONTROL_ALLOW_CREDENTIALS), "true");
    for stranger in ["https://evil.test", "null", "https://desk.betancourtaudio.example.evil.test"]
    {
        assert!(!ask(stranger).await.has(ACCESS_CONTROL_ALLOW_ORIGIN), "{stranger}");
    }
    let asks_first: [(HeaderName, &str); 2] =
        [(ORIGIN, NEIGHBOUR), (ACCESS_CONTROL_REQUEST_METHOD, "GET")];
    let before = site.call(&Method::OPTIONS, "/api/auth/users/", &asks_first).await;
    assert_eq!(before.header(ACCESS_CONTROL_ALLOW_ORIGIN), NEIGHBOUR);
    let session = site.ask("/api/auth/session", &[(ORIGIN, NEIGHBOUR)]).await;
    assert!(!session.has(ACCESS_CONTROL_ALLOW_ORIGIN), "sign-in is nobody else's to read");
}

#[tokio::test]
async fn services_come_in_both_languages() {
    let site = Running::start().await;
    let services = async |path: &str| -> Value { json_of(&site.get(path).await) };
    let english = services("/api/services?lang=en").await;
    let keys: BTreeSet<_> = english[0].as_object().unwrap().keys().cloned().collect();
    let expected =
        ["id", "name", "description", "priceUsd", "priceCop", "type", "features", "isPopular"];
    assert_eq!(keys, expected.map(str::to_owned).into());
    let prices: Vec<_> = english
        .as_array()
        .unwrap()
        .iter()
        .map(|each| {
            (
                each["id"].clone(),
                each["type"].clone(),
                each["priceUsd"].clone(),
                each["priceCop"].clone(),
                each["isPopular"].clone(),
            )
        })
        .collect();
    let row = |id: u32, kind: &str, usd: u32, cop: u32, popular: bool| {
        (json!(id), json!(kind), json!(usd), json!(cop), json!(popular))
    };
    assert_eq!(
        prices,
        [
            row(1, "MIXING", 150, 600_000, true),
            row(2, "MASTERING", 60, 240_000, false),
            row(3, "PRODUCTION", 500, 2_000_000, false),
            row(4, "CONSULTATION", 100, 400_000, false),
        ]
    );
    let spanish = services("/api/services?lang=es").await;
    assert_eq!(spanish[0]["name"], "Mezcla por stems");
    assert_eq!(services("/api/services?lang=fr").await, english);
    assert_eq!(services("/api/services").await, english);
}

#[tokio::test]
async fn the_description_is_served() {
    let site = Running::start().await;
    let description = json_of(&site.get("/api/openapi.json").await);
    assert_eq!(description["openapi"], "3.0.3");
    let cookie = &description["components"]["securitySchemes"]["session"]["name"];
    assert_eq!(cookie, "authjs.session-token", "as it is called over http");
    assert!(description["paths"]["/api/auth/users/{id}/"]["get"].is_object());
}
