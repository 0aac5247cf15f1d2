//! Users whom the database numbers: an application can let those in who are there, and make up no others.

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use betancourt_auth::http_client::{HttpClient, Unreachable};
use betancourt_auth::provider::{Authorize, AuthorizeError, CredentialsProvider, Submitted};
use betancourt_auth::store::{Keeping, NewSession, Store as _, UserStore as _};
use betancourt_auth::{Auth, Config, SessionDetails, StoredToken, User, UserId};
use betancourt_auth_sqlx::Layout;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use http::{Request, Response};
use time::Duration;
use time::macros::datetime;
use tokio::task::JoinSet;

use crate::database;
use crate::database::on::On;
use crate::layouts::{
    DRIZZLE_POSTGRES, PG_ADAPTER, numbered, numbered_mysql, numbered_postgres, numbered_sqlite, on,
};
use crate::person::sign_up;

/// Lets everybody in by the number that they write.
#[derive(Debug)]
struct Numbers;

#[async_trait]
impl Authorize for Numbers {
    async fn authorize(&self, submitted: &Submitted) -> Result<User, AuthorizeError> {
        Ok(User::new(UserId::new(submitted.field("number").unwrap())))
    }
}

/// No provider is asked for anything.
#[derive(Debug)]
struct Offline;

#[async_trait]
impl HttpClient for Offline {
    async fn send(&self, _: Request<Bytes>) -> Result<Response<Bytes>, Unreachable> {
        Err(Unreachable::because("nobody is asked"))
    }
}

/// Where signing in with a number leads.
async fn enter(auth: &Auth, number: &str) -> String {
    let ask = |request: http::request::Builder| request.header(HOST, "localhost:3000");
    let token = ask(Request::get("/auth/csrf")).body(Bytes::new()).unwrap();
    let token = auth.handle(token).await;
    let cookie = token.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap();
    let (_, pair) = cookie.split_once('=').unwrap();
    let form = format!("number={number}&csrfToken={}", pair.split("%7C").next().unwrap());
    let post = ask(Request::post("/auth/callback/credentials"))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(COOKIE, cookie);
    let answer = auth.handle(post.body(form.into()).unwrap()).await;
    answer.headers()[LOCATION].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn credentials_make_up_no_numbers() {
    let Some(url) = database::postgres::url_after(PG_ADAPTER).await else { return };
    let store = on(Layout::pg_adapter()).connect(&url).await.unwrap();
    let mut config =
        Config::new("http://localhost:3000", "a secret of at least 32 characters!!").unwrap();
    config.credentials = vec![CredentialsProvider::new(Arc::new(Numbers))];
    config.http_client = Some(Arc::new(Offline));
    let auth = Auth::new(config, store.clone()).unwrap();

    let known = User::new(store.draw_id().await.unwrap().unwrap());
    let now = datetime!(2033-05-18 03:33:20 UTC);
    let session = NewSession {
        token: StoredToken::hashed("the first one"),
        keeping: Keeping::Stored,
        user_id: known.id.clone(),
        expires: now + Duration::DAY,
        details: SessionDetails::new(now, "credentials"),
        origin: None,
        replaces: Vec::new(),
        keep: 10,
    };
    store.sign_up(&known, None, &session, &[]).await.unwrap();

    for number in ["1000000", "not-a-number"] {
        let to = enter(&auth, number).await;
        assert!(to.contains("/auth/error?error=Configuration"), "{to}");
        assert!(store.user(&UserId::new(number)).await.unwrap().is_none());
    }
    assert_eq!(enter(&auth, known.id.as_str()).await, "http://localhost:3000");
}

#[tokio::test]
async fn no_number_is_given_twice() {
    for database in On::each(&numbered_mysql(), &numbered_postgres(), &numbered_sqlite()).await {
        let (layout, of_auth_js) = match &database {
            On::Mysql(_) | On::Postgres(_) => (
                Layout::prisma(),
                r#"INSERT INTO "User" ("email", "updatedAt") VALUES ('eve@example.com', CURRENT_TIMESTAMP)"#,
            ),
            On::Sqlite(_) => (
                Layout::prisma_with_row_ids(),
                r#"INSERT INTO "User" ("email") VALUES ('eve@example.com')"#,
            ),
        };
        let store = on(numbered(layout)).connect(database.url()).await.unwrap();
        let drawn = store.draw_id().await.unwrap().unwrap();
        let ada = sign_up(&store, "ada", "1042").await.unwrap();
        assert_ne!(ada.id, drawn, "a number that was drawn is drawn again");
        assert_eq!(store.user(&ada.id).await.unwrap(), Some(ada));

        database.change(of_auth_js).await;
        let eve = store.user_by_email("eve@example.com").await.unwrap().unwrap();
        assert!(store.delete_user(&eve.id, &[]).await.unwrap());
        let ben = sign_up(&store, "ben", "1043").await.unwrap();
        assert_ne!(ben.id, eve.id, "somebody is taken for who is gone");
        database.change(of_auth_js).await;
        let eve = store.user_by_email("eve@example.com").await.unwrap().unwrap();
        let cho = sign_up(&store, "cho", "1044").await.unwrap();
        assert_ne!(cho.id, eve.id);
        for nobody in ["01", "cm3x9", "", "9999999999999999999"] {
            assert!(store.user(&UserId::new(nobody)).await.unwrap().is_none(), "{nobody}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_of_many_at_once_has_a_number_of_their_own() {
    for database in On::each(&numbered_mysql(), &numbered_postgres(), &numbered_sqlite()).await {
        let layout = match &database {
            On::Mysql(_) | On::Postgres(_) => Layout::prisma(),
            On::Sqlite(_) => Layout::prisma_with_row_ids(),
        };
        let patient = on(numbered(layout)).patience(std::time::Duration::from_secs(20));
        let store = patient.connect(database.url()).await.unwrap();
        let mut arriving = JoinSet::new();
        for number in 0..40 {
            let store = store.clone();
            let name = format!("person-{number}");
            arriving.spawn(async move { sign_up(&store, &name, &name).await.unwrap().id });
        }
        let ids: HashSet<_> = arriving.join_all().await.into_iter().collect();
        assert_eq!(ids.len(), 40);
    }
}

#[tokio::test]
async fn an_id_that_postgresql_wants_to_make_itself_is_drawn() {
    let tables = DRIZZLE_POSTGRES
        .replace(
            r#""id" text PRIMARY KEY NOT NULL"#,
            r#""id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY"#,
        )
        .replace(r#""userId" text"#, r#""userId" integer"#);
    let Some(url) = database::postgres::url_after(&tables).await else { return };
    let store = on(numbered(Layout::drizzle())).connect(&url).await.unwrap();
    let ada = sign_up(&store, "ada", "1042").await.unwrap();
    assert_eq!(ada.id.as_str(), "1");
    assert_eq!(store.user(&ada.id).await.unwrap(), Some(ada));
}
