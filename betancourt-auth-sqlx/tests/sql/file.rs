//! What a file keeps, who may write to it at once, and what the store says when it cannot.

use std::time::Duration;

use betancourt_auth::store::{
    AccountStore, Keeping, NewSession, SessionStore, Store, StoreErrorKind, TokenStore, UserStore,
};
use betancourt_auth::{Account, AccountKey, SessionDetails, StoredToken, User, UserId};
use betancourt_auth_sqlx::{OpenError, SqlStore};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{Connection, SqliteConnection, query, query_as, query_scalar};
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::task::JoinSet;

use crate::database;

const NOW: OffsetDateTime = datetime!(2033-05-18 03:33:20 UTC);

/// Signs somebody up who has no address unless one is given, with a session called as they are.
async fn sign_up(store: &SqlStore, name: &str, email: Option<&str>) -> User {
    let mut user = User::new(UserId::new(name));
    user.email = email.map(str::to_owned);
    let account = Account::new(AccountKey::new("facebook", name), user.id.clone(), "oauth");
    let session = NewSession {
        token: StoredToken::hashed(name),
        keeping: Keeping::Stored,
        user_id: user.id.clone(),
        expires: NOW,
        details: SessionDetails::new(NOW, "facebook"),
        origin: None,
        replaces: Vec::new(),
        keep: 20,
    };
    store.sign_up(&user, Some(&account), &session, &[]).await.unwrap();
    user
}

#[tokio::test]
async fn sessions_outlive_a_restart() {
    let url = database::url();
    let ada =
        sign_up(&SqlStore::connect(&url).await.unwrap(), "ada", Some("ada@example.com")).await;
    let reopened = SqlStore::connect(&url).await.unwrap();
    let session = reopened.session(&StoredToken::hashed("ada")).await.unwrap().unwrap();
    assert_eq!((session.user, session.details.unwrap().method.as_str()), (ada, "facebook"));
}

