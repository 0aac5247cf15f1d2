//! SQLite, in a file and in memory, MySQL and PostgreSQL keep every promise of a store.

mod file {
    use betancourt_auth_sqlx::SqlStore;

    use crate::database::url;

    betancourt_auth::store_conformance!(
        SqlStore::connect(&url()).await.unwrap();
        |crash| SqlStore::options().crash_points(&crash).connect(&url()).await.unwrap()
    );
}

mod memory {
    use betancourt_auth_sqlx::SqlStore;

    const MEMORY: &str = "sqlite::memory:";

    betancourt_auth::store_conformance!(
        SqlStore::connect(MEMORY).await.unwrap();
        |crash| SqlStore::options().crash_points(&crash).connect(MEMORY).await.unwrap()
    );
}

mod mysql {
    use betancourt_auth_sqlx::SqlStore;

    use crate::database::mysql::url_after;

    betancourt_auth::store_conformance!(
        {
            let Some(url) = url_after("").await else { return };
            SqlStore::connect(&url).await.unwrap()
        };
        |crash| {
            let Some(url) = url_after("").await else { return };
            SqlStore::options().crash_points(&crash).connect(&url).await.unwrap()
        }
    );
}

mod postgres {
    use betancourt_auth_sqlx::SqlStore;

    use crate::database::postgres::url_after;

    betancourt_auth::store_conformance!(
        {
            let Some(url) = url_after("").await else { return };
            SqlStore::connect(&url).await.unwrap()
        };
        |crash| {
            let Some(url) = url_after("").await else { return };
            SqlStore::options().crash_points(&crash).connect(&url).await.unwrap()
        }
    );
}
