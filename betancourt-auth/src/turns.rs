//! One after the other, by name, in this process; and who failed leaves word for those who wait.

use std::collections::HashMap;
use std::fmt::{self, Debug, Formatter};
use std::sync::{Arc, Mutex, PoisonError};

use time::OffsetDateTime;
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

/// With what it is of no use to try again, and until when, if somebody has found that out.
pub(crate) type Word = Option<InVain>;

/// What somebody tried with, and when it may be of use again.
#[derive(Clone, Debug)]
pub(crate) struct InVain {
    pub(crate) with: String,
    pub(crate) until: OffsetDateTime,
}

/// Who does something under a name, and who waits to do it next.
#[derive(Default)]
pub(crate) struct Turns(Mutex<HashMap<String, Arc<Turn<Word>>>>);

impl Debug for Turns {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("Turns")
    }
}

impl Turns {
    /// Waits until nobody else has a turn under that name. It ends with the value, in which word can be left.
    pub(crate) async fn take(&self, name: &str, now: OffsetDateTime) -> OwnedMutexGuard<Word> {
        self.turn(name, now).lock_owned().await
    }

    fn turn(&self, name: &str, now: OffsetDateTime) -> Arc<Turn<Word>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turn) = all.get(name) {
            return Arc::clone(turn);
        }
        let counts = |word: &Word| word.as_ref().is_some_and(|in_vain| in_vain.until > now);
        all.retain(|_, turn| turn.try_lock().map_or(true, |word| counts(&word)));
        Arc::clone(all.entry(name.to_owned()).or_default())
    }
}
