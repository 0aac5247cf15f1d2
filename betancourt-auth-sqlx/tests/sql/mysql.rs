//! What MySQL asks of the store: tables that others made, collations, several processes, transactions that are ended.

use betancourt_auth::store::{
    AccountStore, Keeping, NewSession, SessionStore, Store, StoreErrorKind, TokenStore, UserStore,
};
use betancourt_auth::{Account, AccountKey, SessionDetails, StoredToken, User, UserId};
use betancourt_auth_sqlx::{Layout, SqlOptions, SqlStore};
use sqlx::mysql::MySqlPoolOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection, query_as, query_scalar, raw_sql};
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::task::JoinSet;

use crate::database::mysql::url_after;
use crate::layouts::{DEFAULT_MYSQL, DRIZZLE_MYSQL, PRISMA_MYSQL, ROOM_IN_DRIZZLE_MYSQL, on};

const NOW: OffsetDateTime = datetime!(2033-05-18 03:33:20.123_999 UTC);
const IMPATIENT: &str = "SET SESSION innodb_lock_wait_timeout = 1";
const TOKEN_OF_ADA: &str = "4f9c2a52-6f5e-4a0a-9d1f-0a3c5b7d9e11";

pub(crate) async fn run(url: &str, statements: &str) {
    let mut connection = MySqlConnection::connect(url).await.unwrap();
    raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut connection).await.unwrap();
}

async fn ask(url: &str, question: &'static str) -> String {
    let mut connection = MySqlConnection::connect(url).await.unwrap();
    query_scalar(question).fetch_one(&mut connection).await.unwrap()
}

fn session_of(user: &User, name: &str) -> NewSession {
    NewSession {
        token: StoredToken::hashed(name),
        keeping: Keeping::Stored,
        user_id: user.id.clone(),
        expires: NOW,
        details: SessionDetails::new(NOW, "google"),
        origin: None,
        replaces: Vec::new(),
        keep: 20,
    }
}

/// Signs somebody up through Google, in a session that is called as they are.
async fn sign_up(store: &SqlStore, id: &str, name: &str) -> Result<User, StoreErrorKind> {
    let mut user = User::new(UserId::new(id));
    user.email = Some(format!("{name}@example.com"));
    let account = Account::new(AccountKey::new("google", name), user.id.clone(), "oidc");
    let session = session_of(&user, name);
    let signed_up = store.sign_up(&user, Some(&account), &session, &[]).await;
    signed_up.map(|_| user).map_err(|error| error.kind())
}

#[tokio::test]
async fn people_accounts_and_sessions_of_prisma_are_taken_over() {
    let Some(url) = url_after(DEFAULT_MYSQL).await else { return };
    let store = SqlStore::connect(&url).await.unwrap();
    let ada = store.user_by_email("ada@example.com").await.unwrap().unwrap();
    assert_eq!(ada.role, "ADMIN");
    assert_eq!(ada.email_verified, Some(datetime!(2025-11-26 02:00:00.123 UTC)));

    let account = store.account(&AccountKey::new("google", "1042")).await.unwrap().unwrap();
    assert_eq!(account.tokens.access_token.unwrap().expose(), "access-in-clear");
    assert_eq!(account.tokens.expires_at, Some(1_764_126_000));

    let session = store.session(&StoredToken::hashed(TOKEN_OF_ADA)).await.unwrap().unwrap();
    assert_eq!((session.user, session.expires), (ada, datetime!(2033-05-18 03:33:19.123 UTC)));
    let plain = StoredToken::from_stored(TOKEN_OF_ADA);
    assert!(store.session(&plain).await.unwrap().is_none(), "a stolen table opens sessions");
}

#[tokio::test]
async fn what_a_collation_takes_for_the_same_is_not() {
    let Some(url) = url_after(DEFAULT_MYSQL).await else { return };
    let store = SqlStore::connect(&url).await.unwrap();
    let jose = sign_up(&store, "Jose", "jose").await.unwrap();
    for alike in ["Jose", "josé", "jose ", "JOSE"] {
        let key = AccountKey::new("google", alike);
        let email = format!("{alike}@example.com");
        let candidates = store.candidates(&key, Some(&email)).await.unwrap();
        assert!(candidates.account.is_none() && candidates.by_email.is_none(), "{alike:?}");
        assert!(store.account(&key).await.unwrap().is_none(), "{alike:?}");
        assert!(store.user_by_email(&email).await.unwrap().is_none(), "{alike:?}");
    }
    for alike in ["jose", "JOSÉ", "Jose "] {
        assert!(store.user(&UserId::new(alike)).await.unwrap().is_none(), "{alike:?}");
        assert!(!store.delete_user(&UserId::new(alike), &[]).await.unwrap(), "{alike:?}");
    }
    let shouted = StoredToken::from_stored(StoredToken::hashed("jose").as_str().to_uppercase());
    assert!(!store.end_session(&shouted, &[]).await.unwrap());

    let candidates = store.candidates(&AccountKey::new("google", "jose"), None).await.unwrap();
    assert_eq!(candidates.account.unwrap().1, jose);
    assert!(store.end_session(&StoredToken::hashed("jose"), &[]).await.unwrap());
}

