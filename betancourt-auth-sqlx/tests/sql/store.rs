//! SQLite, in a file and in memory, MySQL and PostgreSQL keep every promise of a store.

mod file {
    use betancourt_auth_sqlx::SqlStore;

    betancourt_auth::store_conformance!(SqlStore::connect(&crate::database::url()).await.unwrap());
}

mod memory {
    use betancourt_auth_sqlx::SqlStore;

    betancourt_auth::store_conformance!(SqlStore::connect("sqlite::memory:").await.unwrap());
}

mod mysql {
    use betancourt_auth_sqlx::SqlStore;

    use crate::database;

    betancourt_auth::store_conformance!({
        let Some(url) = database::mysql::url_after("").await else { return };
        SqlStore::connect(&url).await.unwrap()
    });
}

mod postgres {
    use betancourt_auth_sqlx::SqlStore;

    use crate::database;

    betancourt_auth::store_conformance!({
        let Some(url) = database::postgres::url_after("").await else { return };
        SqlStore::connect(&url).await.unwrap()
    });
}
