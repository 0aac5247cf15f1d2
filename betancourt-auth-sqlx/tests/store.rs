//! SQLite keeps every promise of a store, in a file and in memory.
#![cfg(test)]

mod database;

mod file {
    use betancourt_auth_sqlx::SqlStore;

    betancourt_auth::store_conformance!(SqlStore::connect(&crate::database::url()).await.unwrap());
}

mod memory {
    use betancourt_auth_sqlx::SqlStore;

    betancourt_auth::store_conformance!(SqlStore::connect("sqlite::memory:").await.unwrap());
}
