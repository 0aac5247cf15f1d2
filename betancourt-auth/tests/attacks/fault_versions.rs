//! Old and new servers on one schema, and migrations that do not come to their end.

use betancourt_auth_dev::Face;
use betancourt_auth_sqlx::MigrationState;

use crate::support::{Browser, Ground, Town, singer};

/// What a release would add that is newer than any of ours: a column that may be empty, a table, its row in the history.
const NEWER: &str = r#"
    ALTER TABLE "auth_sessions" ADD COLUMN "newer" TEXT;
    CREATE TABLE "auth_newer" ("id" BIGINT NOT NULL PRIMARY KEY);
    INSERT INTO "_betancourt_auth_migrations" ("version", "description", "success", "checksum", "execution_time")
    VALUES (1000, 'newer', {true}, {nothing}, 0);"#;

/// While servers are replaced one by one, old and new ones serve side by side: each way in works at each of them, and
/// sessions survive. What broke off is finished by whoever comes next.
pub(crate) async fn fault_09_two_versions_on_one_schema(ground: Ground) {
    let Some(mut town) = Town::start(ground, 2, 8).await else { return };
    let mut old = town.signed_in(Face::Google, &singer(Face::Google, 0)).await;

    // The schema of the release before, and then a server that brings it up to date while another one serves.
    let scripts = town.books.store().migrations().await.unwrap();
    let newest = scripts.iter().map(|script| script.version).max().unwrap();
    town.books.store().revert(newest - 1).await.unwrap();
    let pending = town.books.store().migrations().await.unwrap();
    assert_eq!(pending.last().unwrap().state, MigrationState::Pending);
    town.kill(1);
    town.restart(1).await;
    let applied = town.books.store().migrations().await.unwrap();
    assert!(applied.iter().all(|script| script.state == MigrationState::Applied), "{applied:?}");
    smoke(&town, &mut old, 2).await;

    // The first server is the old one now: it serves on what a newer one made, and starts on it.
    let (yes, nothing) = match ground {
        Ground::Postgres => ("TRUE", "''::bytea"),
        Ground::Sqlite | Ground::Sealed | Ground::Mysql | Ground::Redis => ("1", "''"),
    };
    town.books.run(&NEWER.replace("{true}", yes).replace("{nothing}", nothing)).await;
    smoke(&town, &mut old, 3).await;
    town.kill(0);
    town.restart(0).await;
    smoke(&town, &mut old, 4).await;
    town.books.assert_sound().await;
}

/// A sign-up, a sign-in, a link and a sign-out, each begun at one server and ended at the other.
async fn smoke(town: &Town, old: &mut Browser, number: usize) {
    for door in [0, 1] {
        old.door = door;
        assert!(old.who().await.is_some(), "the session survives");
    }
    let google = singer(Face::Google, number);
    for _ in 0..2 {
        let mut browser = town.browser();
        let callback = browser.begin_as(Face::Google, &google).await;
        browser.door = 1;
        browser.follow(&callback).await.assert_welcome();
        browser.door = 0;
        browser.submit("/auth/signout", &[]).await;
        browser.door = 1;
        assert_eq!(browser.who().await, None);
    }
    let mut browser = town.signed_in(Face::Google, &google).await;
    let callback = browser.begin_as(Face::Facebook, &singer(Face::Facebook, number)).await;
    browser.door = 1;
    browser.follow(&callback).await.assert_welcome();
}

/// A server is killed in the midst of its migration, which waits there for somebody who reads a table: the next one
/// finishes it, nothing is there twice, and sessions survive.
pub(crate) async fn fault_09_a_migration_that_is_killed(ground: Ground) {
    let Some(mut town) = Town::start(ground, 1, 1).await else { return };
    let mut browser = town.signed_in(Face::Google, &singer(Face::Google, 0)).await;
    let schema = town.books.store().migrations().await.unwrap();
    town.books.store().revert(1).await.unwrap();
    let reader = town.books.reading().await;
    town.kill_starting(async |books| books.somebody_waits().await).await;
    reader.end().await;
    assert_ne!(
        town.books.store().migrations().await.unwrap(),
        schema,
        "it was killed before its end"
    );
    town.restart(0).await;
    assert!(browser.who().await.is_some());
    assert_eq!(town.books.store().migrations().await.unwrap(), schema);
    town.signed_in(Face::Google, &singer(Face::Google, 0)).await;
    town.books.assert_sound().await;
}
