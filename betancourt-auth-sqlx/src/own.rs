//! Columns of the application's own in the tables of Auth.js, and what stands in them when a row is made.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use time::OffsetDateTime;

use crate::layout::Name;

/// A column of the application's own, and what we write there when we make a row: for a column that is `NOT NULL` and has
/// no default. `R` is what the row is made of: a [`User`](betancourt_auth::User), an
/// [`Account`](betancourt_auth::Account) or a [`NewSession`](betancourt_auth::store::NewSession). What stands there is
/// never changed by us.
///
/// ```
/// use betancourt_auth::User;
/// use betancourt_auth_sqlx::{Layout, OwnColumn};
///
/// let mut layout = Layout::prisma();
/// layout.users.own = vec![
///     OwnColumn::always("plan", "free"),
///     OwnColumn::by("tenant", |user: &User| {
///         let domain = user.email.as_deref().and_then(|email| email.split('@').nth(1));
///         domain.unwrap_or("nobody's").to_owned()
///     }),
/// ];
/// assert_eq!(layout.clone(), layout);
/// ```
pub struct OwnColumn<R> {
    pub(crate) name: Name,
    value: Arc<Value<R>>,
}

type Value<R> = dyn Fn(&R) -> ColumnValue + Send + Sync;

impl<R> OwnColumn<R> {
    /// A column that holds the same in each row.
    pub fn always(name: impl Into<Name>, value: impl Into<ColumnValue>) -> Self {
        let value = value.into();
        Self { name: name.into(), value: Arc::new(move |_| value.clone()) }
    }

    /// A column whose value is made for each row.
    pub fn by<V: Into<ColumnValue>>(
        name: impl Into<Name>,
        value: impl Fn(&R) -> V + Send + Sync + 'static,
    ) -> Self {
        Self { name: name.into(), value: Arc::new(move |row| value(row).into()) }
    }

    pub(crate) fn value(&self, row: &R) -> ColumnValue {
        (self.value)(row)
    }
}

impl<R> Clone for OwnColumn<R> {
    fn clone(&self) -> Self {
        Self { name: self.name.clone(), value: Arc::clone(&self.value) }
    }
}

impl<R> Debug for OwnColumn<R> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("OwnColumn").field(&self.name).finish()
    }
}

/// Two are the same if one is a clone of the other.
impl<R> PartialEq for OwnColumn<R> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && Arc::ptr_eq(&self.value, &other.value)
    }
}

impl<R> Eq for OwnColumn<R> {}

/// What stands in a column of the application's own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ColumnValue {
    /// A text, or what the database makes of one: in PostgreSQL also an `enum` or a `uuid`.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Yes or no: 1 or 0 where the database has nothing else for it.
    Boolean(bool),
    /// A moment, to the millisecond: in SQLite milliseconds since 1970.
    Moment(OffsetDateTime),
    /// A document: a text where the database has nothing else for it.
    Json(serde_json::Value),
}

impl From<&str> for ColumnValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for ColumnValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i32> for ColumnValue {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<i64> for ColumnValue {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for ColumnValue {
    fn from(boolean: bool) -> Self {
        Self::Boolean(boolean)
    }
}

impl From<OffsetDateTime> for ColumnValue {
    fn from(moment: OffsetDateTime) -> Self {
        Self::Moment(moment)
    }
}

impl From<serde_json::Value> for ColumnValue {
    fn from(document: serde_json::Value) -> Self {
        Self::Json(document)
    }
}
