//! A layout as one store uses it: its queries, and how ids and moments go into them.

use betancourt_auth::UserId;
use time::OffsetDateTime;

use crate::layout::{Ids, Layout, Moments};
use crate::sql::Sql;
use crate::value::{Value, milliseconds};

/// A layout with its queries.
#[derive(Debug)]
pub(crate) struct Schema {
    pub(crate) layout: Layout,
    pub(crate) sql: Sql,
    stamps: Stamps,
}

/// What a database has for the moments of Auth.js.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stamps {
    Milliseconds,
    Timestamp,
    Timestamptz,
}

impl From<Moments> for Stamps {
    fn from(moments: Moments) -> Self {
        match moments {
            Moments::Timestamp => Self::Timestamp,
            Moments::Timestamptz => Self::Timestamptz,
        }
    }
}

impl Schema {
    pub(crate) fn new(layout: Layout, stamps: Stamps) -> Self {
        Self { sql: Sql::of(&layout), layout, stamps }
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
