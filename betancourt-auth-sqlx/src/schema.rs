//! A layout as one store uses it: its queries, and how ids and moments go into them.

use betancourt_auth::UserId;
use time::OffsetDateTime;

use crate::layout::{Ids, Layout, Moments};
use crate::sql::{Dialect, Sql};
use crate::value::{Value, milliseconds};

/// A layout with its queries.
#[derive(Debug)]
pub(crate) struct Schema {
    pub(crate) layout: Layout,
    pub(crate) sql: Sql,
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
        Self { sql: Sql::of(&layout, dialect), layout, stamps }
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

/// A number in the one form that a database writes it in.
fn number(text: &str) -> Option<i64> {
    text.parse().ok().filter(|number: &i64| number.to_string() == text)
}
