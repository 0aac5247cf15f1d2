//! What the store said of sessions a moment ago: so much of it and no more, and nothing that has changed since.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use time::{Duration, OffsetDateTime};

use crate::model::{StoredToken, UserId};

/// How many answers are kept of each generation.
const MOST: usize = 8_192;

/// Answers of the store by the hash of the session's token, in two generations: when the younger one is full, the older
/// one goes.
pub(crate) struct Remembered<V>(RwLock<Kept<V>>);

struct Kept<V> {
    young: HashMap<StoredToken, Answer<V>>,
    old: HashMap<StoredToken, Answer<V>>,
    forgotten: u64,
}

struct Answer<V> {
    value: Arc<V>,
    user: UserId,
    read_at: OffsetDateTime,
}

/// That the store was asked, and when: before anything that has been forgotten since.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question {
    forgotten: u64,
    asked_at: OffsetDateTime,
}

impl Question {
    /// The same, where what answers it was that old already.
    pub(crate) fn answered_of(self, age: std::time::Duration) -> Self {
        Self { asked_at: self.asked_at - age, ..self }
    }
}

impl<V> Default for Remembered<V> {
    fn default() -> Self {
        Self(RwLock::new(Kept { young: HashMap::new(), old: HashMap::new(), forgotten: 0 }))
    }
}

impl<V> Remembered<V> {
    /// What the store said of a session within the last `window`.
    pub(crate) fn find(
        &self,
        session: &StoredToken,
        now: OffsetDateTime,
        window: Duration,
    ) -> Option<Arc<V>> {
        let kept = self.read();
        let answer = kept.young.get(session).or_else(|| kept.old.get(session))?;
        ((now - answer.read_at).abs() < window).then(|| Arc::clone(&answer.value))
    }

    /// To be called before the store is asked.
    pub(crate) fn ask(&self, now: OffsetDateTime) -> Question {
        Question { forgotten: self.read().forgotten, asked_at: now }
    }

    /// Keeps what the store said, unless anything was forgotten since it was asked: it may have spoken before the end of
    /// just this session.
    pub(crate) fn keep(
        &self,
        question: Question,
        session: StoredToken,
        user: UserId,
        value: Arc<V>,
    ) {
        let mut kept = self.write();
        if kept.forgotten != question.forgotten {
            return;
        }
        if kept.young.len() >= MOST && !kept.young.contains_key(&session) {
            kept.old = std::mem::take(&mut kept.young);
        }
        kept.young.insert(session, Answer { value, user, read_at: question.asked_at });
    }

    /// Drops an answer that the store has taken back.
    pub(crate) fn drop(&self, session: &StoredToken) {
        let mut kept = self.write();
        kept.young.remove(session);
        kept.old.remove(session);
    }

    pub(crate) fn forget_session(&self, session: &StoredToken) {
        let mut kept = self.write();
        kept.forgotten += 1;
        kept.young.remove(session);
        kept.old.remove(session);
    }

    pub(crate) fn forget_user(&self, user: &UserId) {
        let mut kept = self.write();
        kept.forgotten += 1;
        kept.young.retain(|_, answer| answer.user != *user);
        kept.old.retain(|_, answer| answer.user != *user);
    }

    pub(crate) fn forget_all(&self) {
        let mut kept = self.write();
        kept.forgotten += 1;
        kept.young.clear();
        kept.old.clear();
    }

    fn read(&self) -> RwLockReadGuard<'_, Kept<V>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Kept<V>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Display;

    use super::*;

    const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;
    const WINDOW: Duration = Duration::seconds(5);

    fn token(name: impl Display) -> StoredToken {
        StoredToken::hashed(&format!("{name}"))
    }

    fn kept(remembered: &Remembered<&'static str>, name: impl Display, user: &str) {
        let question = remembered.ask(NOW);
        remembered.keep(question, token(name), UserId::new(user), Arc::new("alive"));
    }

    #[test]
    fn an_answer_counts_within_its_window_and_not_beyond() {
        let remembered = Remembered::default();
        kept(&remembered, "a", "ada");
        let almost = NOW + WINDOW - Duration::milliseconds(1);
        assert!(remembered.find(&token("a"), almost, WINDOW).is_some());
        for moment in [NOW + WINDOW, NOW - WINDOW] {
            assert!(remembered.find(&token("a"), moment, WINDOW).is_none());
        }
        assert!(remembered.find(&token("b"), NOW, WINDOW).is_none());
        assert!(remembered.find(&token("a"), NOW, Duration::ZERO).is_none());
    }

    #[test]
    fn an_answer_from_before_an_end_is_not_kept() {
        let remembered = Remembered::default();
        let before = remembered.ask(NOW);
        remembered.forget_session(&token("a"));
        remembered.keep(before, token("a"), UserId::new("ada"), Arc::new("alive"));
        assert!(remembered.find(&token("a"), NOW, WINDOW).is_none());
        kept(&remembered, "a", "ada");
        assert!(remembered.find(&token("a"), NOW, WINDOW).is_some());
    }

    #[test]
    fn what_is_forgotten_is_gone_and_the_rest_is_there() {
        let remembered = Remembered::default();
        for (name, user) in [("a", "ada"), ("b", "ada"), ("c", "grace"), ("d", "grace")] {
            kept(&remembered, name, user);
        }
        let there = || ["a", "b", "c", "d"].map(|name| remembered.find(&token(name), NOW, WINDOW));
        remembered.forget_user(&UserId::new("ada"));
        assert_eq!(there().map(|found| found.is_some()), [false, false, true, true]);
        remembered.forget_session(&token("c"));
        assert_eq!(there().map(|found| found.is_some()), [false, false, false, true]);
        remembered.forget_all();
        assert_eq!(there().map(|found| found.is_some()), [false; 4]);
    }

    #[test]
    fn it_does_not_grow_beyond_two_generations() {
        let remembered = Remembered::default();
        for number in 0..=2 * MOST {
            kept(&remembered, number, "ada");
        }
        let there = |number: usize| remembered.find(&token(number), NOW, WINDOW).is_some();
        assert!(!there(0) && there(MOST) && there(2 * MOST));
        let all = remembered.read();
        assert!(all.young.len() + all.old.len() <= 2 * MOST);
    }
}
