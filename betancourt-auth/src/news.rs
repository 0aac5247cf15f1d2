//! News of what has ended or changed, and how it gets from one process of an application to the others.

use std::fmt::{self, Debug, Display, Formatter};
use std::sync::{Mutex, PoisonError};

use crate::model::{StoredToken, UserId};

/// What has ended or changed, so that what a process remembers of it counts no more.
///
/// Its text is what travels. No token is in it that opens anything.
///
/// ```
/// use betancourt_auth::UserId;
/// use betancourt_auth::news::News;
///
/// let news = News::User(UserId::new("cm3x9"));
/// assert_eq!(news.to_string(), "user cm3x9");
/// assert_eq!(News::parse("user cm3x9"), Some(news));
/// assert_eq!(News::parse("something of a later version"), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// A session, by the hash of its token, in whichever form the store has it.
    Session(StoredToken),
    /// A user, and with them all their sessions.
    User(UserId),
    /// Some may have been missed: it can be about anything.
    Missed,
}

impl News {
    /// News of a session, however the store has its token.
    #[must_use]
    pub fn of_session(token: &StoredToken) -> Self {
        Self::Session(token.to_hashed())
    }

    /// Reads the text of news. `None`: a text that this version does not know.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(' ') {
            Some(("session", token)) => Some(Self::Session(StoredToken::from_stored(token))),
            Some(("user", id)) => Some(Self::User(UserId::new(id))),
            Some(_) => None,
            None => (text == "missed").then_some(Self::Missed),
        }
    }

    /// Whether it can be about that session of that user.
    pub(crate) fn concerns(&self, user: &UserId, session: &StoredToken) -> bool {
        match self {
            Self::Session(ended) => *ended == session.to_hashed(),
            Self::User(changed) => changed == user,
            Self::Missed => true,
        }
    }
}

impl Display for News {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Session(token) => write!(formatter, "session {}", token.to_hashed().as_str()),
            Self::User(id) => write!(formatter, "user {id}"),
            Self::Missed => formatter.write_str("missed"),
        }
    }
}

/// Carries news between the processes of an application that work on one store: PostgreSQL does it with `NOTIFY`, Redis
/// with `PUBLISH`. Set it as [`Config::newswire`](crate::Config::newswire).
///
/// It is a courtesy and no promise. Nothing that a process remembers counts longer than the configuration says, whether
/// or not news arrives; with it, the others know at once.
pub trait Newswire: Debug + Send + Sync {
    /// Tells every process. Does not wait: whoever ended something has ended it, whatever becomes of the news.
    fn tell(&self, news: &News);

    /// Has an ear hear whatever any process tells from now on, this one included, and [`News::Missed`] whenever the wire
    /// was down.
    fn listen(&self, ear: Ear);
}

/// Whoever listens at a [`Newswire`].
pub type Ear = Box<dyn Fn(&News) + Send + Sync>;

/// Everybody who listens at a newswire: what each kind of it needs.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU32, Ordering};
///
/// use betancourt_auth::news::{Ears, News};
///
/// let (ears, heard) = (Ears::default(), Arc::new(AtomicU32::new(0)));
/// let counting = Arc::clone(&heard);
/// ears.add(Box::new(move |_| { counting.fetch_add(1, Ordering::Relaxed); }));
/// ears.hear(&News::Missed);
/// assert_eq!(heard.load(Ordering::Relaxed), 1);
/// ```
#[derive(Default)]
pub struct Ears(Mutex<Vec<Ear>>);

impl Ears {
    /// One more.
    pub fn add(&self, ear: Ear) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(ear);
    }

    /// All of them hear it.
    pub fn hear(&self, news: &News) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().for_each(|ear| ear(news));
    }
}

impl Debug for Ears {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("Ears")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_travels_as_text_and_betrays_no_token() {
        let plain = StoredToken::from_stored("4f9c2a52-6f5e-4a0a-9d1f-0a3c5b7d9e11");
        let session = News::of_session(&plain);
        for news in [session.clone(), News::User(UserId::new("a b")), News::Missed] {
            assert_eq!(News::parse(&news.to_string()), Some(news));
        }
        for news in [session, News::Session(plain.clone())] {
            assert!(!news.to_string().contains(plain.as_str()));
            assert_eq!(News::parse(&news.to_string()), Some(News::of_session(&plain)));
        }
    }
}
