//! Makes the tables or adopts those of Auth.js, all at once.

use sqlx::{AssertSqlSafe, Sqlite, SqlitePool, Transaction, query};

use super::fit;
use crate::error::{OpenError, not_migrated};
use crate::layout::Layout;
use crate::migrations::{self, AUTH_JS, HISTORY, Migration, Script, Scripts};

const FORTH: &[Script] = &[
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
    Script {
        version: 7,
        name: "actors",
        text: include_str!("../../migrations/sqlite/0007_actors.sql"),
    },
    Script {
        version: 8,
        name: "history",
        text: include_str!("../../migrations/sqlite/0008_history.sql"),
    },
    Script {
        version: 9,
        name: "suspensions",
        text: include_str!("../../migrations/sqlite/0009_suspensions.sql"),
    },
];

/// What takes each of them back.
const BACK: &[(i64, &str)] = &[
    (1, include_str!("../../migrations/sqlite/reverse/0001_auth.sql")),
    (2, include_str!("../../migrations/sqlite/reverse/0002_sealed_sessions.sql")),
    (3, include_str!("../../migrations/sqlite/reverse/0003_account_pages.sql")),
    (4, include_str!("../../migrations/sqlite/reverse/0004_roles.sql")),
    (5, include_str!("../../migrations/sqlite/reverse/0005_session_origins.sql")),
    (6, include_str!("../../migrations/sqlite/reverse/0006_deletions.sql")),
    (7, include_str!("../../migrations/sqlite/reverse/0007_actors.sql")),
    (8, include_str!("../../migrations/sqlite/reverse/0008_history.sql")),
    (9, include_str!("../../migrations/sqlite/reverse/0009_suspensions.sql")),
];

const SCRIPTS: Scripts = Scripts { forth: FORTH, back: BACK };

/// In one transaction, so that of several processes that start at once one migrates and the others find it done.
pub(super) async fn migrate(pool: &SqlitePool, layout: &Layout) -> Result<(), OpenError> {
    let mut transaction = alone(pool).await?;
    fit::check(&mut transaction, layout).await?;
    migrations::apply(&mut *transaction, layout, &SCRIPTS).await?;
    transaction.commit().await.map_err(not_migrated)
}

/// Every script, and what became of it. Nothing is left of the history that is made for the question.
pub(super) async fn status(
    pool: &SqlitePool,
    layout: &Layout,
) -> Result<Vec<Migration>, OpenError> {
    let mut transaction = alone(pool).await?;
    migrations::status(&mut *transaction, layout, &SCRIPTS).await
}

/// Takes the scripts back that are newer than a version, and with the first of ours the history.
pub(super) async fn revert(
    pool: &SqlitePool,
    layout: &Layout,
    version: i64,
) -> Result<(), OpenError> {
    let mut transaction = alone(pool).await?;
    migrations::revert(&mut *transaction, layout, &SCRIPTS, version).await?;
    if version <= AUTH_JS {
        let history = query(AssertSqlSafe(format!("DROP TABLE {HISTORY}")));
        history.execute(&mut *transaction).await.map_err(not_migrated)?;
    }
    transaction.commit().await.map_err(not_migrated)
}

/// A transaction that migrates while no other one does.
async fn alone(pool: &SqlitePool) -> Result<Transaction<'static, Sqlite>, OpenError> {
    pool.begin_with("BEGIN IMMEDIATE").await.map_err(not_migrated)
}
