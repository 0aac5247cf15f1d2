//! What is over goes around what others hold, and by an index where there is one.

use betancourt_auth::store::{Perishable, TokenStore};
use betancourt_auth_sqlx::SqlStore;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection, query_scalar, raw_sql};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::database;

const NOW: OffsetDateTime = datetime!(2033-05-18 03:33:20 UTC);
/// What another transaction holds while it is swept, row by row, so that it holds no others on its way to them.
const HELD: &str = "
    SELECT * FROM auth_spent WHERE handshake = '0' FOR UPDATE;
    SELECT * FROM auth_spent WHERE handshake = '1' FOR UPDATE;
    SELECT * FROM auth_spent WHERE handshake = '2' FOR UPDATE";

async fn spent(url: &str) -> SqlStore {
    let store = SqlStore::connect(url).await.unwrap();
    for number in 0..10 {
        assert!(store.spend(&number.to_string(), NOW).await.unwrap());
    }
    store
}

/// Some at a time, and all of those that nobody holds, without waiting for those that somebody does.
async fn goes_around(store: &SqlStore) {
    for expected in [4, 3, 0] {
        let swept = store.sweep(Perishable::Handshakes, NOW, 4).await.unwrap();
        assert_eq!(swept, expected);
    }
}

#[tokio::test]
async fn postgresql_passes_over_what_others_hold() {
    let Some(url) = database::postgres::url_after("").await else { return };
    let store = spent(&url).await;
    let mut other = PgConnection::connect(&url).await.unwrap();
    let mut held = other.begin().await.unwrap();
    raw_sql(HELD).execute(&mut *held).await.unwrap();
    goes_around(&store).await;
    held.rollback().await.unwrap();
    assert_eq!(store.sweep(Perishable::Handshakes, NOW, 4).await.unwrap(), 3);
}

#[tokio::test]
async fn mysql_passes_over_what_others_hold() {
    let Some(url) = database::mysql::url_after("").await else { return };
    let store = spent(&url).await;
    let mut other = MySqlConnection::connect(&url).await.unwrap();
    raw_sql("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
        .execute(&mut other)
        .await
        .unwrap();
    let mut held = other.begin().await.unwrap();
    raw_sql(HELD).execute(&mut *held).await.unwrap();
    goes_around(&store).await;
    held.rollback().await.unwrap();
    assert_eq!(store.sweep(Perishable::Handshakes, NOW, 4).await.unwrap(), 3);
}

/// The statements in the book that make indexes on the end of sessions and tokens.
fn offered_indexes() -> &'static str {
    let page = include_str!("../../../docs/src/reference/schema.md");
    let section = page.split_once("## What goes, and when").unwrap().1;
    section.split_once("```sql").unwrap().1.split_once("```").unwrap().0
}

#[tokio::test]
async fn the_indexes_that_the_book_offers_are_used() {
    let Some(url) = database::postgres::url_after("").await else { return };
    SqlStore::connect(&url).await.unwrap();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    raw_sql(offered_indexes()).execute(&mut connection).await.unwrap();
    raw_sql("SET enable_seqscan = off").execute(&mut connection).await.unwrap();
    for (table, index) in [
        ("sessions", "sessions_expires_idx"),
        ("verification_tokens", "verification_tokens_expires_idx"),
    ] {
        let explain = AssertSqlSafe(format!(
            "EXPLAIN SELECT * FROM {table} WHERE expires <= now() LIMIT 500 FOR UPDATE SKIP LOCKED"
        ));
        let plan: Vec<String> = query_scalar(explain).fetch_all(&mut connection).await.unwrap();
        assert!(plan.iter().any(|step| step.contains(index)), "{plan:?}");
    }
}

#[tokio::test]
async fn every_database_takes_the_indexes_that_the_book_offers() {
    let sqlite = database::url_after("").await;
    let store = SqlStore::connect(&sqlite).await.unwrap();
    raw_sql(offered_indexes()).execute(store.sqlite_pool().unwrap()).await.unwrap();
    let Some(mysql) = database::mysql::url_after("").await else { return };
    let store = SqlStore::connect(&mysql).await.unwrap();
    raw_sql(offered_indexes()).execute(store.mysql_pool().unwrap()).await.unwrap();
    assert_eq!(store.sweep(Perishable::Sessions, NOW, 500).await.unwrap(), 0);
}
