//! Lists that may be long, page by page, and lists that are short because they are cut off.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use time::OffsetDateTime;

use crate::model::AuditEvent;

/// How many accounts, and how many sessions, of one user a store lists at most. Nobody who looks after their own has as
/// many; who makes more of them to be a burden is none.
pub const MOST_LISTED: u32 = 100;

/// Which users are listed. All of them, unless something is asked for.
///
/// ```
/// use betancourt_auth::store::UserFilter;
/// let administrators = UserFilter { role: Some("ADMIN".to_owned()), ..UserFilter::default() };
/// assert_eq!(administrators.search, None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// What their name or their address has in it. Letters from `a` to `z` may be written either way; whether others may,
    /// is the store's own.
    pub search: Option<String>,
    /// The role that they have.
    pub role: Option<String>,
}

/// An audit event, and where in the log it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Where it stands: what a page goes on from.
    pub key: AuditKey,
    /// What happened.
    pub event: AuditEvent,
}

/// Where in the audit log an event stands. As a text it fits into an address.
///
/// ```
/// use betancourt_auth::store::AuditKey;
/// use time::OffsetDateTime;
/// let key = AuditKey::new(OffsetDateTime::UNIX_EPOCH, 7);
/// assert_eq!(key.to_string().parse(), Ok(key));
/// assert!("yesterday".parse::<AuditKey>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AuditKey {
    at: OffsetDateTime,
    number: i64,
}

/// A text that is no [`AuditKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("that is no place in the audit log")]
pub struct NoAuditKey;

impl AuditKey {
    /// The place of the event that happened then and has that number in the store. For stores.
    #[must_use]
    pub fn new(at: OffsetDateTime, number: i64) -> Self {
        Self { at, number }
    }

    /// When the event happened.
    #[must_use]
    pub fn at(self) -> OffsetDateTime {
        self.at
    }

    /// By what the store tells events of one moment apart.
    #[must_use]
    pub fn number(self) -> i64 {
        self.number
    }
}

impl Display for AuditKey {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.at.unix_timestamp_nanos(), self.number)
    }
}

impl FromStr for AuditKey {
    type Err = NoAuditKey;

    fn from_str(text: &str) -> Result<Self, NoAuditKey> {
        let (at, number) = text.split_once('.').ok_or(NoAuditKey)?;
        let at = at.parse().ok().and_then(|at| OffsetDateTime::from_unix_timestamp_nanos(at).ok());
        let number = number.parse().ok();
        at.zip(number).map(|(at, number)| Self { at, number }).ok_or(NoAuditKey)
    }
}
