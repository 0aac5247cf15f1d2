//! What goes into a statement and what comes out of a row, whatever the database.

use std::vec::IntoIter;

use betancourt_auth::Secret;
use betancourt_auth::store::{Result, StoreError};
use time::format_description::well_known::Iso8601;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

const NANOSECONDS: i128 = 1_000_000;

/// One value that a statement is run with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'v> {
    Text(Option<&'v str>),
    Number(Option<i64>),
    Timestamp(Option<OffsetDateTime>),
    Timestamptz(Option<OffsetDateTime>),
}

impl<'v> From<&'v str> for Value<'v> {
    fn from(text: &'v str) -> Self {
        Self::Text(Some(text))
    }
}

impl<'v> From<&'v String> for Value<'v> {
    fn from(text: &'v String) -> Self {
        Self::Text(Some(text))
    }
}

impl<'v> From<Option<&'v str>> for Value<'v> {
    fn from(text: Option<&'v str>) -> Self {
        Self::Text(text)
    }
}

impl<'v> From<&'v Option<String>> for Value<'v> {
    fn from(text: &'v Option<String>) -> Self {
        Self::Text(text.as_deref())
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(number: Option<i64>) -> Self {
        Self::Number(number)
    }
}

/// One value that a row has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    Empty,
    Text(String),
    Number(i64),
    Moment(OffsetDateTime),
}

/// A value is not of the kind that its column should hold.
#[derive(Debug, thiserror::Error)]
#[error("a row has a value that its column cannot hold: {0}")]
struct Unreadable(&'static str);

/// A row that is read from left to right, in the order of the columns in `sql`.
#[derive(Debug)]
pub(crate) struct Row(IntoIter<Cell>);

impl Row {
    pub(crate) fn new(cells: Vec<Cell>) -> Self {
        Self(cells.into_iter())
    }

    /// A text, or a number as a text: ids are both.
    pub(crate) fn text(&mut self) -> Result<Option<String>> {
        match self.0.next() {
            Some(Cell::Text(text)) => Ok(Some(text)),
            Some(Cell::Number(number)) => Ok(Some(number.to_string())),
            Some(Cell::Empty) => Ok(None),
            Some(Cell::Moment(_)) | None => Err(unreadable("not a text")),
        }
    }

    pub(crate) fn required_text(&mut self) -> Result<String> {
        self.text()?.ok_or_else(|| unreadable("no text"))
    }

    pub(crate) fn secret(&mut self) -> Result<Option<Secret>> {
        Ok(self.text()?.map(Secret::new))
    }

    pub(crate) fn number(&mut self) -> Result<Option<i64>> {
        match self.0.next() {
            Some(Cell::Number(number)) => Ok(Some(number)),
            Some(Cell::Empty) => Ok(None),
            Some(Cell::Text(_) | Cell::Moment(_)) | None => Err(unreadable("not a number")),
        }
    }

    pub(crate) fn required_number(&mut self) -> Result<i64> {
        self.number()?.ok_or_else(|| unreadable("no number"))
    }

    /// A moment, or milliseconds since 1970, or a text of ISO 8601 as some drivers of Prisma write it on SQLite.
    pub(crate) fn moment(&mut self) -> Result<Option<OffsetDateTime>> {
        let moment = match self.0.next() {
            Some(Cell::Moment(moment)) => Some(moment),
            Some(Cell::Number(milliseconds)) => at(milliseconds),
            Some(Cell::Text(text)) => parsed(&text),
            Some(Cell::Empty) => return Ok(None),
            None => None,
        };
        moment.map(Some).ok_or_else(|| unreadable("not a moment"))
    }

    pub(crate) fn required_moment(&mut self) -> Result<OffsetDateTime> {
        self.moment()?.ok_or_else(|| unreadable("no moment"))
    }
}

fn unreadable(what: &'static str) -> StoreError {
    StoreError::unavailable(Unreadable(what))
}

/// The milliseconds since 1970 at a moment, or before it.
pub(crate) fn milliseconds(moment: OffsetDateTime) -> i64 {
    // The years that `time` knows fit into 64 bits a thousand times.
    i64::try_from(moment.unix_timestamp_nanos().div_euclid(NANOSECONDS)).unwrap_or(i64::MAX)
}

fn at(milliseconds: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * NANOSECONDS).ok()
}

fn parsed(text: &str) -> Option<OffsetDateTime> {
    let spaced = format_description!(
        "[year]-[month]-[day] [hour]:[minute]:[second][optional [.[subsecond]]]"
    );
    let without_zone = || PrimitiveDateTime::parse(text, spaced).map(PrimitiveDateTime::assume_utc);
    OffsetDateTime::parse(text, &Iso8601::DEFAULT).or_else(|_| without_zone()).ok()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn every_form_of_a_moment_is_read() {
        let read = |cell| Row::new(vec![cell]).required_moment();
        for (cell, expected) in [
            (Cell::Number(1_764_122_400_123), datetime!(2025-11-26 02:00:00.123 UTC)),
            (Cell::Number(-1), datetime!(1969-12-31 23:59:59.999 UTC)),
            (Cell::Moment(datetime!(2025-11-26 02:00 UTC)), datetime!(2025-11-26 02:00 UTC)),
            (text("2025-11-26T02:00:00.123Z"), datetime!(2025-11-26 02:00:00.123 UTC)),
            (text("2025-11-26T03:00:00.123+01:00"), datetime!(2025-11-26 02:00:00.123 UTC)),
            (text("2025-11-26 02:00:00"), datetime!(2025-11-26 02:00:00 UTC)),
            (text("2025-11-26 02:00:00.456"), datetime!(2025-11-26 02:00:00.456 UTC)),
        ] {
            assert_eq!(read(cell.clone()).unwrap(), expected, "{cell:?}");
        }
        for cell in [text("yesterday"), Cell::Empty, Cell::Number(i64::MAX)] {
            assert!(read(cell.clone()).is_err(), "{cell:?}");
        }
    }

    #[test]
    fn what_is_below_a_millisecond_is_cut_off() {
        assert_eq!(milliseconds(datetime!(1970-01-01 00:00:01.999_999_999 UTC)), 1999);
        assert_eq!(milliseconds(datetime!(1969-12-31 23:59:59.999_999_999 UTC)), -1);
    }

    #[test]
    fn a_row_is_read_from_left_to_right_and_not_beyond() {
        let mut row = Row::new(vec![Cell::Number(7), text("seven"), Cell::Empty, Cell::Number(7)]);
        assert_eq!(row.required_text().unwrap(), "7");
        assert_eq!(row.text().unwrap().as_deref(), Some("seven"));
        assert_eq!(row.text().unwrap(), None);
        assert_eq!(row.required_number().unwrap(), 7);
        assert!(row.number().is_err());
    }

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}
