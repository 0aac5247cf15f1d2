//! What was heard of late: what a copy of the store may not know yet.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::model::{StoredToken, UserId};
use crate::news::News;

/// How long news is kept. What a copy knew longer ago counts for nothing.
const LONGEST: Duration = Duration::from_secs(60);

/// How much news is kept.
const MOST: usize = 4_096;

/// The news of the last minute, and when each of it was heard.
///
/// It is told by the clock that only goes forward, and not by that of the configuration: how far a copy is behind is a
/// matter of this moment, wherever a test may have moved its clock.
#[derive(Debug, Default)]
pub(super) struct Heard(Mutex<Late>);

#[derive(Debug, Default)]
struct Late {
    news: VecDeque<(Instant, News)>,
    /// When the latest news was heard that there was no room for.
    dropped_at: Option<Instant>,
}

impl Heard {
    pub(super) fn hear(&self, news: &News) {
        self.hear_at(Instant::now(), news);
    }

    /// Whether anything was heard of a session or its user since that moment, or may have been.
    pub(super) fn since(&self, moment: Instant, user: &UserId, session: &StoredToken) -> bool {
        let late = self.late();
        let may_have_been = late.dropped_at.is_some_and(|dropped_at| dropped_at >= moment);
        let mut since = late.news.iter().rev().take_while(|(at, _)| *at >= moment);
        may_have_been
            || moment.elapsed() >= LONGEST
            || since.any(|(_, news)| news.concerns(user, session))
    }

    fn hear_at(&self, now: Instant, news: &News) {
        let mut late = self.late();
        while late.news.front().is_some_and(|(at, _)| now.duration_since(*at) > LONGEST) {
            late.news.pop_front();
        }
        if late.news.len() >= MOST {
            late.dropped_at = late.news.pop_front().map(|(at, _)| at);
        }
        late.news.push_back((now, news.clone()));
    }

    fn late(&self) -> MutexGuard<'_, Late> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn token(name: &str) -> StoredToken {
        StoredToken::hashed(name)
    }

    #[test]
    fn what_was_heard_of_a_session_or_its_user_is_known_from_then_on() {
        let (heard, [ada, grace]) = (Heard::default(), ["ada", "grace"].map(UserId::new));
        let now = Instant::now();
        heard.hear_at(now, &News::of_session(&token("a")));
        heard.hear_at(now + SECOND, &News::User(grace.clone()));
        let since = |moment, user, session| heard.since(moment, user, &token(session));
        assert!(since(now, &ada, "a") && !since(now + SECOND, &ada, "a"));
        assert!(since(now + SECOND, &grace, "b") && !since(now + 2 * SECOND, &grace, "b"));
        assert!(!since(now, &ada, "b"));
        heard.hear_at(now + 2 * SECOND, &News::Missed);
        assert!(since(now + 2 * SECOND, &ada, "b") && !since(now + 3 * SECOND, &ada, "b"));
    }

    #[test]
    fn what_is_older_than_a_minute_is_not_trusted() {
        let heard = Heard::default();
        let since = |moment| heard.since(moment, &UserId::new("ada"), &token("a"));
        let Some(long_ago) = Instant::now().checked_sub(LONGEST) else { return };
        assert!(since(long_ago) && !since(long_ago + SECOND));
    }

    #[test]
    fn what_there_was_no_room_for_can_be_about_anything() {
        let (heard, now) = (Heard::default(), Instant::now());
        let news = News::User(UserId::new("grace"));
        heard.hear_at(now, &news);
        (0..MOST).for_each(|_| heard.hear_at(now + SECOND, &news));
        let since = |moment| heard.since(moment, &UserId::new("ada"), &token("a"));
        assert!(since(now) && !since(now + SECOND));
        assert_eq!(heard.late().news.len(), MOST);
    }
}
