//! Makes the tables or adopts those of Auth.js, all at once.

use sqlx::{PgPool, query};

use super::{fit, lock};
use crate::error::{OpenError, not_migrated};
use crate::layout::Layout;
use crate::migrations::{AUTH_JS, Script, apply};

const SCRIPTS: [Script; 4] = [
    Script {
        version: AUTH_JS,
        name: "auth js",
        text: include_str!("../../migrations/postgres/0000_auth_js.sql"),
    },
    Script {
        version: 1,
        name: "auth",
        text: include_str!("../../migrations/postgres/0001_auth.sql"),
    },
    Script {
        version: 2,
        name: "session origins",
        text: include_str!("../../migrations/postgres/0002_session_origins.sql"),
    },
    Script {
        version: 3,
        name: "deletions",
        text: include_str!("../../migrations/postgres/0003_deletions.sql"),
    },
];

/// In one transaction, so that of several processes that start at once one migrates and the others find it done.
pub(super) async fn migrate(pool: &PgPool, layout: &Layout) -> Result<(), OpenError> {
    let mut transaction = pool.begin().await.map_err(not_migrated)?;
    let alone = query("SELECT pg_advisory_xact_lock($1)").bind(lock::of_migrations());
    alone.execute(&mut *transaction).await.map_err(not_migrated)?;
    fit::check(&mut transaction, layout).await?;
    apply(&mut *transaction, layout, &SCRIPTS).await.map_err(not_migrated)?;
    transaction.commit().await.map_err(not_migrated)
}
