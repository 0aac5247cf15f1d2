//! Connections that are kept between one look-up and the next.
//!
//! The pool of sqlx asks a connection whether it is alive before it hands it out, and again when it takes it back: three
//! messages to the server for one question. A connection from here carries the question alone. If it turns out to be lost,
//! the pool is asked, which makes sure; and each goes back to the pool now and then, whose rules about age it keeps.

use std::fmt::{self, Debug, Formatter};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Postgres};
use tokio::time::timeout;

use super::bound;
use crate::sql::Statement;
use crate::value::Value;

/// After how many questions a connection goes back to the pool.
const QUESTIONS: u32 = 256;

/// See the module.
pub(super) struct Kept {
    idle: Mutex<Vec<Held>>,
    most: usize,
    patience: Duration,
}

struct Held {
    connection: PoolConnection<Postgres>,
    questions: u32,
}

impl Kept {
    /// Keeps at most half of the connections of a pool, and lets them go when it is closed. They are asked no longer than
    /// `patience` for an answer.
    pub(super) fn of(pool: &PgPool, patience: Duration) -> Arc<Self> {
        let most = pool.options().get_max_connections() as usize / 2;
        let kept = Arc::new(Self { idle: Mutex::default(), most, patience });
        let (closed, kept_by_us) = (pool.close_event(), Arc::downgrade(&kept));
        tokio::spawn(async move {
            closed.await;
            if let Some(kept) = kept_by_us.upgrade() {
                kept.let_go();
            }
        });
        kept
    }

    /// What a statement finds, asked on a connection that is kept. `None`: the pool must be asked.
    pub(super) async fn look_up(
        &self,
        pool: &PgPool,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> Option<sqlx::Result<Vec<PgRow>>> {
        let mut held = self.idle().pop()?;
        let asked = bound(statement, values).fetch_all(&mut *held.connection);
        match timeout(self.patience, asked).await {
            Ok(Ok(found)) => {
                held.questions += 1;
                self.hold(pool, held);
                Some(Ok(found))
            }
            Ok(Err(_)) => {
                drop(held.connection.detach());
                None
            }
            Err(_) => {
                drop(held.connection.detach());
                Some(Err(sqlx::Error::PoolTimedOut))
            }
        }
    }

    /// Keeps a connection of the pool.
    pub(super) fn keep(&self, pool: &PgPool, connection: PoolConnection<Postgres>) {
        self.hold(pool, Held { connection, questions: 0 });
    }

    /// Holds a connection that was asked something, unless somebody may be waiting for it, or it is time to look after it.
    fn hold(&self, pool: &PgPool, held: Held) {
        let has_more = pool.num_idle() > 0 || pool.size() < pool.options().get_max_connections();
        let mut idle = self.idle();
        let is_welcome = held.questions < QUESTIONS && idle.len() < self.most;
        if is_welcome && has_more && !pool.is_closed() {
            idle.push(held);
        }
    }

    /// Closes what is kept. Giving it back would take a runtime, which may have ended.
    fn let_go(&self) {
        self.idle().drain(..).for_each(|held| drop(held.connection.detach()));
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Held>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.let_go();
    }
}

impl Debug for Kept {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Kept").field("most", &self.most).finish_non_exhaustive()
    }
}
