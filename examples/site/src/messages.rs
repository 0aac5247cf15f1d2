//! What people write to the studio on the landing page. Each message is kept before anybody is told so.

use betancourt_auth_sqlx::SqlStore;
use time::{Duration, OffsetDateTime};

use crate::database::{NotAnswered, Value, ask, draw_id, milliseconds, moment};
use crate::preferences::Language;

/// How long a message is kept. The privacy policy says so.
pub const KEPT_FOR: Duration = Duration::days(365);

/// Moments are milliseconds since 1970. `mailedAt` is empty for what only this table holds.
pub(crate) const TABLE: &str = r#"
    CREATE TABLE IF NOT EXISTS "site_messages" (
        "id" VARCHAR(32) NOT NULL PRIMARY KEY,
        "at" BIGINT NOT NULL,
        "name" VARCHAR(255) NOT NULL,
        "email" VARCHAR(255) NOT NULL,
        "message" TEXT NOT NULL,
        "language" VARCHAR(8) NOT NULL,
        "mailedAt" BIGINT
    )"#;

const KEEP: &str = r#"
    INSERT INTO "site_messages" ("id", "at", "name", "email", "message", "language") VALUES ($1, $2, $3, $4, $5, $6)"#;
const MAILED: &str = r#"UPDATE "site_messages" SET "mailedAt" = $1 WHERE "id" = $2"#;
const NEWEST: &str = r#"
    SELECT "at", "name", "email", "message", "language", "mailedAt" FROM "site_messages" ORDER BY "at" DESC, "id" LIMIT $1"#;
const OF: &str = r#"
    SELECT "at", "name", "email", "message", "language", "mailedAt" FROM "site_messages"
    WHERE LOWER("email") = $1 ORDER BY "at" DESC, "id""#;
const FORGET_OF: &str = r#"DELETE FROM "site_messages" WHERE LOWER("email") = $1"#;
const FORGET: &str = r#"DELETE FROM "site_messages" WHERE "at" < $1"#;

/// A message to the studio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who writes, in their own words.
    pub name: String,
    /// Where an answer goes. Nobody has proved that it is theirs.
    pub email: String,
    /// What they write.
    pub text: String,
    /// The language of the page they wrote on.
    pub language: Language,
}

/// A message as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptMessage {
    /// What was written.
    pub message: Message,
    /// When.
    pub at: OffsetDateTime,
    /// When it was mailed to the studio, if it was.
    pub mailed_at: Option<OffsetDateTime>,
}

/// Keeps a message, and says how it is called here.
///
/// # Errors
/// [`NotAnswered`]: then it is not kept.
pub async fn keep(
    store: &SqlStore,
    now: OffsetDateTime,
    message: &Message,
) -> Result<String, NotAnswered> {
    let id = draw_id()?;
    let values = [
        Value::Text(&id),
        Value::Number(milliseconds(now)),
        Value::Text(&message.name),
        Value::Text(&message.email),
        Value::Text(&message.text),
        Value::Text(message.language.tag()),
    ];
    ask::<(i64,)>(store, KEEP, &values).await?;
    Ok(id)
}

/// Notes that a message went to the studio by mail, too.
///
/// # Errors
/// [`NotAnswered`].
pub async fn note_mailed(
    store: &SqlStore,
    now: OffsetDateTime,
    id: &str,
) -> Result<(), NotAnswered> {
    let values = [Value::Number(milliseconds(now)), Value::Text(id)];
    ask::<(i64,)>(store, MAILED, &values).await.map(drop)
}

/// The newest messages.
///
/// # Errors
/// [`NotAnswered`].
pub async fn newest(store: &SqlStore, limit: u32) -> Result<Vec<KeptMessage>, NotAnswered> {
    kept(store, NEWEST, &[Value::Number(limit.into())]).await
}

/// The messages that ask for an answer at an address, in lower case, the newest first.
///
/// # Errors
/// [`NotAnswered`].
pub async fn of(store: &SqlStore, email: &str) -> Result<Vec<KeptMessage>, NotAnswered> {
    kept(store, OF, &[Value::Text(email)]).await
}

async fn kept(
    store: &SqlStore,
    question: &'static str,
    values: &[Value<'_>],
) -> Result<Vec<KeptMessage>, NotAnswered> {
    let rows: Vec<(i64, String, String, String, String, Option<i64>)> =
        ask(store, question, values).await?;
    let kept = |(at, name, email, text, language, mailed_at): (_, _, _, _, String, Option<i64>)| {
        let language = Language::from_tag(&language).unwrap_or_default();
        let message = Message { name, email, text, language };
        KeptMessage { message, at: moment(at), mailed_at: mailed_at.map(moment) }
    };
    Ok(rows.into_iter().map(kept).collect())
}

/// Forgets what has been kept for long enough.
///
/// # Errors
/// [`NotAnswered`].
pub async fn forget(store: &SqlStore, now: OffsetDateTime) -> Result<(), NotAnswered> {
    let values = [Value::Number(milliseconds(now - KEPT_FOR))];
    ask::<(i64,)>(store, FORGET, &values).await.map(drop)
}

/// Forgets what asks for an answer at an address, in lower case.
///
/// # Errors
/// [`NotAnswered`].
pub async fn forget_of(store: &SqlStore, email: &str) -> Result<(), NotAnswered> {
    ask::<(i64,)>(store, FORGET_OF, &[Value::Text(email)]).await.map(drop)
}
