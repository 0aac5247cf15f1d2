//! A database that Prisma made is adopted as it stands, or refused by a sentence that says what does not fit.

use betancourt_auth::store::{AccountStore, SessionStore, Store, UserStore};
use betancourt_auth::{AccountKey, StoredToken, UserId};
use betancourt_auth_sqlx::{Misfit, OpenError, SqlStore};
use sqlx::{Connection, SqliteConnection, query_as, query_scalar};
use time::macros::datetime;

use crate::database;
use crate::layouts::DEFAULT_SQLITE;

const ADA: &str = "cm3old0000000000000000001";
const TOKEN_OF_ADA: &str = "4f9c2a52-6f5e-4a0a-9d1f-0a3c5b7d9e11";
const TOKEN_OF_BEN: &str = "zzzzzzzz-text-as-some-drivers-write-it";

/// The address of a database that Prisma made, changed by some more statements.
async fn made_by_prisma(changes: &str) -> String {
    database::url_after(&format!("{DEFAULT_SQLITE}\n{changes}")).await
}

async fn connection(url: &str) -> SqliteConnection {
    SqliteConnection::connect(url).await.unwrap()
}

/// The tables and indexes of a database, with their definitions.
pub(crate) async fn schema(url: &str) -> Vec<(String, String)> {
    let question = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*' ORDER BY name";
    query_as(question).fetch_all(&mut connection(url).await).await.unwrap()
}

#[tokio::test]
async fn people_accounts_and_sessions_are_taken_over() {
    let store = SqlStore::connect(&made_by_prisma("").await).await.unwrap();

    let ada = store.user_by_email("ada@example.com").await.unwrap().unwrap();
    assert_eq!((ada.id.as_str(), ada.role.as_str()), (ADA, "ADMIN"));
    assert_eq!(ada.email_verified, Some(datetime!(2025-11-26 02:00:00.123 UTC)));
    let ben = store.user_by_email("ben@example.com").await.unwrap().unwrap();
    assert_eq!(ben.email_verified, Some(datetime!(2025-11-26 02:00:00.456 UTC)));

    let (account, owner) =
        store.candidates(&AccountKey::new("google", "1042"), None).await.unwrap().account.unwrap();
    assert_eq!(owner, ada);
    assert_eq!(account.tokens.access_token.unwrap().expose(), "access-in-clear");
    assert_eq!((account.details.linked_at, account.details.claims.len()), (None, 0));

    let session = store.session(&StoredToken::hashed(TOKEN_OF_ADA)).await.unwrap().unwrap();
    assert_eq!((session.user, session.expires), (ada, datetime!(2033-05-18 03:33:19.123 UTC)));
    assert!(session.details.is_none());
}

#[tokio::test]
async fn the_tables_of_auth_js_stay_as_they_were() {
    let url = made_by_prisma("").await;
    let before = schema(&url).await;
    SqlStore::connect(&url).await.unwrap();
    let after = schema(&url).await;
    let unchanged: Vec<_> =
        after.iter().filter(|(name, _)| before.iter().any(|(known, _)| known == name)).collect();
    assert_eq!(unchanged, before.iter().collect::<Vec<_>>());

    let added: Vec<_> = after
        .iter()
        .filter(|table| !before.contains(table))
        .map(|(name, _)| name.as_str())
        .collect();
    assert!(
        added
            .iter()
            .all(|name| name.starts_with("auth_") || *name == "_betancourt_auth_migrations"),
        "{added:?}"
    );
}

#[tokio::test]
async fn a_new_database_has_what_prisma_would_make() {
    let (adopted, new) = (made_by_prisma("").await, database::url_of("new"));
    SqlStore::connect(&new).await.unwrap();
    for table in ["users", "accounts", "sessions", "verification_tokens"] {
        for question in [
            r#"SELECT "name" || ' ' || "type" || ' ' || "notnull" || ' ' || "pk" || ' ' || COALESCE("dflt_value", '-')
                FROM pragma_table_info($1) ORDER BY "cid""#,
            r#"SELECT "name" || ' ' || "unique" FROM pragma_index_list($1) WHERE "origin" = 'c' ORDER BY "name""#,
            r#"SELECT "table" || ' ' || "from" || ' ' || "to" || ' ' || "on_delete" || ' ' || "on_update"
                FROM pragma_foreign_key_list($1)"#,
        ] {
            let expected: Vec<String> = query_scalar(question)
                .bind(table)
                .fetch_all(&mut connection(&adopted).await)
                .await
                .unwrap();
            let made: Vec<String> = query_scalar(question)
                .bind(table)
                .fetch_all(&mut connection(&new).await)
                .await
                .unwrap();
            assert_eq!(made, expected);
        }
    }
}

#[tokio::test]
async fn plain_session_tokens_are_hashed_in_place() {
    let url = made_by_prisma("").await;
    let store = SqlStore::connect(&url).await.unwrap();
    let question = r#"SELECT "sessionToken", typeof("expires") FROM "sessions" ORDER BY "id""#;
    let stored: Vec<(String, String)> =
        query_as(question).fetch_all(&mut connection(&url).await).await.unwrap();
    let expected =
        [TOKEN_OF_ADA, TOKEN_OF_BEN].map(|token| StoredToken::hashed(token).as_str().to_owned());
    assert_eq!(stored, expected.map(|token| (token, "integer".to_owned())));

    for token in [TOKEN_OF_ADA, TOKEN_OF_BEN] {
        assert!(
            store.session(&StoredToken::from_stored(token)).await.unwrap().is_none(),
            "a stolen table opens sessions"
        );
    }
    let later = datetime!(2033-06-18 00:00 UTC);
    assert!(store.extend(&StoredToken::hashed(TOKEN_OF_BEN), later).await.unwrap());
    assert_eq!(
        store.session(&StoredToken::hashed(TOKEN_OF_BEN)).await.unwrap().unwrap().expires,
        later
    );
}