#[tokio::test]
async fn auth_js_finds_its_columns_filled() {
    let url = database::url();
    sign_up(&SqlStore::connect(&url).await.unwrap(), "ada", Some("ada@example.com")).await;
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let question = r#"SELECT "createdAt", "updatedAt", "role" FROM "users""#;
    let user: (i64, i64, String) = query_as(question).fetch_one(&mut connection).await.unwrap();
    assert_eq!(user, (2_000_000_000_000, 2_000_000_000_000, "CLIENT".to_owned()));
    for question in [r#"SELECT "id" FROM "accounts""#, r#"SELECT "id" FROM "sessions""#] {
        let id: String = query_scalar(question).fetch_one(&mut connection).await.unwrap();
        assert!(id.starts_with('c') && id.len() == 25, "{id} does not look like a cuid");
    }
    let expires: i64 = query_scalar(r#"SELECT "expires" FROM "sessions""#)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(expires, 2_000_000_000_000);
}

#[tokio::test]
async fn a_missing_address_is_a_placeholder_that_finds_nobody() {
    let url = database::url();
    let store = SqlStore::connect(&url).await.unwrap();
    let ada = sign_up(&store, "ada", None).await;
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let stored: String =
        query_scalar(r#"SELECT "email" FROM "users""#).fetch_one(&mut connection).await.unwrap();
    assert_eq!(stored, "ada@no-address.invalid");

    assert_eq!(store.user(&ada.id).await.unwrap().unwrap().email, None);
    assert!(store.user_by_email(&stored).await.unwrap().is_none());
    let candidates =
        store.candidates(&AccountKey::new("google", "1042"), Some(&stored)).await.unwrap();
    assert!(candidates.by_email.is_none());
}

#[tokio::test]
async fn the_file_is_set_up_for_a_server() {
    let url = database::url();
    SqlStore::connect(&url).await.unwrap();
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let mode: String =
        query_scalar("PRAGMA journal_mode").fetch_one(&mut connection).await.unwrap();
    assert_eq!(mode, "wal");
    let broken: Vec<String> =
        query_scalar("PRAGMA integrity_check").fetch_all(&mut connection).await.unwrap();
    assert_eq!(broken, ["ok"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_processes_may_start_at_once() {
    let url = database::url();
    let mut starting = JoinSet::new();
    for _ in 0..8 {
        let url = url.clone();
        starting.spawn(async move { SqlStore::connect(&url).await.map(|_| ()) });
    }
    for started in starting.join_all().await {
        started.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_writers_on_two_pools_all_get_their_turn() {
    let url = database::url();
    let stores = [SqlStore::connect(&url).await.unwrap(), SqlStore::connect(&url).await.unwrap()];
    let mut writing = JoinSet::new();
    for (number, store) in stores.iter().cycle().take(200).cloned().enumerate() {
        writing.spawn(async move {
            sign_up(&store, &format!("person-{number}"), None).await;
            store.count("everybody", NOW, NOW + Duration::from_secs(60)).await.unwrap()
        });
    }
    let mut counts = writing.join_all().await;
    counts.sort_unstable();
    assert_eq!(counts, (1..=200).collect::<Vec<_>>());
}

#[tokio::test]
async fn readers_do_not_wait_for_writers() {
    let url = database::url();
    let store = SqlStore::connect(&url).await.unwrap();
    sign_up(&store, "ada", None).await;
    let mut other = SqliteConnection::connect(&url).await.unwrap();
    query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let mut writing = JoinSet::new();
    for number in 0..20 {
        let store = store.clone();
        writing
            .spawn(async move { store.spend(&format!("handshake-{number}"), NOW).await.unwrap() });
    }
    tokio::task::yield_now().await; // now all twenty are under way

    let token = StoredToken::hashed("ada");
    let read = tokio::time::timeout(Duration::from_secs(2), store.session(&token)).await;
    assert!(read.expect("a reader waits for writers").unwrap().is_some());
    query("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(writing.join_all().await, [true; 20]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_written_is_read_whoever_writes_besides() {
    let store = SqlStore::connect(&database::url()).await.unwrap();
    let mut writing = JoinSet::new();
    for number in 0..4 {
        let store = store.clone();
        writing.spawn(async move {
            let name = format!("person-{number}");
            let token = StoredToken::hashed(&name);
            sign_up(&store, &name, None).await;
            for second in 1..=50 {
                let expires = NOW + Duration::from_secs(second);
                assert!(store.extend(&token, expires).await.unwrap());
                assert_eq!(store.session(&token).await.unwrap().unwrap().expires, expires);
            }
            assert!(store.end_session(&token, &[]).await.unwrap());
            assert!(store.session(&token).await.unwrap().is_none());
        });
    }
    writing.join_all().await;
}

#[tokio::test]
async fn a_locked_file_is_unavailable_to_writers_and_open_to_readers() {
    let url = database::url();
    sign_up(&SqlStore::connect(&url).await.unwrap(), "ada", None).await;
    let options: SqliteConnectOptions = url.parse().unwrap();
    let impatient = options.busy_timeout(Duration::from_millis(20));
    let store =
        SqlStore::from_sqlite_pool(SqlitePoolOptions::new().connect_with(impatient).await.unwrap());

    let mut other = SqliteConnection::connect(&url).await.unwrap();
    query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let token = StoredToken::hashed("ada");
    assert!(store.session(&token).await.unwrap().is_some());
    assert_eq!(
        store.spend("handshake", NOW).await.unwrap_err().kind(),
        StoreErrorKind::Unavailable
    );
    assert_eq!(
        store.end_session(&token, &[]).await.unwrap_err().kind(),
        StoreErrorKind::Unavailable
    );

    query("ROLLBACK").execute(&mut other).await.unwrap();
    assert!(store.end_session(&token, &[]).await.unwrap());
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let url = database::url();
    std::fs::write(
        url.trim_start_matches("sqlite://"),
        "not a database, and long enough to be looked at".repeat(40),
    )
    .unwrap();
    assert!(matches!(SqlStore::connect(&url).await, Err(OpenError::Unreachable(_))));
    let nowhere = SqlStore::connect("sqlite:///nowhere/at/all/app.db").await;
    assert!(matches!(nowhere, Err(OpenError::Unreachable(_))));
}

#[tokio::test]
async fn each_store_in_memory_is_its_own() {
    let one = SqlStore::connect("sqlite::memory:").await.unwrap();
    let other = SqlStore::connect("sqlite::memory:").await.unwrap();
    let ada = sign_up(&one, "ada", None).await;
    assert_eq!(one.clone().user(&ada.id).await.unwrap(), Some(ada.clone()));
    assert!(other.user(&ada.id).await.unwrap().is_none());
}
