//! How things stand with sessions, as the store said a moment ago; and the news of what has ended, for those who wait
//! for it, here and in other processes.

mod heard;

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use time::{Duration, OffsetDateTime};
use tokio::sync::broadcast::{self, Receiver, Sender};

use self::heard::Heard;
use crate::model::{Session, StoredToken, UserId};
use crate::news::{News, Newswire};
use crate::remembered::{Question, Remembered};
use crate::store::{Recent, Result, Standing, Store};

/// How much news may wait for a listener. One that is later looks again, whatever it was.
const NEWS: usize = 256;

/// What the store said of sessions: of sealed ones how they stand, of stored ones all of it.
pub(crate) struct Standings {
    known: Arc<Known>,
    newswire: Option<Arc<dyn Newswire>>,
}

struct Known {
    sealed: Remembered<Standing>,
    stored: Remembered<Session>,
    heard: Heard,
    news: Sender<News>,
}

/// Hears all news from now on.
#[derive(Debug)]
pub(crate) struct Listener(Receiver<News>);

impl Debug for Standings {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("Standings")
    }
}

impl Standings {
    /// With what other processes tell, if there is a wire to them.
    pub(crate) fn new(newswire: Option<Arc<dyn Newswire>>) -> Self {
        let known = Arc::new(Known {
            sealed: Remembered::default(),
            stored: Remembered::default(),
            heard: Heard::default(),
            news: broadcast::channel(NEWS).0,
        });
        if let Some(newswire) = &newswire {
            let known = Arc::downgrade(&known);
            newswire.listen(Box::new(move |news| {
                if let Some(known) = known.upgrade() {
                    known.hear(news);
                }
            }));
        }
        Self { known, newswire }
    }

    /// How things stood with a sealed session within the last `window`; without a user there is nothing to keep.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`](crate::store::StoreErrorKind::Unavailable).
    pub(crate) async fn read(
        &self,
        (user, session): (&UserId, &StoredToken),
        now: OffsetDateTime,
        window: Duration,
        store: &dyn Store,
    ) -> Result<Option<Arc<Standing>>> {
        let (sealed, key) = (&self.known.sealed, session.to_hashed());
        let found = sealed.find(&key, now, window);
        if let Some(standing) = found.filter(|standing| standing.user.id == *user) {
            return Ok(Some(standing));
        }
        let question = sealed.ask(now);
        let standing = store.standing(user, session).await?.map(Arc::new);
        match &standing {
            Some(standing) => {
                sealed.keep(question, key, standing.user.id.clone(), Arc::clone(standing));
            }
            None => sealed.drop(&key),
        }
        Ok(standing)
    }

    /// A stored session as it was within the last `window`, without asking the store.
    pub(crate) fn recall(
        &self,
        session: &StoredToken,
        now: OffsetDateTime,
        window: Duration,
    ) -> Option<Arc<Session>> {
        self.known.stored.find(&session.to_hashed(), now, window)
    }

    /// A stored session as it is, to be recalled.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`](crate::store::StoreErrorKind::Unavailable).
    pub(crate) async fn read_stored(
        &self,
        session: &StoredToken,
        now: OffsetDateTime,
        store: &dyn Store,
    ) -> Result<Option<Session>> {
        let question = self.known.stored.ask(now);
        let found = store.session(session).await?;
        self.known.remember(question, session, found.as_ref());
        Ok(found)
    }

    /// A stored session as it is, or as a copy of the store had it a moment ago; to be recalled, where a `window` says so.
    /// What the copy has does not count when something was heard since that it may not know.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`](crate::store::StoreErrorKind::Unavailable).
    pub(crate) async fn read_recent(
        &self,
        session: &StoredToken,
        now: OffsetDateTime,
        window: Duration,
        store: &dyn Store,
    ) -> Result<Option<Recent<Session>>> {
        let question = self.known.stored.ask(now);
        let mut found = store.recent_session(session).await?;
        if found.as_ref().is_some_and(|recent| self.known.may_know_better(recent, session)) {
            found = store.session(session).await?.map(Recent::now);
        }
        if window.is_positive() {
            let as_of = found.as_ref().and_then(|recent| recent.as_of);
            let question = question.answered_of(as_of.map(|it| it.elapsed()).unwrap_or_default());
            self.known.remember(question, session, found.as_ref().map(|recent| &recent.value));
        }
        Ok(found)
    }

    /// Forgets a session that was ended here: it is over at once, however it is kept.
    pub(crate) fn forget_session(&self, session: &StoredToken) {
        self.tell(&News::of_session(session));
    }

    /// Forgets the sessions of a user who was changed here: the change counts at once.
    pub(crate) fn forget_user(&self, user: &UserId) {
        self.tell(&News::User(user.clone()));
    }

    /// Hears of whatever is forgotten from now on.
    pub(crate) fn listen(&self) -> Listener {
        Listener(self.known.news.subscribe())
    }

    fn tell(&self, news: &News) {
        self.known.hear(news);
        if let Some(newswire) = &self.newswire {
            newswire.tell(news);
        }
    }
}

impl Known {
    fn remember(&self, question: Question, session: &StoredToken, found: Option<&Session>) {
        let key = session.to_hashed();
        match found {
            Some(found) => {
                let user = found.user.id.clone();
                self.stored.keep(question, key, user, Arc::new(found.clone()));
            }
            None => self.stored.drop(&key),
        }
    }

    /// Whether something was heard of a session that the copy it was read from may not have heard of.
    fn may_know_better(&self, recent: &Recent<Session>, session: &StoredToken) -> bool {
        let user = &recent.value.user.id;
        recent.as_of.is_some_and(|moment| self.heard.since(moment, user, session))
    }

    /// Forgets what the news is about, and then wakes who waits for it: whoever looks finds it forgotten.
    fn hear(&self, news: &News) {
        self.heard.hear(news);
        match news {
            News::Session(session) => {
                self.sealed.forget_session(session);
                self.stored.forget_session(session);
            }
            News::User(user) => {
                self.sealed.forget_user(user);
                self.stored.forget_user(user);
            }
            News::Missed => {
                self.sealed.forget_all();
                self.stored.forget_all();
            }
        }
        let _ = self.news.send(news.clone()); // nobody may be listening
    }
}

impl Listener {
    /// Waits for the next news, and says whether it concerns that session.
    pub(crate) async fn concern(&mut self, user: &UserId, session: &StoredToken) -> bool {
        match self.0.recv().await {
            Ok(news) => news.concerns(user, session),
            Err(_) => true,
        }
    }
}
