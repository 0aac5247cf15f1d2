//! The site's own tables in the database behind its store, and its questions to it: written once, as PostgreSQL and SQLite
//! have them.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use betancourt_auth_sqlx::SqlStore;
use ring::rand::{SecureRandom as _, SystemRandom};
use sqlx::mysql::{MySql, MySqlRow};
use sqlx::postgres::{PgRow, Postgres};
use sqlx::query::QueryAs;
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{
    AssertSqlSafe, Database, Decode, Encode, FromRow, SqlSafeStr, Type, TypeInfo, ValueRef,
};
use time::{OffsetDateTime, PrimitiveDateTime};

/// A value that a question is asked with.
#[derive(Clone, Copy, Debug)]
pub enum Value<'v> {
    /// A text.
    Text(&'v str),
    /// A number.
    Number(i64),
    /// A moment, in the columns that Auth.js has for them.
    Moment(OffsetDateTime),
}

/// A moment as it comes out of the columns that Auth.js has for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(pub OffsetDateTime);

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum NotAnswered {
    /// Questions are written for SQLite, PostgreSQL and MySQL, and the store is another database.
    #[error("only SQLite, PostgreSQL and MySQL can be asked")]
    AnotherDatabase,
    /// The database failed.
    #[error("the database does not answer")]
    Failed(#[from] sqlx::Error),
    /// What is new needs an id that nobody can guess, and there is none to be had.
    #[error("the system gives no randomness")]
    NoRandomness,
}

/// What a row of each of the databases can be read into.
pub trait Record:
    for<'r> FromRow<'r, SqliteRow>
    + for<'r> FromRow<'r, PgRow>
    + for<'r> FromRow<'r, MySqlRow>
    + Send
    + Unpin
{
}

impl<T> Record for T where
    T: for<'r> FromRow<'r, SqliteRow>
        + for<'r> FromRow<'r, PgRow>
        + for<'r> FromRow<'r, MySqlRow>
        + Send
        + Unpin
{
}

/// What follows the definition of a table where MySQL would decide by its own settings.
const MYSQL_TABLE: &str = " ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4";

/// Defines a table of the site's own, as all three databases have it.
///
/// # Errors
/// [`NotAnswered`].
pub async fn define(store: &SqlStore, table: &'static str) -> Result<(), NotAnswered> {
    if let Some(pool) = store.sqlite_pool() {
        sqlx::raw_sql(table).execute(pool).await?;
    } else if let Some(pool) = store.pg_pool() {
        sqlx::raw_sql(table).execute(pool).await?;
    } else if let Some(pool) = store.mysql_pool() {
        let table = AssertSqlSafe(for_mysql(table) + MYSQL_TABLE);
        sqlx::raw_sql(table).execute(pool).await?;
    } else {
        return Err(NotAnswered::AnotherDatabase);
    }
    Ok(())
}

/// Asks, with the values of `$1`, `$2` and so on, which stand in that order in the question, each once.
///
/// # Errors
/// [`NotAnswered`].
pub async fn ask<T: Record>(
    store: &SqlStore,
    question: &'static str,
    values: &[Value<'_>],
) -> Result<Vec<T>, NotAnswered> {
    let rows = if let Some(pool) = store.sqlite_pool() {
        bound::<Sqlite, T>(question, values).fetch_all(pool).await?
    } else if let Some(pool) = store.pg_pool() {
        bound::<Postgres, T>(question, values).fetch_all(pool).await?
    } else if let Some(pool) = store.mysql_pool() {
        let question = AssertSqlSafe(for_mysql(question));
        bound::<MySql, T>(question, values).fetch_all(pool).await?
    } else {
        return Err(NotAnswered::AnotherDatabase);
    };
    Ok(rows)
}

/// The same for a question that has one row for an answer, or none.
///
/// # Errors
/// [`NotAnswered`].
pub async fn ask_one<T: Record>(
    store: &SqlStore,
    question: &'static str,
    values: &[Value<'_>],
) -> Result<Option<T>, NotAnswered> {
    Ok(ask(store, question, values).await?.into_iter().next())
}

/// How long the server of the database has been running. `None` for SQLite, which has none.
///
/// # Errors
/// [`NotAnswered`].
pub async fn uptime(store: &SqlStore) -> Result<Option<Duration>, NotAnswered> {
    const POSTGRES: &str =
        "SELECT CAST(EXTRACT(EPOCH FROM now() - pg_postmaster_start_time()) AS BIGINT)";
    const MYSQL: &str = "SHOW GLOBAL STATUS LIKE 'Uptime'";
    let seconds = if let Some(pool) = store.pg_pool() {
        sqlx::query_scalar::<_, i64>(POSTGRES).fetch_one(pool).await?
    } else if let Some(pool) = store.mysql_pool() {
        let (_, seconds): (String, String) = sqlx::query_as(MYSQL).fetch_one(pool).await?;
        seconds.parse().unwrap_or_default()
    } else {
        return Ok(None);
    };
    Ok(u64::try_from(seconds).ok().map(Duration::from_secs))
}

fn bound<'q, DB, T>(
    question: impl SqlSafeStr,
    values: &[Value<'q>],
) -> QueryAs<'q, DB, T, DB::Arguments>
where
    DB: Database,
    T: for<'r> FromRow<'r, DB::Row>,
    String: Encode<'q, DB> + Type<DB>,
    i64: Encode<'q, DB> + Type<DB>,
    Moment: Encode<'q, DB> + Type<DB>,
{
    values.iter().fold(sqlx::query_as(question), |question, value| match value {
        Value::Text(text) => question.bind((*text).to_owned()),
        Value::Number(number) => question.bind(*number),
        Value::Moment(at) => question.bind(Moment(*at)),
    })
}

/// The same question with the quotes and placeholders of MySQL.
fn for_mysql(question: &str) -> String {
    let mut parts = question.split('$');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push('?');
        text.push_str(part.trim_start_matches(|letter: char| letter.is_ascii_digit()));
    }
    text.replace('"', "`")
}

type Broken = Box<dyn std::error::Error + Send + Sync>;

fn utc(moment: OffsetDateTime) -> PrimitiveDateTime {
    let moment = moment.to_offset(time::UtcOffset::UTC);
    PrimitiveDateTime::new(moment.date(), moment.time())
}

impl Type<Sqlite> for Moment {
    fn type_info() -> <Sqlite as Database>::TypeInfo {
        <i64 as Type<Sqlite>>::type_info()
    }

    fn compatible(_: &<Sqlite as Database>::TypeInfo) -> bool {
        true // Prisma declares DATETIME and keeps numbers, others keep texts.
    }
}

impl<'q> Encode<'q, Sqlite> for Moment {
    fn encode_by_ref(
        &self,
        buffer: &mut <Sqlite as Database>::ArgumentBuffer,
    ) -> Result<sqlx::encode::IsNull, Broken> {
        <i64 as Encode<'q, Sqlite>>::encode(milliseconds(self.0), buffer)
    }
}

impl<'r> Decode<'r, Sqlite> for Moment {
    fn decode(value: <Sqlite as Database>::ValueRef<'r>) -> Result<Self, Broken> {
        if value.type_info().name() == "TEXT" {
            return <OffsetDateTime as Decode<'r, Sqlite>>::decode(value).map(Self);
        }
        let milliseconds = <i64 as Decode<'r, Sqlite>>::decode(value)?;
        let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000)?;
        Ok(Self(at))
    }
}

/// The databases whose columns for moments have no zone.
macro_rules! without_zone {
    ($database:ty) => {
        impl Type<$database> for Moment {
            fn type_info() -> <$database as Database>::TypeInfo {
                <PrimitiveDateTime as Type<$database>>::type_info()
            }

            fn compatible(column: &<$database as Database>::TypeInfo) -> bool {
                <PrimitiveDateTime as Type<$database>>::compatible(column)
            }
        }

        impl<'q> Encode<'q, $database> for Moment {
            fn encode_by_ref(
                &self,
                buffer: &mut <$database as Database>::ArgumentBuffer,
            ) -> Result<sqlx::encode::IsNull, Broken> {
                <PrimitiveDateTime as Encode<'q, $database>>::encode(utc(self.0), buffer)
            }
        }

        impl<'r> Decode<'r, $database> for Moment {
            fn decode(value: <$database as Database>::ValueRef<'r>) -> Result<Self, Broken> {
                <PrimitiveDateTime as Decode<'r, $database>>::decode(value)
                    .map(|at| Self(at.assume_utc()))
            }
        }
    };
}

without_zone!(Postgres);
without_zone!(MySql);

/// The address of a person, who may have none: then one stands in its place that nobody can have (RFC 2606 §2).
#[must_use]
pub fn address(stored: String) -> Option<String> {
    Some(stored).filter(|stored| !stored.ends_with("@no-address.invalid"))
}

/// Milliseconds since 1970, as the tables of ours keep moments.
#[must_use]
pub fn milliseconds(moment: OffsetDateTime) -> i64 {
    moment.unix_timestamp() * 1000 + i64::from(moment.millisecond())
}

/// The moment of so many milliseconds since 1970.
#[must_use]
pub fn moment(milliseconds: i64) -> OffsetDateTime {
    let nanoseconds = i128::from(milliseconds) * 1_000_000;
    OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// An id for what is new, which nobody can guess.
///
/// # Errors
/// [`NotAnswered::NoRandomness`].
pub fn draw_id() -> Result<String, NotAnswered> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).map_err(|_| NotAnswered::NoRandomness)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mysql_has_quotes_and_placeholders_of_its_own() {
        assert_eq!(
            for_mysql(r#"SELECT "a" FROM "b" WHERE "c" = $1 AND "d" > $2 LIMIT $10"#),
            "SELECT `a` FROM `b` WHERE `c` = ? AND `d` > ? LIMIT ?",
        );
    }
}
