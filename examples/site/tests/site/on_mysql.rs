//! The binary on MariaDB, from the first table to the numbers of an administrator.

use std::process::{Child, Stdio};

use axum::body::Bytes;
use betancourt_auth::http_client::{BundledClient, HttpClient as _};
use betancourt_auth_dev::{Face, LookAlikes, Person, Setup};
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use http::{Request, Response, StatusCode};
use serde_json::Value;
use sqlx::{Connection, MySqlConnection, query_scalar};
use url::form_urlencoded::Serializer;

use crate::binary::{Folder, free_port, wait_for};
use crate::mysql;

const ANA: &str = "ana@example.org";

/// Somebody's browser at the site.
struct Visitor<'a> {
    client: BundledClient,
    url: &'a str,
    cookies: Vec<String>,
}

impl Visitor<'_> {
    async fn get(&mut self, path: &str) -> (StatusCode, String) {
        let answer = self.send(Request::get(format!("{}{path}", self.url)), "").await;
        (answer.status(), String::from_utf8_lossy(answer.body()).into_owned())
    }

    async fn json(&mut self, path: &str) -> Value {
        let (status, text) = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Sends a form with the token that belongs in it.
    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Response<Bytes> {
        let token = self.json("/api/auth/csrf").await["csrfToken"].as_str().unwrap().to_owned();
        let mut form = Serializer::new(String::new());
        form.append_pair("csrfToken", &token).extend_pairs(fields);
        let request = Request::post(format!("{}{path}", self.url))
            .header(ORIGIN, self.url)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, &form.finish()).await
    }

    async fn sign_in(&mut self, look_alikes: &LookAlikes) {
        let begun = self.post("/api/auth/signin/google", &[]).await;
        let there = begun.headers()[LOCATION].to_str().unwrap();
        let back = look_alikes.approve(there, ANA).await.unwrap();
        let arrived = self.send(Request::get(back.location().as_str()), "").await;
        assert_eq!(arrived.status(), StatusCode::FOUND, "{arrived:?}");
    }

    async fn send(&mut self, request: http::request::Builder, body: &str) -> Response<Bytes> {
        let request = request.header(ACCEPT, "text/html").header(COOKIE, self.cookies.join("; "));
        let request = request.body(Bytes::copy_from_slice(body.as_bytes())).unwrap();
        let answer = self.client.send(request).await.unwrap();
        for set in answer.headers().get_all(SET_COOKIE) {
            let cookie = set.to_str().unwrap().split(';').next().unwrap();
            let name = cookie.split('=').next().unwrap();
            self.cookies.retain(|known| known.split('=').next() != Some(name));
            self.cookies.push(cookie.to_owned());
        }
        answer
    }
}

/// A process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[tokio::test]
async fn somebody_signs_in_and_administers_where_database_url_says_mysql() {
    let Some(database) = mysql::url_after("").await else { return };
    let (folder, port) = (Folder::new("mysql"), free_port());
    let url = format!("http://127.0.0.1:{port}");
    let ana = Person::new("1042", "Ana", "Prada").with_email(ANA);
    let setup = Setup::new(&format!("{url}/api/auth")).people(Face::Google, vec![ana]);
    let look_alikes = setup.start().await.unwrap();
    let mut variables = look_alikes.client(Face::Google).variables();
    let more = [("PORT", &*port), ("AUTH_URL", &*url), ("DATABASE_URL", &*database)];
    variables.extend(more.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let variables: Vec<_> = variables.iter().map(|(name, value)| (&**name, &**value)).collect();
    let start = || {
        let mut site = folder.site(&[], &variables);
        let mut site = site.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        wait_for(&mut site, 1);
        Running(site)
    };
    let site = start();
    let client = BundledClient::new().unwrap();
    let mut ana = Visitor { client, url: &url, cookies: vec!["x=1".to_owned()] };
    assert_eq!(ana.get("/dashboard").await.0, StatusCode::FOUND, "nobody has no dashboard");
    ana.sign_in(&look_alikes).await;
    let (status, dashboard) = ana.get("/dashboard").await;
    assert!(status == StatusCode::OK && dashboard.contains("Ana Prada"), "{dashboard}");
    looks_after_what_is_theirs(&mut ana).await;
    assert_ne!(ana.get("/admin").await.0, StatusCode::OK, "a client is no administrator");
    assert_eq!(ana.get("/api/auth/users/").await.0, StatusCode::FORBIDDEN);
    let granted = folder.site(&["admin", "grant", ANA], &variables).output().unwrap();
    assert!(granted.status.success(), "{granted:?}");
    administers(&mut ana).await;

    // What it left there is what it finds again.
    drop(site);
    let _site = start();
    ana.client = BundledClient::new().unwrap(); // the old one has connections to the old one
    assert!(ana.get("/dashboard").await.1.contains("Ana Prada"));
    let mut database = MySqlConnection::connect(&database).await.unwrap();
    for (table, expected) in [("users", 1), ("sessions", 1), ("site_messages", 1)] {
        let count = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        let count: i64 = query_scalar(count).fetch_one(&mut database).await.unwrap();
        assert_eq!(count, expected, "{table}");
    }
    let out = ana.post("/api/auth/signout", &[]).await;
    assert!(out.status().is_redirection(), "{out:?}");
    assert_eq!(ana.get("/dashboard").await.0, StatusCode::FOUND);
}

/// Every page of one's own, and a message to the studio.
async fn looks_after_what_is_theirs(ana: &mut Visitor<'_>) {
    for page in ["connections", "history", "privacy", "profile", "sessions"] {
        assert_eq!(ana.get(&format!("/dashboard/{page}")).await.0, StatusCode::OK, "{page}");
    }
    let message = [("name", "Ana"), ("email", ANA), ("message", "The second verse is too loud.")];
    let written = ana.post("/contact", &message).await;
    assert!(written.status().is_success() || written.status().is_redirection(), "{written:?}");
}

/// The numbers, the lists, and the API.
async fn administers(ana: &mut Visitor<'_>) {
    let (status, numbers) = ana.get("/admin").await;
    assert!(status == StatusCode::OK && numbers.contains("System Uptime"), "{numbers}");
    for page in ["messages", "people", "people?q=PRADA&role=ADMIN", "providers", "refusals"] {
        assert_eq!(ana.get(&format!("/admin/{page}")).await.0, StatusCode::OK, "{page}");
    }
    let users = ana.json("/api/auth/users/?page=1").await;
    assert_eq!(users["count"], 1);
    let id = users["results"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(ana.json(&format!("/api/auth/users/{id}/")).await["email"], ANA);
    assert_eq!(
        ana.json("/api/auth/accounts/?page=1").await["results"][0]["provider_account_id"],
        "1042"
    );
    for stats in ["users", "accounts", "sessions"] {
        let told = ana.json(&format!("/api/auth/{stats}/stats/")).await;
        assert!(told.to_string().contains('1'), "{stats}: {told}");
    }
    assert_eq!(ana.json("/api/auth/tokens/?page=1").await["count"], 0);
    assert_eq!(ana.get(&format!("/admin/people/{id}")).await.0, StatusCode::OK);
}
