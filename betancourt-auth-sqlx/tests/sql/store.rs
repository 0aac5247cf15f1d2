//! SQLite, in a file and in memory, MySQL and PostgreSQL, also the oldest and the newest one, keep every promise of a store.

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

mod oldest_postgres {
    use betancourt_auth_sqlx::SqlStore;

    use crate::database::versions::oldest_after;

    betancourt_auth::store_conformance!({
        let Some(url) = oldest_after("").await else { return };
        SqlStore::connect(&url).await.unwrap()
    });
}

mod newest_postgres {
    use betancourt_auth_sqlx::SqlStore;

    use crate::database::versions::newest_after;

    betancourt_auth::store_conformance!({
        let Some(url) = newest_after("").await else { return };
        SqlStore::connect(&url).await.unwrap()
    });
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
