//! How many are told apart when they are counted, so that whoever comes under ever new names fills no store.

use std::sync::{Mutex, PoisonError};

use time::OffsetDateTime;

use crate::secret;

/// How many digits of a hash say with whom somebody shares a count, once there are too many to tell apart: 256 counts.
const DIGITS: usize = 2;

/// Those who were counted for the first time in this process and this window.
#[derive(Debug)]
pub(crate) struct Crowd(Mutex<Window>);

#[derive(Debug)]
struct Window {
    newcomers: u32,
    ends: OffsetDateTime,
}

impl Default for Crowd {
    fn default() -> Self {
        Self(Mutex::new(Window { newcomers: 0, ends: OffsetDateTime::UNIX_EPOCH }))
    }
}

impl Crowd {
    /// What somebody is counted under. Beyond so many newcomers nobody has a count of their own.
    pub(crate) fn key(
        &self,
        (what, whose): (&str, &str),
        most: u32,
        now: OffsetDateTime,
    ) -> String {
        let window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if window.newcomers < most || window.ends <= now {
            return format!("{what}:{whose}");
        }
        let hash = secret::sha256_hex(whose);
        format!("{what}:together:{}", hash.get(..DIGITS).unwrap_or_default())
    }

    /// Notes that somebody was counted for the first time, in a window that ends then.
    pub(crate) fn welcome(&self, now: OffsetDateTime, ends: OffsetDateTime) {
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if window.ends <= now {
            *window = Window { newcomers: 0, ends };
        }
        window.newcomers = window.newcomers.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;

    #[test]
    fn whoever_comes_late_shares_a_count_until_the_window_ends() {
        let (crowd, now) = (Crowd::default(), OffsetDateTime::UNIX_EPOCH + Duration::DAY);
        let key = |whose: &str, at| crowd.key(("signin", whose), 2, at);
        let ends = now + Duration::MINUTE;
        for whose in ["203.0.113.1", "203.0.113.2"] {
            assert_eq!(key(whose, now), format!("signin:{whose}"));
            crowd.welcome(now, ends);
        }
        let shared = key("203.0.113.3", now);
        assert!(shared.starts_with("signin:together:") && shared.len() == 18, "{shared}");
        assert_eq!(key("203.0.113.3", now), shared);
        assert_eq!(key("203.0.113.3", ends), "signin:203.0.113.3");
        crowd.welcome(ends, ends + Duration::MINUTE);
        assert_eq!(key("203.0.113.4", ends), "signin:203.0.113.4");
    }
}
