//! How things stand with sessions, as the store said a moment ago; and the news of what has ended, for those who wait
//! for it, here and in other processes.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use time::{Duration, OffsetDateTime};
use tokio::sync::broadcast::{self, Receiver, Sender};

use crate::model::{Session, StoredToken, UserId};
use crate::news::{News, Newswire};
use crate::remembered::Remembered;
use crate::store::{Result, Standing, Store};

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
        let (stored, key) = (&self.known.stored, session.to_hashed());
        let question = stored.ask(now);
        let found = store.session(session).await?;
        match &found {
            Some(found) => {
                stored.keep(question, key, found.user.id.clone(), Arc::new(found.clone()));
            }
            None => stored.drop(&key),
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
    /// Forgets what the news is about, and then wakes who waits for it: whoever looks finds it forgotten.
    fn hear(&self, news: &News) {
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
            Ok(News::Session(ended)) => ended == session.to_hashed(),
            Ok(News::User(changed)) => changed == *user,
            Ok(News::Missed) | Err(_) => true,
        }
    }
}
