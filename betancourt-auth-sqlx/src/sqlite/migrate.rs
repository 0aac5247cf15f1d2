//! Makes the tables or adopts those of Auth.js, all at once.

use sqlx::SqlitePool;

use super::fit;
use crate::error::{OpenError, not_migrated};
use crate::layout::{Ids, Layout};
use crate::migrations::{AUTH_JS, Script, apply};

const SCRIPTS: [Script; 7] = [
    Script {
        version: AUTH_JS,
        name: "auth js",
        text: include_str!("../../migrations/sqlite/0000_auth_js.sql"),
    },
    Script {
        version: 1,
        name: "auth",
        text: include_str!("../../migrations/sqlite/0001_auth.sql"),
    },
    Script {
        version: 2,
        name: "sealed sessions",
        text: include_str!("../../migrations/sqlite/0002_sealed_sessions.sql"),
    },
    Script {
        version: 3,
        name: "account pages",
        text: include_str!("../../migrations/sqlite/0003_account_pages.sql"),
    },
    Script {
        version: 4,
        name: "roles",
        text: include_str!("../../migrations/sqlite/0004_roles.sql"),
    },
    Script {
        version: 5,
        name: "session origins",
        text: include_str!("../../migrations/sqlite/0005_session_origins.sql"),
    },
    Script {
        version: 6,
        name: "deletions",
        text: include_str!("../../migrations/sqlite/0006_deletions.sql"),
    },
];

/// In one transaction, so that of several processes that start at once one migrates and the others find it done.
pub(super) async fn migrate(pool: &SqlitePool, layout: &Layout) -> Result<(), OpenError> {
    if layout.ids == Ids::Serial {
        return Err(OpenError::SerialIds);
    }
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await.map_err(not_migrated)?;
    fit::check(&mut transaction, layout).await?;
    apply(&mut *transaction, layout, &SCRIPTS).await.map_err(not_migrated)?;
    transaction.commit().await.map_err(not_migrated)
}
