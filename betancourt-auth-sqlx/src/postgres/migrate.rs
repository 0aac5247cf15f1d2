//! Makes the tables or adopts those of Auth.js, all at once.

use sqlx::{AssertSqlSafe, PgPool, Postgres, Transaction, query};

use super::{fit, lock};
use crate::error::{OpenError, not_migrated};
use crate::layout::Layout;
use crate::migrations::{self, AUTH_JS, HISTORY, Migration, Script, Scripts};

const FORTH: &[Script] = &[
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
    Script {
        version: 4,
        name: "actors",
        text: include_str!("../../migrations/postgres/0004_actors.sql"),
    },
];

/// What takes each of them back.
const BACK: &[(i64, &str)] = &[
    (1, include_str!("../../migrations/postgres/reverse/0001_auth.sql")),
    (2, include_str!("../../migrations/postgres/reverse/0002_session_origins.sql")),
    (3, include_str!("../../migrations/postgres/reverse/0003_deletions.sql")),
    (4, include_str!("../../migrations/postgres/reverse/0004_actors.sql")),
];

const SCRIPTS: Scripts = Scripts { forth: FORTH, back: BACK };

/// In one transaction, so that of several processes that start at once one migrates and the others find it done.
pub(super) async fn migrate(pool: &PgPool, layout: &Layout) -> Result<(), OpenError> {
    let mut transaction = alone(pool).await?;
    fit::check(&mut transaction, layout).await?;
    migrations::apply(&mut *transaction, layout, &SCRIPTS).await?;
    transaction.commit().await.map_err(not_migrated)
}

/// Every script, and what became of it. Nothing is left of the history that is made for the question.
pub(super) async fn status(pool: &PgPool, layout: &Layout) -> Result<Vec<Migration>, OpenError> {
    let mut transaction = alone(pool).await?;
    migrations::status(&mut *transaction, layout, &SCRIPTS).await
}

/// Takes the scripts back that are newer than a version, and with the first of ours the history.
pub(super) async fn revert(pool: &PgPool, layout: &Layout, version: i64) -> Result<(), OpenError> {
    let mut transaction = alone(pool).await?;
    migrations::revert(&mut *transaction, layout, &SCRIPTS, version).await?;
    if version <= AUTH_JS {
        let history = query(AssertSqlSafe(format!("DROP TABLE {HISTORY}")));
        history.execute(&mut *transaction).await.map_err(not_migrated)?;
    }
    transaction.commit().await.map_err(not_migrated)
}

/// A transaction that migrates while no other one does.
async fn alone(pool: &PgPool) -> Result<Transaction<'static, Postgres>, OpenError> {
    let mut transaction = pool.begin().await.map_err(not_migrated)?;
    let alone = query("SELECT pg_advisory_xact_lock($1)").bind(lock::of_migrations());
    alone.execute(&mut *transaction).await.map_err(not_migrated)?;
    Ok(transaction)
}
