//! The clock of the server: that of the system, and as much later as a test says.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use betancourt_auth::clock::{Clock, SystemClock};
use time::{Duration, OffsetDateTime};

/// It runs, so that a long test agrees with the look-alikes' clock, which runs as well. Clones are the same clock.
#[derive(Clone, Debug, Default)]
pub(crate) struct MovableClock(Arc<AtomicI64>);

impl MovableClock {
    pub(crate) fn advance(&self, by: Duration) {
        self.0.fetch_add(by.whole_seconds(), Ordering::SeqCst);
    }
}

impl Clock for MovableClock {
    fn now(&self) -> OffsetDateTime {
        SystemClock.now() + Duration::seconds(self.0.load(Ordering::SeqCst))
    }
}
