//! Databases as other tools make them, and the promises of a store on their tables.

use betancourt_auth_sqlx::{Ids, Layout, SqlOptions, SqlStore};

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

/// The tables of Prisma for models whose ids are `Int @default(autoincrement())`.
pub(crate) fn numbered_mysql() -> String {
    PRISMA_MYSQL
        .replace("`id` VARCHAR(191) NOT NULL", "`id` INTEGER NOT NULL AUTO_INCREMENT")
        .replace("`userId` VARCHAR(191)", "`userId` INTEGER")
}

/// The same on PostgreSQL.
pub(crate) fn numbered_postgres() -> String {
    PRISMA_POSTGRES
        .replace(r#""id" TEXT NOT NULL"#, r#""id" SERIAL NOT NULL"#)
        .replace(r#""userId" TEXT"#, r#""userId" INTEGER"#)
}

/// The same on SQLite, with numbers for accounts and sessions, too.
pub(crate) fn numbered_sqlite() -> String {
    PRISMA_WITH_ROW_IDS_SQLITE
        .replace(
            r#""id" TEXT NOT NULL PRIMARY KEY"#,
            r#""id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT"#,
        )
        .replace(r#""userId" TEXT"#, r#""userId" INTEGER"#)
}

/// A layout in which all ids are numbers: those of accounts and sessions are for the database to give.
pub(crate) fn numbered(mut layout: Layout) -> Layout {
    layout.ids = Ids::Serial;
    layout.accounts.row_id = None;
    layout.sessions.row_id = None;
    layout
}

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

mod numbers_on_mysql {
    use super::{Layout, database, numbered, numbered_mysql, on};

    betancourt_auth::store_conformance!({
        let Some(url) = database::mysql::url_telling_apart(&numbered_mysql()).await else { return };
        on(numbered(Layout::prisma())).connect(&url).await.unwrap()
    });
}

mod numbers_on_postgres {
    use super::{Layout, database, numbered, numbered_postgres, on};

    betancourt_auth::store_conformance!({
        let Some(url) = database::postgres::url_after(&numbered_postgres()).await else { return };
        on(numbered(Layout::prisma())).connect(&url).await.unwrap()
    });
}

mod numbers_on_sqlite {
    use super::{Layout, database, numbered, numbered_sqlite, on};

    betancourt_auth::store_conformance!({
        let url = database::url_after(&numbered_sqlite()).await;
        on(numbered(Layout::prisma_with_row_ids())).connect(&url).await.unwrap()
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
