//! How many statements each intention costs, as sqlx tells of them, without BEGIN and COMMIT.
#![cfg(test)]

#[path = "sql/database/counter.rs"]
mod counter;
#[path = "sql/database/mysql.rs"]
mod mysql;
#[path = "sql/database/postgres.rs"]
mod postgres;

use std::fmt::Debug;
use std::future::Future;

use betancourt_auth::store::{
    AccountStore, Keeping, Mailbox, NewSession, SessionStore, Store, TokenStore, UserStore,
};
use betancourt_auth::{
    Account, AccountKey, AuditEvent, AuditKind, SessionDetails, StoredToken, User, UserId,
};
use betancourt_auth_sqlx::{Layout, SqlStore};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

const NOW: OffsetDateTime = datetime!(2033-05-18 03:33:20 UTC);

/// What an intention answers, and how many statements it took.
async fn counted<T, E: Debug>(intention: impl Future<Output = Result<T, E>>) -> (T, usize) {
    let before = counter::so_far();
    let answer = intention.await.unwrap();
    (answer, counter::so_far() - before)
}

fn session(name: &str, user: &User) -> NewSession {
    NewSession {
        token: StoredToken::hashed(name),
        keeping: Keeping::Stored,
        user_id: user.id.clone(),
        expires: NOW + Duration::days(30),
        details: SessionDetails::new(NOW, "google"),
        origin: None,
        replaces: Vec::new(),
        keep: 20,
    }
}

/// One test alone in its process, because every statement of the process is counted.
#[tokio::test]
async fn every_intention_keeps_to_its_budget() {
    counter::begin();
    keeps_to_its_budget(SqlStore::connect("sqlite::memory:").await.unwrap(), 2).await;
    is_read_in_place().await;
    if let Some(url) = mysql::url_after("").await {
        keeps_to_its_budget(SqlStore::connect(&url).await.unwrap(), 2).await;
    }
    let prisma = include_str!("sql/layouts/prisma_mysql.sql");
    if let Some(url) = mysql::url_telling_apart(prisma).await {
        let options = SqlStore::options().layout(Layout::prisma());
        keeps_to_its_budget(options.connect(&url).await.unwrap(), 2).await;
    }
    if let Some(url) = postgres::url_after("").await {
        keeps_to_its_budget(SqlStore::connect(&url).await.unwrap(), 1).await;
    }
    if let Some(url) = postgres::url_after(include_str!("sql/layouts/pg_adapter.sql")).await {
        let options = SqlStore::options().layout(Layout::pg_adapter());
        keeps_to_its_budget(options.connect(&url).await.unwrap(), 1).await;
    }
}

/// Of a file, a session is read on the thread that asks, without sqlx; unless that is switched off, or the row has a value
/// in it that only sqlx knows to read. What is found is the same.
async fn is_read_in_place() {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("read-in-place.db");
    for leftover in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{leftover}", file.display())); // most were never there
    }
    let url = format!("sqlite://{}", file.display());
    let store = SqlStore::connect(&url).await.unwrap();
    let by_sqlx = SqlStore::options().reads_in_place(false).connect(&url).await.unwrap();
    let ada = User::new(UserId::new("ada"));
    let token = StoredToken::hashed("ada");
    store.sign_up(&ada, None, &session("ada", &ada), &[]).await.unwrap();
    for (role, statements) in [("'EDITOR'", 0), ("CAST('EDITOR' AS BLOB)", 1), ("'CLIENT'", 0)] {
        let change = sqlx::AssertSqlSafe(format!(r#"UPDATE "users" SET "role" = {role}"#));
        sqlx::query(change).execute(store.sqlite_pool().unwrap()).await.unwrap();
        let (there, by_others) = counted(by_sqlx.session(&token)).await;
        let (here, in_place) = counted(store.session(&token)).await;
        assert_eq!((by_others, in_place), (1, statements), "{role}");
        let found = |session: Option<betancourt_auth::Session>| {
            let session = session.unwrap();
            (session.user, session.expires, session.details)
        };
        assert_eq!(found(here), found(there));
    }
    let (_, standing) = counted(store.standing(&ada.id, &token)).await;
    assert_eq!(standing, 0);
}

/// A database that inserts a session and its details in one statement needs one less.
async fn keeps_to_its_budget(store: SqlStore, of_a_session: usize) {
    let (drawn, draw) = counted(store.draw_id()).await;
    let mut ada = User::new(drawn.unwrap_or_else(|| UserId::new("cm3ada")));
    ada.email = Some("ada@example.com".to_owned());
    let account = Account::new(AccountKey::new("google", "1042"), ada.id.clone(), "oidc");
    let audit = [AuditEvent::new(NOW, AuditKind::SignedIn).about(&ada.id)];

    let (first, spend) = counted(store.spend("handshake", NOW)).await;
    assert!(first);
    let (_, candidates) = counted(store.candidates(&account.key, ada.email.as_deref())).await;
    let (_, sign_up) =
        counted(store.sign_up(&ada, Some(&account), &session("first", &ada), &audit)).await;
    assert_eq!((spend, candidates, sign_up), (1, 1, 4 + of_a_session));
    assert!(draw + spend + candidates + sign_up <= 8, "a first sign-in takes eight");

    let (_, sign_in) =
        counted(store.sign_in(&account, Mailbox::Unchanged, &session("second", &ada), &audit))
            .await;
    assert_eq!(sign_in, 2 + of_a_session);
    assert!(spend + candidates + sign_in <= 6, "a returning sign-in takes six");

    let replacing =
        NewSession { replaces: vec![StoredToken::hashed("first")], ..session("third", &ada) };
    let (_, replacing) =
        counted(store.sign_in(&account, Mailbox::Unchanged, &replacing, &audit)).await;
    assert_eq!(replacing, sign_in + 1, "a session that is replaced adds one");

    let evicting = NewSession { keep: 1, ..session("fourth", &ada) };
    let (evicted, evicting) =
        counted(store.sign_in(&account, Mailbox::Unchanged, &evicting, &audit)).await;
    assert_eq!((evicted, evicting), (2, sign_in + 1), "an eviction adds one, whatever its number");

    let (found, read) = counted(store.session(&StoredToken::hashed("fourth"))).await;
    assert!(found.is_some());
    let (extended, extension) =
        counted(store.extend(&StoredToken::hashed("fourth"), NOW + Duration::days(60))).await;
    assert!(extended);
    assert_eq!(
        (read, read + extension),
        (1, 2),
        "a session is read by one, and extended by a second"
    );

    let keeping = Keeping::Sealed { remember_until: NOW };
    let sealed = NewSession { keeping, ..session("sealed", &ada) };
    let (_, sealed_sign_in) =
        counted(store.sign_in(&account, Mailbox::Unchanged, &sealed, &audit)).await;
    let (_, standing) = counted(store.standing(&ada.id, &StoredToken::hashed("sealed"))).await;
    assert_eq!(
        (sign_in - sealed_sign_in, standing),
        (of_a_session - 1, 1),
        "a sealed session has one row to write, and one to ask for"
    );
}