#[tokio::test]
async fn more_tokens_than_a_batch_are_hashed_and_none_twice() {
    let url = made_by_prisma(
        r#"WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 1234)
        INSERT INTO "sessions" SELECT 'id-' || n, 'token-' || n, 'cm3old0000000000000000001', 1999999999123 FROM number;"#,
    )
    .await;
    let store = SqlStore::connect(&url).await.unwrap();
    for number in [1, 500, 501, 1234] {
        assert!(
            store
                .session(&StoredToken::hashed(&format!("token-{number}")))
                .await
                .unwrap()
                .is_some()
        );
    }
    let question = r#"SELECT "sessionToken" FROM "sessions" ORDER BY "id""#;
    let first: Vec<String> =
        query_scalar(question).fetch_all(&mut connection(&url).await).await.unwrap();
    assert!(first.iter().all(|token| token.starts_with("s256:")));
    store.migrate().await.unwrap();
    let second: Vec<String> =
        query_scalar(question).fetch_all(&mut connection(&url).await).await.unwrap();
    assert_eq!(first, second);
}

#[tokio::test]
async fn an_adopted_user_is_deleted_with_all_that_is_theirs() {
    let store = SqlStore::connect(&made_by_prisma("").await).await.unwrap();
    assert!(store.delete_user(&UserId::new(ADA), &[]).await.unwrap());
    assert!(store.session(&StoredToken::hashed(TOKEN_OF_ADA)).await.unwrap().is_none());
    assert!(
        store.candidates(&AccountKey::new("google", "1042"), None).await.unwrap().account.is_none()
    );
}

#[tokio::test]
async fn what_the_application_added_is_left_alone() {
    let url = made_by_prisma(
        r#"ALTER TABLE "users" ADD COLUMN "phone" TEXT;
        ALTER TABLE "users" ADD COLUMN "plan" TEXT NOT NULL DEFAULT 'free';
        ALTER TABLE "accounts" DROP COLUMN "id_token";
        ALTER TABLE "accounts" ADD COLUMN "id_token" VARCHAR(10);
        CREATE TABLE "_sqlx_migrations" ("version" BIGINT PRIMARY KEY, "what" TEXT NOT NULL);
        INSERT INTO "_sqlx_migrations" VALUES (1, 'the application''s own');"#,
    )
    .await;
    SqlStore::connect(&url).await.unwrap().ping().await.unwrap();
    let question = r#"SELECT "what" FROM "_sqlx_migrations""#;
    let own: Vec<String> =
        query_scalar(question).fetch_all(&mut connection(&url).await).await.unwrap();
    assert_eq!(own, ["the application's own"]);
}

#[tokio::test]
async fn a_table_that_does_not_fit_is_refused_by_name() {
    let remade = |table: &str, columns: &str| {
        format!(
            r#"PRAGMA foreign_keys = OFF; DROP TABLE "{table}"; CREATE TABLE "{table}" ({columns});"#
        )
    };
    let of_user = r#"REFERENCES "users" ("id") ON DELETE CASCADE"#;
    for (changes, sentence) in [
        (
            r#"ALTER TABLE "sessions" RENAME COLUMN "sessionToken" TO "session_token";"#.to_owned(),
            "the table `sessions` cannot be adopted: its column `sessionToken` is missing",
        ),
        (
            remade("sessions", &format!(r#"id INTEGER PRIMARY KEY, sessionToken TEXT, userId TEXT {of_user}, expires DATETIME"#)),
            "the table `sessions` cannot be adopted: its column `id` is declared `INTEGER`, which does not hold texts",
        ),
        (
            remade("sessions", &format!(r#"id TEXT PRIMARY KEY, sessionToken TEXT, userId TEXT {of_user}, expires TEXT"#)),
            "the table `sessions` cannot be adopted: its column `expires` is declared `TEXT`, which does not hold moments",
        ),
        (
            remade("sessions", r#"id TEXT PRIMARY KEY, sessionToken TEXT, userId TEXT REFERENCES users (id), expires DATETIME"#),
            "the table `sessions` cannot be adopted: its column `userId` does not refer to users with ON DELETE CASCADE",
        ),
        (
            r#"ALTER TABLE "users" DROP COLUMN "name"; ALTER TABLE "users" ADD COLUMN "name" TEXT NOT NULL DEFAULT '';"#.to_owned(),
            "the table `users` cannot be adopted: its column `name` is NOT NULL, and not everybody has a value for it",
        ),
        (
            remade("verification_tokens", "identifier TEXT, token TEXT, expires DATETIME, tenant TEXT NOT NULL"),
            "the table `verification_tokens` cannot be adopted: its column `tenant` is NOT NULL without a default, and a sign-in does not know a value for it: give the column a default",
        ),
    ] {
        let url = made_by_prisma(&changes).await;
        let before = schema(&url).await;
        let error = SqlStore::connect(&url).await.unwrap_err();
        assert_eq!(error.to_string(), sentence);
        assert_eq!(schema(&url).await, before, "a refusal changes nothing");
    }
}

#[tokio::test]
async fn a_misfit_can_be_told_by_code() {
    let url = made_by_prisma(r#"ALTER TABLE "accounts" DROP COLUMN "scope";"#).await;
    let error = SqlStore::connect(&url).await.unwrap_err();
    let OpenError::Misfit { table, column, misfit } = error else { panic!("{error}") };
    assert_eq!((table.as_str(), column.as_str(), misfit), ("accounts", "scope", Misfit::Missing));
}
