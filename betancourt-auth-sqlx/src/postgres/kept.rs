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
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::bound;
use crate::sql::Statement;
use crate::value::Value;

/// After how many questions a connection goes back to the pool.
const QUESTIONS: u32 = 256;

/// See the module.
pub(super) struct Kept {
    idle: Mutex<Vec<Held>>,
    /// Who asks now. The rest of the pool is for those who write.
    turns: Semaphore,
    patience: Duration,
}

struct Held {
    connection: PoolConnection<Postgres>,
    questions: u32,
}

impl Kept {
    /// Keeps half of the connections of a pool, and lets them go when it is closed. A question takes no longer than
    /// `patience`, the wait for a connection included. `None`: there are too few to keep any.
    pub(super) fn of(pool: &PgPool, patience: Duration) -> Option<Arc<Self>> {
        let half = pool.options().get_max_connections() as usize / 2;
        if half == 0 {
            return None;
        }
        let kept = Self { idle: Mutex::default(), turns: Semaphore::new(half), patience };
        let kept = Arc::new(kept);
        let (closed, ours) = (pool.close_event(), Arc::downgrade(&kept));
        tokio::spawn(async move {
            closed.await;
            if let Some(kept) = ours.upgrade() {
                kept.let_go();
            }
        });
        Some(kept)
    }

    /// What a statement finds.
    pub(super) async fn look_up(
        &self,
        pool: &PgPool,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> sqlx::Result<Vec<PgRow>> {
        let found = timeout(self.patience, self.ask(pool, statement, values)).await;
        found.unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }

    async fn ask(
        &self,
        pool: &PgPool,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> sqlx::Result<Vec<PgRow>> {
        let _turn = self.turns.acquire().await.map_err(|_| sqlx::Error::PoolClosed)?;
        let held = self.idle().pop();
        if let Some(mut held) = held {
            let asked = bound(statement, values).fetch_all(&mut *held.connection).await;
            if let Ok(found) = asked {
                held.questions += 1;
                self.keep(pool, held);
                return Ok(found);
            }
            drop(held.connection.detach()); // whatever it was, the pool says it better
        }
        let mut connection = pool.acquire().await?;
        let found = bound(statement, values).fetch_all(&mut *connection).await?;
        self.keep(pool, Held { connection, questions: 0 });
        Ok(found)
    }

    fn keep(&self, pool: &PgPool, held: Held) {
        let mut idle = self.idle();
        if held.questions < QUESTIONS && !pool.is_closed() {
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
        formatter.write_str("Kept")
    }
}
