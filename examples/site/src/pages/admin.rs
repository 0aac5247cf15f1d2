//! The administrators' page.

use std::time::Duration;

use askama::Template;
use time::OffsetDateTime;

use super::{Frame, minute};
use crate::texts::Texts;

/// The numbers of the house and what happened last.
#[derive(Debug, Template)]
#[template(path = "admin.html")]
pub struct Admin {
    /// What every page has.
    pub frame: Frame,
    /// How many people have an account.
    pub users: u64,
    /// How many sessions have not ended.
    pub active_sessions: u64,
    /// How many sign-ins there were since midnight, UTC.
    pub sign_ins_today: u64,
    /// How long this process has been running.
    pub uptime: Uptime,
    /// What happened last, newest first.
    pub activity: Vec<Activity>,
}

/// A length of time, to the minute.
#[derive(Clone, Copy, Debug)]
pub struct Uptime(pub Duration);

impl Uptime {
    fn shown(self, texts: &Texts) -> String {
        let minutes = self.0.as_secs() / 60;
        let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
        let admin = &texts.admin;
        match (days, hours) {
            (0, 0) => format!("{minutes} {}", admin.minutes),
            (0, _) => format!("{hours} {} {minutes} {}", admin.hours, admin.minutes),
            _ => format!("{days} {} {hours} {}", admin.days, admin.hours),
        }
    }
}

/// An entry of the audit log.
#[derive(Clone, Debug)]
pub struct Activity {
    /// When it happened.
    pub at: OffsetDateTime,
    /// What happened, in the reader's language.
    pub what: &'static str,
    /// Whom it concerns, if anybody.
    pub who: Option<String>,
    /// The provider it came through, if any.
    pub through: Option<String>,
    /// Whether it is something to look at.
    pub refused: bool,
}

impl Activity {
    fn at(&self) -> String {
        minute(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preferences::Language;

    #[test]
    fn uptime_is_short() {
        let shown =
            |seconds| Uptime(Duration::from_secs(seconds)).shown(Texts::of(Language::English));
        assert_eq!(shown(59), "0 min");
        assert_eq!(shown(60 * 61), "1 h 1 min");
        assert_eq!(shown(86_400 * 3 + 3_600 * 4 + 120), "3 d 4 h");
    }
}