#[tokio::test]
async fn a_key_of_such_a_collation_refuses_the_second_and_lets_nobody_in() {
    let Some(url) = url_after(DEFAULT_MYSQL).await else { return };
    let store = SqlStore::connect(&url).await.unwrap();
    sign_up(&store, "one", "jose").await.unwrap();
    assert_eq!(sign_up(&store, "two", "JOSE").await, Err(StoreErrorKind::Conflict));
    assert!(store.session(&StoredToken::hashed("JOSE")).await.unwrap().is_none());
    sign_up(&store, "two", "josefa").await.unwrap();
}

#[tokio::test]
async fn the_tables_of_every_tool_stay_as_they_were() {
    let roomy = [DRIZZLE_MYSQL, ROOM_IN_DRIZZLE_MYSQL].concat();
    for (tables, layout) in [
        (DEFAULT_MYSQL, Layout::default()),
        (&*roomy, Layout::drizzle()),
        (PRISMA_MYSQL, Layout::prisma()),
    ] {
        let Some(url) = url_after(tables).await else { return };
        let before = schema(&url).await;
        on(layout).connect(&url).await.unwrap();
        let mut after = schema(&url).await;
        after.retain(|(table, _)| !table.starts_with("auth_") && !table.starts_with("_betancourt"));
        assert_eq!(after, before);
    }
}

/// Every table, with its definition.
pub(crate) async fn schema(url: &str) -> Vec<(String, String)> {
    let mut connection = MySqlConnection::connect(url).await.unwrap();
    let question = "SELECT CAST(table_name AS CHAR) FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1";
    let tables: Vec<String> = query_scalar(question).fetch_all(&mut connection).await.unwrap();
    let mut schema = Vec::new();
    for table in tables {
        let show = AssertSqlSafe(format!("SHOW CREATE TABLE `{table}`"));
        schema.push(query_as(show).fetch_one(&mut connection).await.unwrap());
    }
    schema
}

#[tokio::test]
async fn a_table_that_does_not_fit_is_refused_by_name() {
    for (options, changes, sentence) in [
        (
            on(Layout::default()),
            "ALTER TABLE `accounts` MODIFY `access_token` varchar(191);",
            "the table `accounts` cannot be adopted: its column `access_token` is declared `varchar(191)`, which is too narrow for a token that is sealed: make it TEXT",
        ),
        (
            on(Layout::default()),
            "ALTER TABLE `sessions` MODIFY `sessionToken` varchar(36) NOT NULL;",
            "the table `sessions` cannot be adopted: its column `sessionToken` is declared `varchar(36)`, which is too narrow for the hash of a token: make it VARCHAR(64)",
        ),
        (
            on(Layout::default()),
            "ALTER TABLE `sessions` MODIFY `expires` bigint NOT NULL;",
            "the table `sessions` cannot be adopted: its column `expires` is declared `bigint(20)`, which does not hold moments without a zone",
        ),
        (
            on(Layout::drizzle()),
            "",
            "the table `user` is missing: tables are made in the default layout alone, without columns of the application's own",
        ),
        (
            on(Layout::default()),
            "ALTER TABLE `users` ADD COLUMN `tenant` varchar(191) NOT NULL;",
            "the table `users` cannot be adopted: its column `tenant` is NOT NULL without a default, and a sign-in does not know a value for it: say one in `layout.users.own`, or give the column a default",
        ),
        (
            on(Layout::default()),
            "ALTER TABLE `accounts` DROP FOREIGN KEY `accounts_userId_fkey`;",
            "the table `accounts` cannot be adopted: its column `userId` does not refer to users with ON DELETE CASCADE",
        ),
    ] {
        let Some(url) = url_after(&format!("{DEFAULT_MYSQL}\n{changes}")).await else { return };
        assert_refused(options, &url, sentence).await;
    }
    let Some(url) = url_after(DRIZZLE_MYSQL).await else { return };
    let sentence = "the table `account` cannot be adopted: its column `refresh_token` is declared `varchar(255)`, which is too narrow for a token that is sealed: make it TEXT";
    assert_refused(on(Layout::drizzle()), &url, sentence).await;
    let without = "ALTER TABLE `User` DROP INDEX `User_email_key`, ADD UNIQUE INDEX (`email`(5));";
    let Some(url) = url_after(&format!("{PRISMA_MYSQL}\n{without}")).await else { return };
    let sentence = "the table `User` cannot be adopted: its column `email` has no unique key";
    assert_refused(on(Layout::prisma()), &url, sentence).await;
}

