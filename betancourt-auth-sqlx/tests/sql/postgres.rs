//! What PostgreSQL asks of the store: tables that others made, several processes, transactions that are ended.

use betancourt_auth::store::{
    AccountStore, Keeping, NewSession, Perishable, SessionStore, Store, StoreErrorKind, TokenStore,
    UserStore,
};
use betancourt_auth::testing::{CrashPoint, CrashPoints};
use betancourt_auth::{
    Account, AccountKey, SessionDetails, StoredToken, TokenStorage, User, UserId,
};
use betancourt_auth_sqlx::{Layout, SqlOptions, SqlStore};
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, query_as, query_scalar, raw_sql};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use tokio::task::JoinSet;

use crate::database::postgres::url_after;
use crate::layouts::{DEFAULT_POSTGRES, DRIZZLE_POSTGRES, PG_ADAPTER, PRISMA_POSTGRES, on};

const NOW: OffsetDateTime = datetime!(2033-05-18 03:33:20.123_999 UTC);
const TOKEN_OF_ADA: &str = "4f9c2a52-6f5e-4a0a-9d1f-0a3c5b7d9e11";

pub(crate) async fn run(url: &str, statements: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut connection).await.unwrap();
}

async fn ask(url: &str, question: &'static str) -> String {
    let mut connection = PgConnection::connect(url).await.unwrap();
    query_scalar(question).fetch_one(&mut connection).await.unwrap()
}

/// Signs somebody up through Google, in a session that is called as they are.
async fn sign_up(store: &SqlStore, name: &str) -> User {
    let id = store.draw_id().await.unwrap();
    let mut user = User::new(id.unwrap_or_else(|| UserId::new(name)));
    user.name = Some(name.to_owned());
    let account = Account::new(AccountKey::new("google", name), user.id.clone(), "oidc");
    let session = NewSession {
        token: StoredToken::hashed(name),
        keeping: Keeping::Stored,
        user_id: user.id.clone(),
        expires: NOW,
        details: SessionDetails::new(NOW, "google"),
        origin: None,
        replaces: Vec::new(),
        keep: 20,
    };
    store.sign_up(&user, Some(&account), &session, &[]).await.unwrap();
    user
}

#[tokio::test]
async fn people_accounts_and_sessions_of_prisma_are_taken_over() {
    let Some(url) = url_after(DEFAULT_POSTGRES).await else { return };
    let store = SqlStore::connect(&url).await.unwrap();
    let ada = store.user_by_email("ada@example.com").await.unwrap().unwrap();
    assert_eq!(ada.role, "ADMIN");
    assert_eq!(ada.email_verified, Some(datetime!(2025-11-26 02:00:00.123 UTC)));

    let key = AccountKey::new("google", "1042");
    let account = store.account(&key).await.unwrap().unwrap();
    assert_eq!(account.tokens.access_token.unwrap().expose(), "access-in-clear");
    assert_eq!(account.tokens.expires_at, Some(1_764_126_000));

    let session = store.session(&StoredToken::hashed(TOKEN_OF_ADA)).await.unwrap().unwrap();
    assert_eq!((session.user, session.expires), (ada, datetime!(2033-05-18 03:33:19.123 UTC)));
    let plain = StoredToken::from_stored(TOKEN_OF_ADA);
    assert!(store.session(&plain).await.unwrap().is_none(), "a stolen table opens sessions");
}

