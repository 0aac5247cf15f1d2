//! The numbers of the administrators' page, counted in the database.

use time::{OffsetDateTime, Time};

use crate::database::{NotAnswered, Value, ask_one, milliseconds};
use crate::site::Site;

/// How many there are of what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// People with an account.
    pub users: i64,
    /// What people make with the studio.
    pub projects: i64,
    /// Sessions that have not ended. `None` where browsers keep them, sealed, or Redis, so that nobody can count them.
    pub active_sessions: Option<i64>,
    /// Sign-ins since midnight, UTC.
    pub sign_ins_today: i64,
}

/// `$1` is the present as a moment of `sessions`, `$2` the last midnight as milliseconds since 1970.
const COUNT: &str = r#"
    SELECT
        (SELECT COUNT(*) FROM "users"),
        (SELECT COUNT(*) FROM "site_projects"),
        (SELECT COUNT(*) FROM "sessions" WHERE "expires" > $1),
        (SELECT COUNT(*) FROM "auth_audit" WHERE "at" >= $2 AND "kind" IN ('signed_in', 'signed_up'))"#;

impl Numbers {
    /// The numbers at a moment.
    ///
    /// # Errors
    /// [`NotAnswered`].
    pub async fn at(now: OffsetDateTime, site: &Site) -> Result<Self, NotAnswered> {
        let midnight = milliseconds(now.replace_time(Time::MIDNIGHT));
        let values = [Value::Moment(now), Value::Number(midnight)];
        let counted = ask_one(&site.store, COUNT, &values).await?;
        let (users, projects, sessions, sign_ins_today) = counted.unwrap_or_default();
        let active_sessions = site.counts_sessions.then_some(sessions);
        Ok(Self { users, projects, active_sessions, sign_ins_today })
    }
}
