//! SQLite keeps every promise of a store, in a file and in memory.
#![cfg(feature = "sqlite")]

mod database;

mod file {
    betancourt_auth::store_conformance!(crate::database::fresh().await);
}

mod memory {
    use betancourt_auth_sqlx::SqlStore;

    betancourt_auth::store_conformance!(SqlStore::connect("sqlite::memory:").await.unwrap());
}
