//! A layout as one store uses it: its queries, and how ids and moments go into them.

use betancourt_auth::UserId;
use betancourt_auth::store::{Result, StoreError};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use crate::layout::{Ids, Layout, Moments};
use crate::own::{ColumnValue, OwnColumn};
use crate::sql::{Dialect, Sql};
use crate::value::{Value, milliseconds};

/// A layout with its queries.
#[derive(Debug)]
pub(crate) struct Schema {
    pub(crate) layout: Layout,
    pub(crate) sql: Sql,
    dialect: Dialect,
    stamps: Stamps,
}

/// What a database has for the moments of Auth.js.
#[derive(Clone, Copy, Debug)]
enum Stamps {
    Milliseconds,
    Timestamp,
    Timestamptz,
}

impl Schema {
    pub(crate) fn new(layout: Layout, dialect: Dialect) -> Self {
        let stamps = match (dialect, layout.moments) {
            (Dialect::Sqlite, _) => Stamps::Milliseconds,
            (Dialect::Mysql, _) | (Dialect::Postgres, Moments::Timestamp) => Stamps::Timestamp,
            (Dialect::Postgres, Moments::Timestamptz) => Stamps::Timestamptz,
        };
        Self { sql: Sql::of(&layout, dialect), layout, dialect, stamps }
    }

    /// The id of a user. Where ids are numbers, what is none is NULL, which is nobody's id.
    pub(crate) fn id<'v>(&self, user: &'v UserId) -> Value<'v> {
        match self.layout.ids {
            Ids::Text => user.as_str().into(),
            Ids::Serial => Value::Number(number(user.as_str())),
        }
    }

    /// A moment in a table of Auth.js.
    pub(crate) fn moment(&self, moment: impl Into<Option<OffsetDateTime>>) -> Value<'static> {
        let moment = moment.into();
        match self.stamps {
            Stamps::Milliseconds => moment.map(milliseconds).into(),
            Stamps::Timestamp => Value::Timestamp(moment),
            Stamps::Timestamptz => Value::Timestamptz(moment),
        }
    }
}

impl Schema {
    /// What stands in the columns of the application's own of a row.
    pub(crate) fn own_values<R>(&self, own: &[OwnColumn<R>], row: &R) -> Result<Vec<OwnValue>> {
        own.iter().map(|column| self.own_value(column.value(row))).collect()
    }

    fn own_value(&self, value: ColumnValue) -> Result<OwnValue> {
        if self.dialect == Dialect::Postgres {
            return Ok(OwnValue::Text(member(value)?.to_string()));
        }
        Ok(match value {
            ColumnValue::Text(text) => OwnValue::Text(text),
            ColumnValue::Number(number) => OwnValue::Other(number.into()),
            ColumnValue::Boolean(boolean) => OwnValue::Other(i64::from(boolean).into()),
            ColumnValue::Moment(at) => OwnValue::Other(self.moment(at)),
            ColumnValue::Json(document) => OwnValue::Text(document.to_string()),
        })
    }
}

/// What stands in a column of the application's own, as a statement is run with it.
#[derive(Debug)]
pub(crate) enum OwnValue {
    Text(String),
    Other(Value<'static>),
}

impl<'v> From<&'v OwnValue> for Value<'v> {
    fn from(value: &'v OwnValue) -> Self {
        match value {
            OwnValue::Text(text) => text.into(),
            OwnValue::Other(value) => *value,
        }
    }
}

/// The member of a JSON document of which PostgreSQL makes what its column holds.
fn member(value: ColumnValue) -> Result<serde_json::Value> {
    Ok(match value {
        ColumnValue::Text(text) => text.replace('\0', "\u{fffd}").into(),
        ColumnValue::Number(number) => number.into(),
        ColumnValue::Boolean(boolean) => boolean.into(),
        ColumnValue::Moment(at) => {
            let at = at.to_offset(UtcOffset::UTC).truncate_to_millisecond();
            at.format(&Rfc3339).map_err(StoreError::unavailable)?.into()
        }
        ColumnValue::Json(document) => document,
    })
}

/// A number in the one form that a database writes it in.
fn number(text: &str) -> Option<i64> {
    text.parse().ok().filter(|number: &i64| number.to_string() == text)
}
