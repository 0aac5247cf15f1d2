//! Tables to which different texts are the same: who is called alike at a provider is still somebody else.

use betancourt_auth::store::{
    AccountStore as _, SessionStore as _, StoreErrorKind, UserStore as _,
};
use betancourt_auth::{AccountKey, StoredToken, User, UserId};
use betancourt_auth_sqlx::{Keys, Layout, SqlStore};

use crate::database;
use crate::layouts::{PG_ADAPTER, PRISMA_MYSQL, PRISMA_POSTGRES, PRISMA_WITH_ROW_IDS_SQLITE, on};
use crate::person::sign_up;

/// A collation of PostgreSQL to which texts that differ in case are the same, and columns that have it.
const ALIKE: &str = r#"
    CREATE COLLATION alike (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"#;
const OF_PG_ADAPTER: &str = r#"
    ALTER TABLE accounts ALTER COLUMN provider TYPE text COLLATE alike,
        ALTER COLUMN "providerAccountId" TYPE text COLLATE alike;
    ALTER TABLE users ALTER COLUMN email TYPE text COLLATE alike;
    ALTER TABLE sessions ALTER COLUMN "sessionToken" TYPE text COLLATE alike;"#;
const OF_PRISMA: &str = r#"ALTER TABLE "User" ALTER COLUMN email TYPE text COLLATE alike;"#;

/// Prisma's tables of SQLite, in which no text has a case.
fn without_case() -> String {
    PRISMA_WITH_ROW_IDS_SQLITE.replace(" TEXT", " TEXT COLLATE NOCASE")
}

/// Stores on tables whose keys take `abc` and `ABC` for the same.
async fn with_keys() -> Vec<SqlStore> {
    let url = database::url_after(&without_case()).await;
    let mut stores = vec![on(Layout::prisma_with_row_ids()).connect(&url).await.unwrap()];
    if let Some(url) = database::mysql::url_after(PRISMA_MYSQL).await {
        stores.push(on(Layout::prisma()).connect(&url).await.unwrap());
    }
    stores
}

/// Stores on tables without keys to which `abc` and `ABC` are the same.
async fn without_keys() -> Vec<SqlStore> {
    let tables = without_case().replace("CREATE UNIQUE INDEX", "CREATE INDEX");
    let url = database::url_after(&tables).await;
    let mut layout = Layout::prisma_with_row_ids();
    layout.keys = Keys::Absent;
    let mut stores = vec![on(layout).connect(&url).await.unwrap()];
    let tables = [PG_ADAPTER, ALIKE, OF_PG_ADAPTER].concat();
    if let Some(url) = database::postgres::url_after(&tables).await {
        stores.push(on(Layout::pg_adapter()).connect(&url).await.unwrap());
    }
    stores
}

/// Stores on tables that we made.
async fn made() -> Vec<SqlStore> {
    let mut stores = vec![SqlStore::connect(&database::url()).await.unwrap()];
    let urls = [database::mysql::url_after("").await, database::postgres::url_after("").await];
    for url in urls.into_iter().flatten() {
        stores.push(SqlStore::connect(&url).await.unwrap());
    }
    stores
}

/// Whose account a subject has, by both questions that can be asked for it.
async fn owner(store: &SqlStore, subject: &str) -> Option<User> {
    let key = AccountKey::new("google", subject);
    let candidate = store.candidates(&key, None).await.unwrap().account;
    let account = store.account(&key).await.unwrap();
    assert_eq!(
        account.as_ref().map(|account| &account.user_id),
        candidate.as_ref().map(|(_, owner)| &owner.id)
    );
    if let Some(account) = account {
        assert_eq!(account.key, key);
        assert_eq!(account.details.claims["oid"], subject, "the details of somebody else");
    }
    candidate.map(|(_, owner)| owner)
}

#[tokio::test]
async fn nobody_is_let_in_as_somebody_who_is_called_alike() {
    for store in with_keys().await.into_iter().chain(without_keys().await).chain(made().await) {
        let ada = sign_up(&store, "ada", "abc").await.unwrap();
        for alike in ["ABC", "Abc", "abC"] {
            assert_eq!(owner(&store, alike).await, None, "{alike}");
        }
        let elsewhere = AccountKey::new("GOOGLE", "abc");
        assert!(store.candidates(&elsewhere, None).await.unwrap().account.is_none());
        let shouted = "ADA@EXAMPLE.COM";
        assert!(store.user_by_email(shouted).await.unwrap().is_none());
        let candidates = store.candidates(&elsewhere, Some(shouted)).await.unwrap();
        assert!(candidates.by_email.is_none());
        let token = StoredToken::hashed("abc");
        let token_alike = StoredToken::from_stored(token.as_str().to_uppercase());
        assert!(store.session(&token_alike).await.unwrap().is_none());
        assert!(!store.end_session(&token_alike, &[]).await.unwrap());
        let id_alike = UserId::new(ada.id.as_str().to_uppercase());
        if id_alike != ada.id {
            assert!(store.user(&id_alike).await.unwrap().is_none());
            assert!(!store.delete_user(&id_alike, &[]).await.unwrap());
        }

        assert_eq!(owner(&store, "abc").await, Some(ada.clone()));
        assert_eq!(store.session(&token).await.unwrap().unwrap().user, ada);
        let found = store.user_by_email("ada@example.com").await.unwrap();
        assert_eq!(found, Some(ada));
    }
}

/// What the page about the schema offers for Prisma's tables on MySQL.
async fn mended() -> Option<SqlStore> {
    let page = include_str!("../../../docs/src/reference/schema.md");
    let (_, offered) = page.split_once("``ALTER TABLE").unwrap();
    let (offered, _) = offered.split_once("``.").unwrap();
    let tables = format!("{PRISMA_MYSQL}\nALTER TABLE{offered};");
    let url = database::mysql::url_after(&tables).await?;
    Some(on(Layout::prisma()).connect(&url).await.unwrap())
}

#[tokio::test]
async fn two_whose_subjects_differ_in_case_are_two() {
    for store in without_keys().await.into_iter().chain(made().await).chain(mended().await) {
        let ada = sign_up(&store, "ada", "abc").await.unwrap();
        let ben = sign_up(&store, "ben", "ABC").await.unwrap();
        assert_eq!(owner(&store, "abc").await, Some(ada.clone()));
        assert_eq!(owner(&store, "ABC").await, Some(ben.clone()));
        assert_eq!(store.accounts(&ada.id).await.unwrap().len(), 1);

        assert!(store.delete_user(&ada.id, &[]).await.unwrap());
        assert_eq!(owner(&store, "abc").await, None);
        assert_eq!(owner(&store, "ABC").await, Some(ben));
    }
}

#[tokio::test]
async fn a_key_that_takes_them_for_one_refuses_the_second() {
    for store in with_keys().await {
        let ada = sign_up(&store, "ada", "abc").await.unwrap();
        assert_eq!(sign_up(&store, "ben", "ABC").await, Err(StoreErrorKind::Conflict));
        assert!(store.session(&StoredToken::hashed("ABC")).await.unwrap().is_none());
        assert_eq!(owner(&store, "abc").await, Some(ada));
        let ben = sign_up(&store, "ben", "abx").await.unwrap();
        assert_eq!(owner(&store, "abx").await, Some(ben));
    }
}

#[tokio::test]
async fn an_address_of_any_case_is_found_as_it_is_written() {
    let citext = "
        CREATE EXTENSION IF NOT EXISTS citext SCHEMA public;
        ALTER TABLE \"User\" ALTER COLUMN email TYPE public.citext;";
    for columns in [citext.to_owned(), [ALIKE, OF_PRISMA].concat()] {
        let tables = [PRISMA_POSTGRES, &columns].concat();
        let Some(url) = database::postgres::url_after(&tables).await else { return };
        let store = on(Layout::prisma()).connect(&url).await.unwrap();
        let ada = sign_up(&store, "ada", "abc").await.unwrap();
        assert!(store.user_by_email("Ada@Example.com").await.unwrap().is_none());
        assert_eq!(store.user_by_email("ada@example.com").await.unwrap(), Some(ada));
        assert_eq!(sign_up(&store, "ADA", "ABC").await, Err(StoreErrorKind::Conflict));
        sign_up(&store, "ben", "ABC").await.unwrap();
    }
    let subjects = "
        CREATE EXTENSION IF NOT EXISTS citext SCHEMA public;
        ALTER TABLE \"Account\" ALTER COLUMN \"providerAccountId\" TYPE public.citext;";
    let tables = [PRISMA_POSTGRES, subjects].concat();
    let Some(url) = database::postgres::url_after(&tables).await else { return };
    let error = on(Layout::prisma()).connect(&url).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the table `Account` cannot be adopted: its column `providerAccountId` is declared `public.citext`, which does not hold texts that differ in case alone"
    );
}
