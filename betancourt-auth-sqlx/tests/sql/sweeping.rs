//! What is over goes around what others hold, and by an index where there is one.

use betancourt_auth::store::{Perishable, TokenStore};
use betancourt_auth_sqlx::SqlStore;
use sqlx::{
    AssertSqlSafe, Connection, MySqlConnection, PgConnection, query_as, query_scalar, raw_sql,
};
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

/// How much is over in each of our tables; as much is not, and stands before it.
const OVER: u32 = 100_000;
const BATCH: u32 = 500;
/// Milliseconds of a year in which nobody runs this.
const FUTURE: u64 = 4_102_444_800_000;

/// Each of our tables that grows, what is swept of it, and a row of it for each number `n`.
const OF_OURS: [(&str, Perishable, &str); 4] = [
    ("auth_spent", Perishable::Handshakes, "CONCAT('h', n), n"),
    ("auth_counters", Perishable::Counts, "CONCAT('c', n), 1, n"),
    ("auth_ended", Perishable::EndedSessions, "CONCAT('s', n), n"),
    ("auth_audit", Perishable::AuditEvents, "n, 'signed_in'"),
];

/// The statements that fill a table, each from a table of numbers: those of the far future, then those of 1970.
fn filling(table: &str, row: &str, numbers: impl Fn(u64) -> String) -> AssertSqlSafe<String> {
    let columns = if table == "auth_audit" { "(at, kind)" } else { "" };
    let rows = [FUTURE, 0].map(|first| {
        let numbers = numbers(first);
        format!("INSERT INTO {table} {columns} SELECT {row} FROM {numbers} AS numbers;")
    });
    AssertSqlSafe(rows.concat())
}

/// By its own count no batch reads a table from its beginning.
#[tokio::test]
async fn on_postgresql_a_batch_does_not_read_the_table() {
    let Some(url) = database::postgres::url_after("").await else { return };
    let store = SqlStore::connect(&url).await.unwrap();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    for (table, what, row) in OF_OURS {
        let numbers = |first| format!("(SELECT {first} + generate_series(1, {OVER}) AS n)");
        let fill = filling(table, row, numbers);
        raw_sql(fill).execute(&mut connection).await.unwrap();
        let analyze = AssertSqlSafe(format!("VACUUM ANALYZE {table}"));
        raw_sql(analyze).execute(&mut connection).await.unwrap();
        assert_eq!(store.sweep(what, NOW, BATCH).await.unwrap(), u64::from(BATCH), "{table}");
    }
    store.pg_pool().unwrap().close().await; // what a connection has counted is known when it ends
    for (table, ..) in OF_OURS {
        let count = format!(
            "SELECT n_tup_del, seq_tup_read FROM pg_stat_user_tables WHERE relid = '{table}'::regclass"
        );
        let (mut removed, mut scanned) = (0_i64, 0_i64);
        while removed < i64::from(BATCH) {
            (removed, scanned) =
                query_as(AssertSqlSafe(count.clone())).fetch_one(&mut connection).await.unwrap();
        }
        assert_eq!((removed, scanned), (i64::from(BATCH), 0), "{table}");
    }
}

/// A batch finds each row by the index, locks it and removes it, and reads hardly more than that.
#[tokio::test]
async fn on_mysql_a_batch_does_not_read_the_table() {
    let Some(url) = database::mysql::url_after("").await else { return };
    let store = SqlStore::connect(&url).await.unwrap();
    let mut connection = MySqlConnection::connect(&url).await.unwrap();
    for (table, what, row) in OF_OURS {
        let numbers = |first| format!("(SELECT {first} + seq AS n FROM seq_1_to_{OVER})");
        let fill = filling(table, row, numbers);
        raw_sql(fill).execute(&mut connection).await.unwrap();
        raw_sql("SET GLOBAL userstat = 1").execute(&mut connection).await.unwrap();
        let read = format!(
            "SELECT CAST(COALESCE(SUM(ROWS_READ), 0) AS UNSIGNED) FROM information_schema.TABLE_STATISTICS
             WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '{table}'"
        );
        let so_far = async |connection: &mut MySqlConnection| -> u64 {
            query_scalar(AssertSqlSafe(read.clone())).fetch_one(connection).await.unwrap()
        };
        let before = so_far(&mut connection).await;
        assert_eq!(store.sweep(what, NOW, BATCH).await.unwrap(), u64::from(BATCH), "{table}");
        let read = so_far(&mut connection).await - before;
        assert!(read >= u64::from(BATCH) && read <= 4 * u64::from(BATCH), "{table}: {read}");
    }
}
