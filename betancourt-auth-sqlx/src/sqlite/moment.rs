//! Moments as Prisma keeps them in SQLite: milliseconds since 1970; with some of its drivers, a text of ISO 8601.

use sqlx::error::BoxDynError;
use sqlx::sqlite::{SqliteTypeInfo, SqliteValueRef};
use sqlx::{Decode, Sqlite, Type, TypeInfo, ValueRef};
use time::OffsetDateTime;

const NANOSECONDS: i128 = 1_000_000;

/// A moment that is read; it is written by [`milliseconds`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment(pub(super) OffsetDateTime);

/// The milliseconds since 1970 at a moment, or before it.
pub(super) fn milliseconds(moment: OffsetDateTime) -> i64 {
    // The years that `time` knows fit into 64 bits a thousand times.
    i64::try_from(moment.unix_timestamp_nanos().div_euclid(NANOSECONDS)).unwrap_or(i64::MAX)
}

impl Type<Sqlite> for Moment {
    fn type_info() -> SqliteTypeInfo {
        <i64 as Type<Sqlite>>::type_info()
    }

    fn compatible(found: &SqliteTypeInfo) -> bool {
        <OffsetDateTime as Type<Sqlite>>::compatible(found)
    }
}

impl<'r> Decode<'r, Sqlite> for Moment {
    fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
        if value.type_info().name() == "TEXT" {
            return Ok(Self(<OffsetDateTime as Decode<Sqlite>>::decode(value)?));
        }
        let milliseconds = <i64 as Decode<Sqlite>>::decode(value)?;
        Ok(Self(OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * NANOSECONDS)?))
    }
}

#[cfg(test)]
mod tests {
    use sqlx::{Connection, SqliteConnection, query_scalar};
    use time::macros::datetime;

    use super::*;

    #[tokio::test]
    async fn every_form_that_prisma_writes_is_read() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        for (query, expected) in [
            ("SELECT 1764122400123", datetime!(2025-11-26 02:00:00.123 UTC)),
            ("SELECT -1", datetime!(1969-12-31 23:59:59.999 UTC)),
            ("SELECT '2025-11-26T02:00:00.123Z'", datetime!(2025-11-26 02:00:00.123 UTC)),
            ("SELECT '2025-11-26T03:00:00.123+01:00'", datetime!(2025-11-26 02:00:00.123 UTC)),
            ("SELECT '2025-11-26 02:00:00'", datetime!(2025-11-26 02:00:00 UTC)),
        ] {
            let Moment(read) = query_scalar(query).fetch_one(&mut connection).await.unwrap();
            assert_eq!(read, expected, "{query}");
        }
        assert!(
            query_scalar::<_, Moment>("SELECT 'yesterday'")
                .fetch_one(&mut connection)
                .await
                .is_err()
        );
    }

    #[test]
    fn what_is_below_a_millisecond_is_cut_off() {
        assert_eq!(milliseconds(datetime!(1970-01-01 00:00:01.999_999_999 UTC)), 1999);
        assert_eq!(milliseconds(datetime!(1969-12-31 23:59:59.999_999_999 UTC)), -1);
    }
}