#[tokio::test]
async fn tokens_are_hashed_once_whatever_a_language_thinks_of_colons() {
    let passing_over_colons = r#"
        CREATE COLLATION of_a_language (provider = icu, locale = 'und-u-ka-shifted');
        ALTER TABLE "sessions" ALTER COLUMN "sessionToken" TYPE text COLLATE of_a_language;"#;
    let Some(url) = url_after(&format!("{DEFAULT_POSTGRES}\n{passing_over_colons}")).await else {
        return;
    };
    for _ in 0..2 {
        let connecting =
            tokio::time::timeout(std::time::Duration::from_secs(20), SqlStore::connect(&url));
        let store = connecting.await.expect("it hashes for ever").unwrap();
        assert!(store.session(&StoredToken::hashed(TOKEN_OF_ADA)).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_server_that_refuses_is_told_from_one_that_is_slow() {
    let Some(url) = url_after("").await else { return };
    let unknown = url.replace("/postgres?", "/nowhere?");
    let error = SqlStore::connect(&unknown).await.unwrap_err().to_string();
    assert!(error.contains("\"nowhere\" does not exist"), "{error}");
    let nobody = SqlStore::connect("postgres://app@127.0.0.1:1/app").await.unwrap_err().to_string();
    assert!(nobody.to_lowercase().contains("connection refused"), "{nobody}");
}

#[tokio::test]
async fn beside_auth_js_sessions_stay_in_clear() {
    let Some(url) = url_after(DEFAULT_POSTGRES).await else { return };
    let shared = SqlStore::options().token_storage(TokenStorage::SharedWithAuthJs);
    let store = shared.connect(&url).await.unwrap();
    assert_eq!(ask(&url, r#"SELECT "sessionToken" FROM "sessions""#).await, TOKEN_OF_ADA);
    let session = store.session(&store.token_storage().stored(TOKEN_OF_ADA)).await.unwrap();
    assert_eq!(session.unwrap().user.name.as_deref(), Some("Ada"));
}

#[tokio::test]
async fn the_tables_of_every_tool_stay_as_they_were() {
    for (tables, layout) in [
        (DEFAULT_POSTGRES, Layout::default()),
        (DRIZZLE_POSTGRES, Layout::drizzle()),
        (PG_ADAPTER, Layout::pg_adapter()),
        (PRISMA_POSTGRES, Layout::prisma()),
    ] {
        let Some(url) = url_after(tables).await else { return };
        let before = schema(&url).await;
        on(layout).connect(&url).await.unwrap();
        let mut after = schema(&url).await;
        after.retain(|(table, _)| !table.starts_with("auth_") && !table.starts_with("_betancourt"));
        assert_eq!(after, before);
    }
}

/// Every column, constraint and index, by its table.
pub(crate) async fn schema(url: &str) -> Vec<(String, String)> {
    let question = r#"
        SELECT table_name::text, concat_ws(' ', column_name, data_type, is_nullable, column_default)
        FROM information_schema.columns WHERE table_schema = current_schema()
        UNION ALL
        SELECT conrelid::regclass::text, concat_ws(' ', conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND conrelid <> 0
        UNION ALL
        SELECT tablename::text, indexdef FROM pg_indexes WHERE schemaname = current_schema()
        ORDER BY 1, 2"#;
    let mut connection = PgConnection::connect(url).await.unwrap();
    let found: Vec<(String, String)> = query_as(question).fetch_all(&mut connection).await.unwrap();
    found.into_iter().map(|(table, what)| (table.trim_matches('"').to_owned(), what)).collect()
}

#[tokio::test]
async fn a_table_that_does_not_fit_is_refused_by_name() {
    for (options, changes, sentence) in [
        (
            on(Layout::default()),
            r#"ALTER TABLE "accounts" ALTER COLUMN "refresh_token" TYPE varchar(255);"#,
            "the table `accounts` cannot be adopted: its column `refresh_token` is declared `character varying(255)`, which is too narrow for a token that is sealed: make it TEXT",
        ),
        (
            on(Layout::default()),
            r#"ALTER TABLE "sessions" ALTER COLUMN "expires" TYPE timestamptz;"#,
            "the table `sessions` cannot be adopted: its column `expires` is declared `timestamp with time zone`, which does not hold moments without a zone",
        ),
        (
            on(Layout::pg_adapter()),
            "",
            "the table `users` cannot be adopted: its column `id` is declared `text`, which does not hold numbers",
        ),
        (
            on(Layout::drizzle()),
            "",
            "the table `user` is missing: tables are made in the default layout alone, without columns of the application's own",
        ),
        (
            on(Layout::default()),
            r#"ALTER TABLE "users" ADD COLUMN "tenant" TEXT; UPDATE "users" SET "tenant" = 'one'; ALTER TABLE "users" ALTER COLUMN "tenant" SET NOT NULL;"#,
            "the table `users` cannot be adopted: its column `tenant` is NOT NULL without a default, and a sign-in does not know a value for it: say one in `layout.users.own`, or give the column a default",
        ),
        (
            on(Layout::default()),
            r#"ALTER TABLE "accounts" DROP CONSTRAINT "accounts_userId_fkey";"#,
            "the table `accounts` cannot be adopted: its column `userId` does not refer to users with ON DELETE CASCADE",
        ),
    ] {
        let Some(url) = url_after(&format!("{DEFAULT_POSTGRES}\n{changes}")).await else { return };
        assert_refused(options, &url, sentence).await;
    }
}

#[tokio::test]
async fn a_key_that_a_layout_relies_on_has_to_be_there() {
    let without = r#"DROP INDEX "User_email_key";"#;
    let Some(url) = url_after(&format!("{PRISMA_POSTGRES}\n{without}")).await else { return };
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
    for (tables, layout, expected) in [
        ("", Layout::default(), "2033-05-18 03:33:20.123"),
        (PG_ADAPTER, Layout::pg_adapter(), "2033-05-18 03:33:20.123+00"),
    ] {
        let Some(url) = url_after(tables).await else { return };
        let store = on(layout).connect(&url).await.unwrap();
        sign_up(&store, "ada").await;
        assert_eq!(ask(&url, r#"SELECT "expires"::text FROM "sessions""#).await, expected);
    }
}

#[tokio::test]
async fn ids_are_numbers_of_the_sequence_where_the_layout_has_one() {
    let Some(url) = url_after(PG_ADAPTER).await else { return };
    let store = on(Layout::pg_adapter()).connect(&url).await.unwrap();
    let ada = sign_up(&store, "ada").await;
    let ben = sign_up(&store, "ben").await;
    assert_eq!((ada.id.as_str(), ben.id.as_str()), ("1", "2"));
    run(&url, r#"INSERT INTO users (name) VALUES ('a person of Auth.js')"#).await;
    assert_eq!(store.user(&UserId::new("3")).await.unwrap().unwrap().email, None);
    for nobody in ["03", "cm3x9", "", "9999999999999999999"] {
        assert!(store.user(&UserId::new(nobody)).await.unwrap().is_none(), "{nobody}");
    }
}

#[tokio::test]
async fn a_character_that_postgresql_cannot_keep_stops_nobody() {
    let Some(url) = url_after("").await else { return };
    let store = SqlStore::connect(&url).await.unwrap();
    let ada = sign_up(&store, "a\0da").await;
    assert_eq!(store.user(&ada.id).await.unwrap().unwrap().name.as_deref(), Some("a\u{fffd}da"));
    assert!(store.user_by_email("a\0da@example.com").await.unwrap().is_none());
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
async fn what_was_ended_for_another_transaction_is_begun_anew_three_times() {
    for code in ["40001", "40P01"] {
        let Some(url) = url_after("").await else { return };
        let store = SqlStore::connect(&url).await.unwrap();
        run(&url, &failing(code)).await;
        assert!(store.spend("handshake", NOW).await.unwrap(), "after three failures");
        run(&url, "ALTER SEQUENCE attempts RESTART; UPDATE failures SET number = 4").await;
        let given_up = store.spend("another", NOW).await.unwrap_err();
        assert_eq!(given_up.kind(), StoreErrorKind::Unavailable);
        assert_eq!(ask(&url, "SELECT last_value::text FROM attempts").await, "4");
    }
}

/// Lets the first three insertions of a handshake fail as if for the sake of another transaction.
fn failing(code: &str) -> String {
    format!(
        r#"
        CREATE SEQUENCE attempts;
        CREATE TABLE failures AS SELECT 3 AS number;
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF nextval('attempts') <= (SELECT number FROM failures) THEN
                RAISE EXCEPTION USING ERRCODE = '{code}';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER fail BEFORE INSERT ON "auth_spent" FOR EACH ROW EXECUTE FUNCTION fail();"#
    )
}

#[tokio::test]
async fn who_waits_for_a_lock_in_vain_leaves_no_broken_connection() {
    let Some(url) = url_after("").await else { return };
    let pool = PgPoolOptions::new().max_connections(1).after_connect(|connection, _| {
        Box::pin(async { connection.execute("SET lock_timeout = 100").await.map(|_| ()) })
    });
    let store = SqlStore::from_pg_pool(pool.connect(&url).await.unwrap());
    store.migrate().await.unwrap();
    let ada = sign_up(&store, "ada").await;

    let crash = CrashPoints::default();
    let other = SqlStore::options().crash_points(&crash).open(&url).await.unwrap();
    crash.hold_at(CrashPoint::BeforeStatement(2));
    let id = ada.id.clone();
    let holding = tokio::spawn(async move { other.delete_user(&id, &[]).await });
    crash.reached().await;
    let failed = store.delete_user(&ada.id, &[]).await.unwrap_err();
    assert_eq!(failed.kind(), StoreErrorKind::Unavailable);
    assert!(store.user(&ada.id).await.unwrap().is_some(), "the connection serves the next one");
    assert!(store.spend("handshake", NOW).await.unwrap());
    holding.abort();
    assert!(holding.await.unwrap_err().is_cancelled());
    assert_eq!(ask(&url, "SELECT count(*)::text FROM auth_spent").await, "1");
    assert!(store.delete_user(&ada.id, &[]).await.unwrap());
}

#[tokio::test]
async fn details_that_their_session_left_behind_are_swept() {
    let Some(url) = url_after(PG_ADAPTER).await else { return };
    let store = on(Layout::pg_adapter()).connect(&url).await.unwrap();
    sign_up(&store, "ada").await;
    sign_up(&store, "ben").await;
    run(
        &url,
        r#"DELETE FROM sessions WHERE "userId" = 1; DELETE FROM accounts WHERE "userId" = 1"#,
    )
    .await;
    let before_ben_ends = NOW - Duration::hours(1);
    let began_later = store.sweep(Perishable::Sessions, before_ben_ends, 100).await.unwrap();
    assert_eq!(began_later, 0, "nobody's session ended");
    let left = r#"SELECT concat((SELECT count(*) FROM auth_sessions), ' ', (SELECT count(*) FROM auth_accounts))"#;
    assert_eq!(ask(&url, left).await, "2 1");
    assert_eq!(store.sweep(Perishable::Sessions, NOW, 100).await.unwrap(), 1);
    assert_eq!(ask(&url, left).await, "0 1");
}

#[tokio::test]
async fn the_keys_that_the_book_offers_stop_a_second_writer() {
    let Some(url) = url_after(PG_ADAPTER).await else { return };
    run(&url, offered_keys()).await;
    let store = on(Layout::pg_adapter()).connect(&url).await.unwrap();
    let ada = sign_up(&store, "ada").await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    for again in [
        r#"INSERT INTO users (email) SELECT email FROM users"#,
        r#"INSERT INTO accounts ("userId", type, provider, "providerAccountId") SELECT "userId", type, provider, "providerAccountId" FROM accounts"#,
        r#"INSERT INTO sessions ("userId", expires, "sessionToken") SELECT "userId", expires, "sessionToken" FROM sessions"#,
    ] {
        let refused = raw_sql(again).execute(&mut connection).await.unwrap_err();
        assert!(refused.as_database_error().unwrap().is_unique_violation(), "{again}");
    }
    assert!(store.delete_user(&ada.id, &[]).await.unwrap());
}

/// The statements of the page about the schema.
fn offered_keys() -> &'static str {
    let page = include_str!("../../../docs/src/reference/schema.md");
    page.split_once("```sql").unwrap().1.split_once("```").unwrap().0
}

#[tokio::test]
async fn a_session_is_read_by_one_message_on_a_connection_that_is_kept() {
    let Some(url) = url_after("").await else { return };
    let named = format!("{url}&application_name=kept");
    let store = SqlStore::options().connections(4).connect(&named).await.unwrap();
    sign_up(&store, "ada").await;
    let token = StoredToken::hashed("ada");
    for _ in 0..600 {
        assert!(store.session(&token).await.unwrap().is_some());
    }
    // Whoever is cut off asks on another one, and nobody notices.
    for _ in 0..3 {
        let cut = r#"SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity
                     WHERE application_name = 'kept'"#;
        assert_ne!(ask(&url, cut).await, "0");
        assert!(store.session(&token).await.unwrap().is_some());
    }
    // All of them are there for the application, and closing waits for none.
    let pool = store.pg_pool().unwrap();
    let mut all = Vec::new();
    for _ in 0..2 {
        all.push(pool.acquire().await.unwrap());
    }
    assert!(store.session(&token).await.unwrap().is_some());
    drop(all);
    let closed = tokio::time::timeout(std::time::Duration::from_secs(20), pool.close()).await;
    closed.expect("a connection that is kept is waited for");
    assert!(store.session(&token).await.is_err());
}

#[test]
fn a_store_may_go_after_its_runtime() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let store = runtime.block_on(async {
        let url = url_after("").await?;
        let store = SqlStore::connect(&url).await.unwrap();
        assert!(store.session(&StoredToken::hashed("nobody")).await.unwrap().is_none());
        Some(store)
    });
    drop(runtime);
    drop(store);
}
