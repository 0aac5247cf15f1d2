//! The numbers of the administrators' page, counted in the database.

use betancourt_auth::Strategy;
use sqlx::query_as;
use time::{OffsetDateTime, PrimitiveDateTime, Time};

use crate::site::Site;

/// How many there are of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// People with an account.
    pub users: i64,
    /// Sessions that have not ended. `None` where browsers keep them, sealed, and nobody can count them.
    pub active_sessions: Option<i64>,
    /// Sign-ins since midnight, UTC.
    pub sign_ins_today: i64,
}

/// Why nothing could be counted.
#[derive(Debug, thiserror::Error)]
pub enum NotCounted {
    /// The question is written for SQLite, PostgreSQL and MySQL, and the store is another database.
    #[error("the numbers can only be counted in SQLite, PostgreSQL and MySQL")]
    AnotherDatabase,
    /// The database failed.
    #[error("the numbers cannot be counted")]
    Failed(#[from] sqlx::Error),
}

/// `$1` is the present as a moment of `sessions`, `$2` the last midnight as milliseconds since 1970.
const COUNT: &str = r#"
    SELECT
        (SELECT COUNT(*) FROM "users"),
        (SELECT COUNT(*) FROM "sessions" WHERE "expires" > $1),
        (SELECT COUNT(*) FROM "auth_audit" WHERE "at" >= $2 AND "kind" IN ('signed_in', 'signed_up'))"#;

/// The same, with the quotes and placeholders of MySQL.
const COUNT_ON_MYSQL: &str = "
    SELECT
        (SELECT COUNT(*) FROM `users`),
        (SELECT COUNT(*) FROM `sessions` WHERE `expires` > ?),
        (SELECT COUNT(*) FROM `auth_audit` WHERE `at` >= ? AND `kind` IN ('signed_in', 'signed_up'))";

impl Numbers {
    /// The numbers at a moment.
    ///
    /// # Errors
    /// [`NotCounted`].
    pub async fn at(now: OffsetDateTime, site: &Site) -> Result<Self, NotCounted> {
        let midnight = milliseconds(now.replace_time(Time::MIDNIGHT));
        let (users, sessions, sign_ins_today) = if let Some(pool) = site.store.sqlite_pool() {
            query_as(COUNT).bind(milliseconds(now)).bind(midnight).fetch_one(pool).await?
        } else if let Some(pool) = site.store.pg_pool() {
            let now = PrimitiveDateTime::new(now.date(), now.time());
            query_as(COUNT).bind(now).bind(midnight).fetch_one(pool).await?
        } else if let Some(pool) = site.store.mysql_pool() {
            let now = PrimitiveDateTime::new(now.date(), now.time());
            query_as(COUNT_ON_MYSQL).bind(now).bind(midnight).fetch_one(pool).await?
        } else {
            return Err(NotCounted::AnotherDatabase);
        };
        let is_stored = site.auth.config().session.strategy == Strategy::Database;
        let active_sessions = is_stored.then_some(sessions);
        Ok(Self { users, active_sessions, sign_ins_today })
    }
}

fn milliseconds(moment: OffsetDateTime) -> i64 {
    moment.unix_timestamp() * 1000 + i64::from(moment.millisecond())
}