async fn assert_refused(options: SqlOptions, url: &str, sentence: &str) {
    let before = schema(url).await;
    let error = options.connect(url).await.unwrap_err();
    assert_eq!(error.to_string(), sentence);
    assert_eq!(schema(url).await, before, "a refusal changes nothing");
}

#[tokio::test]
async fn moments_are_utc_and_cut_to_the_millisecond() {
    let Some(url) = url_after("").await else { return };
    let store = SqlStore::connect(&url).await.unwrap();
    sign_up(&store, "ada", "ada").await.unwrap();
    let stored = ask(&url, "SELECT CAST(`expires` AS CHAR) FROM `sessions`").await;
    assert_eq!(stored, "2033-05-18 03:33:20.123");
}

#[tokio::test]
async fn a_server_that_refuses_is_told_from_one_that_is_slow() {
    let Some(url) = url_after("").await else { return };
    let (server, _) = url.rsplit_once('/').unwrap();
    let error = SqlStore::connect(&format!("{server}/nowhere")).await.unwrap_err().to_string();
    assert!(error.contains("Unknown database 'nowhere'"), "{error}");
    let nobody = SqlStore::connect("mysql://app@127.0.0.1:1/app").await.unwrap_err().to_string();
    assert!(nobody.to_lowercase().contains("connection refused"), "{nobody}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_processes_may_start_at_once() {
    let Some(url) = url_after("").await else { return };
    let mut starting = JoinSet::new();
    for _ in 0..8 {
        let url = url.clone();
        starting.spawn(async move { SqlStore::connect(&url).await.map(|_| ()) });
    }
    for started in starting.join_all().await {
        started.unwrap();
    }
}

#[tokio::test]
async fn a_migration_that_was_broken_off_is_finished() {
    let Some(url) = url_after("").await else { return };
    SqlStore::connect(&url).await.unwrap();
    let whole = schema(&url).await;
    run(&url, "DROP TABLE `auth_audit`, `auth_spent`; DELETE FROM `_betancourt_auth_migrations` WHERE version > 0")
        .await;
    assert_ne!(schema(&url).await, whole);
    SqlStore::connect(&url).await.unwrap();
    assert_eq!(schema(&url).await, whole);
}

#[tokio::test]
async fn what_was_ended_for_another_transaction_is_begun_anew_three_times() {
    for number in [1213, 1205] {
        let Some(url) = url_after("").await else { return };
        let store = SqlStore::connect(&url).await.unwrap();
        run(&url, &failing(number)).await;
        assert!(store.spend("handshake", NOW).await.unwrap(), "after three failures");
        run(&url, "UPDATE attempts SET number = 0; UPDATE failures SET number = 4").await;
        let given_up = store.spend("another", NOW).await.unwrap_err();
        assert_eq!(given_up.kind(), StoreErrorKind::Unavailable);
        assert_eq!(ask(&url, "SELECT CAST(number AS CHAR) FROM attempts").await, "4");
    }
}

/// Lets the first three insertions of a handshake fail as if for the sake of another transaction.
fn failing(number: u16) -> String {
    let state = if number == 1213 { "40001" } else { "HY000" };
    format!(
        "
        CREATE TABLE attempts (number INT) ENGINE = MyISAM;
        INSERT INTO attempts VALUES (0);
        CREATE TABLE failures AS SELECT 3 AS number;
        CREATE TRIGGER fail BEFORE INSERT ON `auth_spent` FOR EACH ROW BEGIN
            UPDATE attempts SET number = number + 1;
            IF (SELECT number FROM attempts) <= (SELECT number FROM failures) THEN
                SIGNAL SQLSTATE '{state}' SET MYSQL_ERRNO = {number};
            END IF;
        END;"
    )
}

#[tokio::test]
async fn who_waits_for_a_lock_in_vain_leaves_no_transaction_open() {
    let Some(url) = url_after("").await else { return };
    let pool = MySqlPoolOptions::new().max_connections(1).after_connect(|connection, _| {
        Box::pin(async { connection.execute(IMPATIENT).await.map(|_| ()) })
    });
    let store = SqlStore::from_mysql_pool(pool.connect(&url).await.unwrap());
    store.migrate().await.unwrap();
    let ada = sign_up(&store, "ada", "ada").await.unwrap();

    let mut other = MySqlConnection::connect(&url).await.unwrap();
    let held = "BEGIN; SELECT `number` FROM `auth_locks` FOR UPDATE";
    raw_sql(held).execute(&mut other).await.unwrap();
    assert!(!store.delete_user(&ada.id, &[]).await.is_ok_and(|deleted| deleted));
    assert!(store.spend("handshake", NOW).await.unwrap());
    raw_sql("ROLLBACK").execute(&mut other).await.unwrap();

    let spent = ask(&url, "SELECT CAST(COUNT(*) AS CHAR) FROM `auth_spent`").await;
    assert_eq!(spent, "1", "what was written since is in a transaction that nobody ends");
    assert!(store.delete_user(&ada.id, &[]).await.unwrap());
}
