//! Scripts forth and back, step by step: what one of them does, its reverse takes back to the last byte.

use betancourt_auth_sqlx::{Migration, MigrationState, OpenError, SqlStore};

use crate::database::on::On;
use crate::layouts::{DEFAULT_MYSQL, DEFAULT_POSTGRES, DEFAULT_SQLITE};

/// Each kind of database that is there, after Prisma made its tables.
async fn each() -> Vec<On> {
    On::each(DEFAULT_MYSQL, DEFAULT_POSTGRES, DEFAULT_SQLITE).await
}

fn states(migrations: &[Migration]) -> Vec<MigrationState> {
    migrations.iter().map(|migration| migration.state).collect()
}

#[tokio::test]
async fn each_script_is_taken_back_to_the_last_byte() {
    for on in each().await {
        let store = SqlStore::open(on.url()).await.unwrap();
        let scripts = store.migrations().await.unwrap();
        let mut before = Vec::new();
        for script in &scripts {
            before.push(on.schema().await);
            on.run(&script.up).await;
        }
        assert_ne!(before.first(), before.last());
        for (script, before) in scripts.iter().zip(before).rev() {
            let Some(down) = &script.down else { continue };
            on.run(down).await;
            assert_eq!(on.schema().await, before, "after {} ({})", script.version, script.name);
        }
    }
}

#[tokio::test]
async fn all_of_ours_goes_and_comes_again() {
    for on in each().await {
        let before = on.schema().await;
        let store = SqlStore::connect(on.url()).await.unwrap();
        let made = on.schema().await;
        let scripts = store.migrations().await.unwrap();
        assert!(states(&scripts).iter().all(|state| *state == MigrationState::Applied));

        store.revert(1).await.unwrap();
        let states = states(&store.migrations().await.unwrap());
        assert_eq!(states[..2], [MigrationState::Applied; 2]);
        assert!(states[2..].iter().all(|state| *state == MigrationState::Pending));
        store.migrate().await.unwrap();
        assert_eq!(on.schema().await, made);

        store.revert(0).await.unwrap();
        assert_eq!(on.schema().await, before);
        let scripts = store.migrations().await.unwrap();
        assert!(scripts.iter().all(|script| script.state == MigrationState::Pending));
        assert_eq!(on.schema().await, before, "a question changes nothing");
    }
}

#[tokio::test]
async fn a_script_that_was_another_one_stops_the_start() {
    for on in each().await {
        SqlStore::connect(on.url()).await.unwrap();
        let store = SqlStore::connect(on.url()).await.unwrap();
        on.run("UPDATE _betancourt_auth_migrations SET checksum = 'another' WHERE version = 1")
            .await;
        let error = SqlStore::connect(on.url()).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the script 1 (auth) was run in another form before: in another layout, or by another version"
        );
        assert!(matches!(error, OpenError::ChangedMigration { version: 1, .. }));
        assert!(matches!(store.revert(0).await, Err(OpenError::ChangedMigration { .. })));
        let states = states(&store.migrations().await.unwrap());
        assert_eq!(states[..2], [MigrationState::Applied, MigrationState::Changed]);
    }
}

#[tokio::test]
async fn every_script_of_ours_has_a_way_back() {
    for on in each().await {
        let scripts = SqlStore::open(on.url()).await.unwrap().migrations().await.unwrap();
        let one_way: Vec<_> = scripts.iter().filter(|script| script.down.is_none()).collect();
        assert!(one_way.iter().all(|script| script.version == 0), "{one_way:?}");
    }
}
