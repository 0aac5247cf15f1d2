//! A clock that stands still until a test moves it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use time::{Duration, OffsetDateTime};

use crate::clock::Clock;

/// A clock that stands still until a test moves it. Clones are the same clock.
///
/// ```
/// use betancourt_auth::clock::Clock;
/// use betancourt_auth::testing::ManualClock;
/// use time::{Duration, OffsetDateTime};
///
/// let clock = ManualClock::at(OffsetDateTime::UNIX_EPOCH);
/// let same = clock.clone();
/// clock.advance(Duration::hours(24));
/// assert_eq!(same.now(), OffsetDateTime::UNIX_EPOCH + Duration::days(1));
/// ```
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<Mutex<OffsetDateTime>>);

impl ManualClock {
    /// A clock that says `moment`.
    #[must_use]
    pub fn at(moment: OffsetDateTime) -> Self {
        Self(Arc::new(Mutex::new(moment)))
    }

    /// Moves the clock on, or back by a negative duration.
    pub fn advance(&self, duration: Duration) {
        *self.moment() += duration;
    }

    /// Moves the clock to `moment`.
    pub fn set(&self, moment: OffsetDateTime) {
        *self.moment() = moment;
    }

    fn moment(&self) -> MutexGuard<'_, OffsetDateTime> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> OffsetDateTime {
        *self.moment()
    }
}
