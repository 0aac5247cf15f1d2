//! Databases as other tools make them, and the promises of a store on their tables.

use betancourt_auth_sqlx::{Layout, SqlOptions, SqlStore};

use crate::database;

pub(crate) const DEFAULT_MYSQL: &str = include_str!("default_mysql.sql");
pub(crate) const DEFAULT_POSTGRES: &str = include_str!("default_postgres.sql");
pub(crate) const DEFAULT_SQLITE: &str = include_str!("default_sqlite.sql");
pub(crate) const DRIZZLE_MYSQL: &str = include_str!("drizzle_mysql.sql");
pub(crate) const DRIZZLE_POSTGRES: &str = include_str!("drizzle_postgres.sql");
pub(crate) const DRIZZLE_SQLITE: &str = include_str!("drizzle_sqlite.sql");
pub(crate) const PG_ADAPTER: &str = include_str!("pg_adapter.sql");
pub(crate) const PRISMA_MYSQL: &str = include_str!("prisma_mysql.sql");
pub(crate) const PRISMA_POSTGRES: &str = include_str!("prisma_postgres.sql");
pub(crate) const PRISMA_WITH_ROW_IDS_SQLITE: &str = include_str!("prisma_with_row_ids_sqlite.sql");

/// What the tables of Drizzle on MySQL want changed, so that tokens that are sealed fit, and moments are kept whole.
pub(crate) const ROOM_IN_DRIZZLE_MYSQL: &str = "
    ALTER TABLE `user` MODIFY `emailVerified` datetime(3);
    ALTER TABLE `account` MODIFY `refresh_token` text, MODIFY `access_token` text, MODIFY `id_token` text;
    ALTER TABLE `session` MODIFY `expires` datetime(3) NOT NULL;
    ALTER TABLE `verificationToken` MODIFY `expires` datetime(3) NOT NULL;";

/// How a store is opened on tables of some layout.
pub(crate) fn on(layout: Layout) -> SqlOptions {
    SqlStore::options().layout(layout)
}

mod drizzle_on_mysql {
    use super::{DRIZZLE_MYSQL, Layout, ROOM_IN_DRIZZLE_MYSQL, database, on};

    betancourt_auth::store_conformance!({
        let tables = [DRIZZLE_MYSQL, ROOM_IN_DRIZZLE_MYSQL].concat();
        let Some(url) = database::mysql::url_telling_apart(&tables).await else { return };
        on(Layout::drizzle()).connect(&url).await.unwrap()
    });
}

mod drizzle_on_postgres {
    use super::{DRIZZLE_POSTGRES, Layout, database, on};

    betancourt_auth::store_conformance!({
        let Some(url) = database::postgres::url_after(DRIZZLE_POSTGRES).await else { return };
        on(Layout::drizzle()).connect(&url).await.unwrap()
    });
}

mod drizzle_on_sqlite {
    use super::{DRIZZLE_SQLITE, Layout, database, on};

    betancourt_auth::store_conformance!({
        let url = database::url_after(DRIZZLE_SQLITE).await;
        on(Layout::drizzle()).connect(&url).await.unwrap()
    });
}

mod pg_adapter {
    use super::{Layout, PG_ADAPTER, database, on};

    betancourt_auth::store_conformance!({
        let Some(url) = database::postgres::url_after(PG_ADAPTER).await else { return };
        on(Layout::pg_adapter()).connect(&url).await.unwrap()
    });
}

mod prisma {
    use super::{Layout, PRISMA_POSTGRES, database, on};

    betancourt_auth::store_conformance!({
        let Some(url) = database::postgres::url_after(PRISMA_POSTGRES).await else { return };
        on(Layout::prisma()).connect(&url).await.unwrap()
    });
}

mod prisma_on_mysql {
    use super::{Layout, PRISMA_MYSQL, database, on};

    betancourt_auth::store_conformance!({
        let Some(url) = database::mysql::url_telling_apart(PRISMA_MYSQL).await else { return };
        on(Layout::prisma()).connect(&url).await.unwrap()
    });
}

mod prisma_with_row_ids {
    use super::{Layout, PRISMA_WITH_ROW_IDS_SQLITE, database, on};

    betancourt_auth::store_conformance!({
        let url = database::url_after(PRISMA_WITH_ROW_IDS_SQLITE).await;
        on(Layout::prisma_with_row_ids()).connect(&url).await.unwrap()
    });
}
