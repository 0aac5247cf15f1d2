//! Makes the tables or adopts those of Auth.js, all at once.

use sqlx::{AssertSqlSafe, Postgres, Transaction, query, raw_sql};

use super::{PostgresDatabase, fit, lock};
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
    Script {
        version: 5,
        name: "history",
        text: include_str!("../../migrations/postgres/0005_history.sql"),
    },
    Script {
        version: 6,
        name: "suspensions",
        text: include_str!("../../migrations/postgres/0006_suspensions.sql"),
    },
];

/// What takes each of them back.
const BACK: &[(i64, &str)] = &[
    (1, include_str!("../../migrations/postgres/reverse/0001_auth.sql")),
    (2, include_str!("../../migrations/postgres/reverse/0002_session_origins.sql")),
    (3, include_str!("../../migrations/postgres/reverse/0003_deletions.sql")),
    (4, include_str!("../../migrations/postgres/reverse/0004_actors.sql")),
    (5, include_str!("../../migrations/postgres/reverse/0005_history.sql")),
    (6, include_str!("../../migrations/postgres/reverse/0006_suspensions.sql")),
];

const SCRIPTS: Scripts = Scripts { forth: FORTH, back: BACK };

/// In one transaction, so that of several processes that start at once one migrates and the others find it done.
pub(super) async fn migrate(on: &PostgresDatabase, layout: &Layout) -> Result<(), OpenError> {
    let mut transaction = alone(on).await?;
    fit::check(&mut transaction, layout).await?;
    migrations::apply(&mut *transaction, layout, &SCRIPTS).await?;
    transaction.commit().await.map_err(not_migrated)
}

/// Every script, and what became of it. Nothing is left of the history that is made for the question.
pub(super) async fn status(
    on: &PostgresDatabase,
    layout: &Layout,
) -> Result<Vec<Migration>, OpenError> {
    let mut transaction = alone(on).await?;
    migrations::status(&mut *transaction, layout, &SCRIPTS).await
}

/// Takes the scripts back that are newer than a version, and with the first of ours the history.
pub(super) async fn revert(
    on: &PostgresDatabase,
    layout: &Layout,
    version: i64,
) -> Result<(), OpenError> {
    let mut transaction = alone(on).await?;
    migrations::revert(&mut *transaction, layout, &SCRIPTS, version).await?;
    if version <= AUTH_JS {
        let history = query(AssertSqlSafe(format!("DROP TABLE {HISTORY}")));
        history.execute(&mut *transaction).await.map_err(not_migrated)?;
    }
    transaction.commit().await.map_err(not_migrated)
}

/// A transaction that migrates while no other one does. Its statements have names, as sqlx gives them; behind a pooler
/// those of somebody who migrated before may still be there.
async fn alone(on: &PostgresDatabase) -> Result<Transaction<'static, Postgres>, OpenError> {
    let mut transaction = on.pool.begin().await.map_err(not_migrated)?;
    if on.is_behind_pooler {
        let none = raw_sql("DEALLOCATE ALL").execute(&mut *transaction).await;
        none.map_err(not_migrated)?;
    }
    let alone = query("SELECT pg_advisory_xact_lock($1)").bind(lock::of_migrations());
    alone.execute(&mut *transaction).await.map_err(not_migrated)?;
    Ok(transaction)
}
