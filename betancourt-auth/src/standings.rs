//! How things stand with sealed sessions, as the store said a moment ago: read at most once in that time. And the news
//! of what has ended here, for those who wait for it.

use std::collections::HashMap;
use std::fmt::{self, Debug, Formatter};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use time::{Duration, OffsetDateTime};
use tokio::sync::broadcast::{self, Receiver, Sender};

use crate::model::{StoredToken, UserId};
use crate::store::{Result, Standing, Store};

/// How many standings are kept. Beyond it the old ones go, and if there are none, all.
const MOST: usize = 10_000;

/// How much news may wait for a listener. One that is later looks again, whatever it was.
const NEWS: usize = 256;

/// What the store said, by session.
pub(crate) struct Standings {
    known: Mutex<HashMap<StoredToken, Known>>,
    news: Sender<News>,
}

/// What has changed here, so that what was known of it counts no more.
#[derive(Clone, Debug)]
enum News {
    Session(StoredToken),
    User(UserId),
}

/// Hears all news from now on.
#[derive(Debug)]
pub(crate) struct Listener(Receiver<News>);

#[derive(Clone)]
struct Known {
    standing: Arc<Standing>,
    read_at: OffsetDateTime,
}

impl Default for Standings {
    fn default() -> Self {
        Self { known: Mutex::default(), news: broadcast::channel(NEWS).0 }
    }
}

impl Debug for Standings {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("Standings")
    }
}

impl Standings {
    /// How things stood with a session within the last `window`; without a user there is nothing to keep.
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
        let is_recent = |known: &Known| (now - known.read_at).abs() < window;
        let known = self.known().get(session).filter(|known| is_recent(known)).cloned();
        if let Some(known) = known.filter(|known| known.standing.user.id == *user) {
            return Ok(Some(known.standing));
        }
        let standing = store.standing(user, session).await?.map(Arc::new);
        let mut all = self.known();
        match &standing {
            Some(standing) => {
                if all.len() >= MOST {
                    all.retain(|_, known| is_recent(known));
                }
                if all.len() >= MOST {
                    all.clear();
                }
                let known = Known { standing: Arc::clone(standing), read_at: now };
                all.insert(session.clone(), known);
            }
            None => drop(all.remove(session)),
        }
        Ok(standing)
    }

    /// Forgets a session that was ended here: it is over at once, however it is kept.
    pub(crate) fn forget_session(&self, session: &StoredToken) {
        self.known().remove(session);
        self.tell(News::Session(session.clone()));
    }

    /// Forgets the sessions of a user who was changed here: the change counts at once.
    pub(crate) fn forget_user(&self, user: &UserId) {
        self.known().retain(|_, known| known.standing.user.id != *user);
        self.tell(News::User(user.clone()));
    }

    /// Hears of whatever is forgotten from now on.
    pub(crate) fn listen(&self) -> Listener {
        Listener(self.news.subscribe())
    }

    fn tell(&self, news: News) {
        let _ = self.news.send(news); // nobody may be listening
    }

    fn known(&self) -> MutexGuard<'_, HashMap<StoredToken, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener {
    /// Waits for the next news, and says whether it concerns that session.
    pub(crate) async fn concern(&mut self, user: &UserId, session: &StoredToken) -> bool {
        match self.0.recv().await {
            Ok(News::Session(ended)) => ended == *session,
            Ok(News::User(changed)) => changed == *user,
            Err(_) => true, // missed some
        }
    }
}
