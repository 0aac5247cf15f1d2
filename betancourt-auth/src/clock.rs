//! What time it is, or whatever a test says it is.

use std::fmt::Debug;

use time::{Duration, OffsetDateTime};

/// Tells the time. Everything that expires asks the clock of its [`Config`](crate::Config), so that a test can move it.
///
/// ```
/// use betancourt_auth::clock::{Clock, SystemClock};
/// assert!(SystemClock.now().year() >= 2026);
/// ```
pub trait Clock: Debug + Send + Sync {
    /// The present moment in UTC.
    fn now(&self) -> OffsetDateTime;
}

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }
}

/// The same moment without what the databases of Auth.js do not keep: anything below a millisecond.
pub(crate) fn to_millisecond(moment: OffsetDateTime) -> OffsetDateTime {
    moment.replace_nanosecond(u32::from(moment.millisecond()) * 1_000_000).unwrap_or(moment)
}

/// A moment in milliseconds since 1970.
pub(crate) fn milliseconds(moment: OffsetDateTime) -> i64 {
    moment.unix_timestamp() * 1000 + i64::from(moment.millisecond())
}

/// The moment so many milliseconds after the beginning of 1970, if there is one.
pub(crate) fn from_milliseconds(milliseconds: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::UNIX_EPOCH.checked_add(Duration::milliseconds(milliseconds))
}
