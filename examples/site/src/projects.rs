//! What people make with the studio. They begin a project themselves, and it goes with them.

use betancourt_auth::UserId;
use betancourt_auth_sqlx::SqlStore;
use time::OffsetDateTime;

use crate::catalogue::Kind;
use crate::database::{NotAnswered, Value, ask, ask_one, draw_id, milliseconds, moment};
use crate::pages::minute;

/// How many projects somebody has at most.
pub const MOST: i64 = 50;
/// How many characters a title has at most.
pub const LONGEST_TITLE: usize = 120;

/// Moments are milliseconds since 1970. No key refers to `users`, whose ids have collations of their own on MySQL: whoever
/// deletes a person says so here, too.
pub(crate) const TABLE: &str = r#"
    CREATE TABLE IF NOT EXISTS "site_projects" (
        "id" VARCHAR(32) NOT NULL PRIMARY KEY,
        "userId" VARCHAR(191) NOT NULL,
        "title" VARCHAR(255) NOT NULL,
        "kind" VARCHAR(16) NOT NULL,
        "at" BIGINT NOT NULL
    )"#;

const BEGIN: &str = r#"
    INSERT INTO "site_projects" ("id", "userId", "title", "kind", "at") VALUES ($1, $2, $3, $4, $5)"#;
const OF: &str = r#"
    SELECT "id", "title", "kind", "at" FROM "site_projects" WHERE "userId" = $1 ORDER BY "at" DESC, "id""#;
const COUNT: &str = r#"SELECT COUNT(*) FROM "site_projects" WHERE "userId" = $1"#;
const END: &str = r#"DELETE FROM "site_projects" WHERE "userId" = $1 AND "id" = $2"#;
const END_ALL: &str = r#"DELETE FROM "site_projects" WHERE "userId" = $1"#;

/// A project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// How its form calls it.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What the studio does for it.
    pub kind: Kind,
    /// When it was begun.
    pub at: OffsetDateTime,
}

impl Project {
    /// When it was begun, to the minute.
    #[must_use]
    pub fn since(&self) -> String {
        minute(self.at)
    }
}

/// Begins a project. `false`: they have as many as one can have.
///
/// # Errors
/// [`NotAnswered`]: then it is not begun.
pub async fn begin(
    store: &SqlStore,
    user: &UserId,
    (title, kind): (&str, Kind),
    now: OffsetDateTime,
) -> Result<bool, NotAnswered> {
    let count = ask_one::<(i64,)>(store, COUNT, &[Value::Text(user.as_str())]).await?;
    if count.is_some_and(|(count,)| count >= MOST) {
        return Ok(false);
    }
    let id = draw_id()?;
    let values = [
        Value::Text(&id),
        Value::Text(user.as_str()),
        Value::Text(title),
        Value::Text(kind.name()),
        Value::Number(milliseconds(now)),
    ];
    ask::<(i64,)>(store, BEGIN, &values).await?;
    Ok(true)
}

/// The projects of somebody, the newest first. One of a kind that the studio offers no more is not among them.
///
/// # Errors
/// [`NotAnswered`].
pub async fn of(store: &SqlStore, user: &UserId) -> Result<Vec<Project>, NotAnswered> {
    let rows: Vec<(String, String, String, i64)> =
        ask(store, OF, &[Value::Text(user.as_str())]).await?;
    let project = |(id, title, kind, at): (String, String, String, i64)| {
        Some(Project { id, title, kind: Kind::from_name(&kind)?, at: moment(at) })
    };
    Ok(rows.into_iter().filter_map(project).collect())
}

/// Ends a project of somebody, if it is theirs.
///
/// # Errors
/// [`NotAnswered`].
pub async fn end(store: &SqlStore, user: &UserId, id: &str) -> Result<(), NotAnswered> {
    ask::<(i64,)>(store, END, &[Value::Text(user.as_str()), Value::Text(id)]).await.map(drop)
}

/// Ends every project of somebody who goes.
///
/// # Errors
/// [`NotAnswered`].
pub async fn end_all(store: &SqlStore, user: &UserId) -> Result<(), NotAnswered> {
    ask::<(i64,)>(store, END_ALL, &[Value::Text(user.as_str())]).await.map(drop)
}
