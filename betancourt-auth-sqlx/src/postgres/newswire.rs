//! News of ended sessions by `LISTEN` and `NOTIFY`, on a connection of its own.

use std::sync::Arc;
use std::time::Duration;

use betancourt_auth::news::{Ear, Ears, News, Newswire};
use sqlx::postgres::{PgListener, PgPoolOptions};
use sqlx::{PgPool, query};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::PATIENCE;
use crate::error::{OpenError, unreachable};

/// What both sides call it. News is known by ids and hashes, so applications that share a database may share it.
const CHANNEL: &str = "betancourt_auth";

/// How much may wait to be told. What is more is not told: it is known in time anyway.
const MOST: usize = 1_024;

/// How long it is waited before it is listened again, where the database is away.
const PAUSE: Duration = Duration::from_secs(1);

/// A wire to all processes on the database. It is cut when this value goes.
#[derive(Debug)]
pub(crate) struct PgNewswire {
    ears: Arc<Ears>,
    outbox: Sender<News>,
    _carriers: JoinSet<()>,
}

impl PgNewswire {
    /// Listens from the moment on in which this answers.
    pub(crate) async fn open(pool: &PgPool) -> Result<Self, OpenError> {
        let own = PgPoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(PATIENCE)
            .connect_lazy_with((*pool.connect_options()).clone());
        let listener = listen(&own).await.map_err(unreachable)?;
        let (ears, (outbox, news)) = (Arc::<Ears>::default(), mpsc::channel(MOST));
        let mut carriers = JoinSet::new();
        carriers.spawn(receive(own, listener, Arc::clone(&ears)));
        carriers.spawn(send(pool.clone(), news));
        Ok(Self { ears, outbox, _carriers: carriers })
    }
}

impl Newswire for PgNewswire {
    fn tell(&self, news: &News) {
        let _ = self.outbox.try_send(news.clone()); // too much is waiting, or the runtime ends
    }

    fn listen(&self, ear: Ear) {
        self.ears.add(ear);
    }
}

async fn listen(own: &PgPool) -> sqlx::Result<PgListener> {
    let mut listener = PgListener::connect_with(own).await?;
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

/// Has the ears hear what comes, for as long as the runtime lives. What was told while the connection was lost, nobody
/// can say: that is news, too, once it is listened again.
async fn receive(own: PgPool, mut listener: PgListener, ears: Arc<Ears>) {
    loop {
        while let Ok(Some(notification)) = listener.try_recv().await {
            if let Some(news) = News::parse(notification.payload()) {
                ears.hear(&news);
            }
        }
        drop(listener);
        listener = loop {
            match listen(&own).await {
                Ok(listener) => break listener,
                Err(_) => sleep(PAUSE).await,
            }
        };
        ears.hear(&News::Missed);
    }
}

/// Tells what is to be told. A database that cannot be told anything can neither be asked: then nobody is let in by what
/// they were a moment ago for longer than the configuration says.
async fn send(pool: PgPool, mut news: Receiver<News>) {
    while let Some(news) = news.recv().await {
        let told = query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(news.to_string());
        let _ = told.execute(&pool).await;
    }
}
