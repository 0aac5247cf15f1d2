//! A replica that sessions are read from, for as long as it is known how far it is behind.
//!
//! Twice in a while the primary is asked how far it has written, and the replica whether it has come that far: what was
//! written before the first question is there then. A replica that does not come that far in time, because it is away, or
//! was cut off from the primary, or waits for something, is asked no more until it has caught up. The same holds for what
//! is no replica of that database, whatever it is.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, PgPool, Row as _, raw_sql};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::PostgresDatabase;
use crate::database::{Database as _, Pooling};
use crate::error::OpenError;
use crate::sql::Statement;
use crate::value::{Row, Value};

/// How long a replica is waited for. There is somebody else to ask.
const PATIENCE: Duration = Duration::from_millis(500);

/// How far the one who writes has come, and which database that is.
const WRITTEN: &str = "pg_current_wal_insert_lsn()";
/// How far the one who follows has come, and the same. What follows nobody has come nowhere.
const FOLLOWED: &str = "pg_last_wal_replay_lsn()";

/// See the module.
#[derive(Debug)]
pub(super) struct Replica {
    database: Box<PostgresDatabase>,
    lag: Duration,
    followed: Arc<Followed>,
    _watch: JoinSet<()>,
}

/// Since when a replica is not known to have followed. `None`: it is not to be asked.
#[derive(Debug, Default)]
struct Followed(RwLock<Option<Instant>>);

impl Replica {
    /// The one at that address, of what `primary` is. It need not be there now.
    pub(super) fn open(
        url: &str,
        lag: Duration,
        primary: &PgPool,
        pooling: Pooling,
    ) -> Result<Self, OpenError> {
        let pooling = Pooling { patience: PATIENCE.min(pooling.patience), ..pooling };
        let pool = super::connect_later(url, pooling)?;
        let followed = Arc::<Followed>::default();
        let mut watch = JoinSet::new();
        watch.spawn(watch_over(primary.clone(), pool.clone(), lag, Arc::clone(&followed)));
        let database = Box::new(PostgresDatabase::opened(pool, url, pooling));
        Ok(Self { database, lag, followed, _watch: watch })
    }

    /// What a statement finds here, and the moment before which all that was written has arrived. `None`: nobody knows.
    pub(super) async fn look_up(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> Option<(Vec<Row>, Instant)> {
        let as_of = self.followed.since().filter(|moment| moment.elapsed() < self.lag)?;
        let looking_up = self.database.look_up(statement, values);
        if let Ok(Ok(found)) = timeout(PATIENCE, looking_up).await {
            return Some((found, as_of));
        }
        self.followed.set(None); // the others shall not wait, too
        None
    }
}

impl Followed {
    fn since(&self) -> Option<Instant> {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, moment: Option<Instant>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = moment;
    }
}

/// Asks both, five times in the time that a replica may be behind, and says when it is left and when it is back.
async fn watch_over(primary: PgPool, replica: PgPool, lag: Duration, followed: Arc<Followed>) {
    let pause = lag / 5;
    let mut was_near = false;
    loop {
        let asked_at = Instant::now();
        let comes_near = timeout(lag, follows(&primary, &replica, pause / 10)).await;
        let is_near = comes_near.is_ok_and(|follows| follows.is_ok());
        if is_near {
            followed.set(Some(asked_at));
        }
        match (was_near, is_near) {
            (true, false) => tracing::warn!("the replica is too far behind: the primary is asked"),
            (false, true) => tracing::info!("the replica has caught up: sessions are read there"),
            (true, true) | (false, false) => {}
        }
        was_near = is_near;
        sleep(pause).await;
    }
}

/// Waits until the replica has all that the primary has now.
async fn follows(primary: &PgPool, replica: &PgPool, pause: Duration) -> sqlx::Result<()> {
    let written = Place::of(primary, WRITTEN).await?;
    while !Place::of(replica, FOLLOWED).await?.has_come_to(&written) {
        sleep(pause).await;
    }
    Ok(())
}

/// How far a server has come in the log of what was written.
#[derive(Debug)]
struct Place {
    /// Which cluster, and which database of it.
    database: String,
    /// The position in its log.
    position: Option<u64>,
}

impl Place {
    async fn of(pool: &PgPool, position: &str) -> sqlx::Result<Self> {
        // In one message, and so on one connection, whatever stands before the server.
        let question = AssertSqlSafe(format!(
            "SELECT system_identifier || ' ' || current_database(), {position}::text
             FROM pg_control_system()"
        ));
        let answer = raw_sql(question).fetch_one(pool).await?;
        let position: Option<String> = answer.try_get(1)?;
        Ok(Self { database: answer.try_get(0)?, position: position.as_deref().and_then(parsed) })
    }

    fn has_come_to(&self, other: &Self) -> bool {
        self.database == other.database
            && self.position.zip(other.position).is_some_and(|(here, there)| here >= there)
    }
}

/// A `pg_lsn`: two halves of 64 bits, in hexadecimal.
fn parsed(position: &str) -> Option<u64> {
    let (high, low) = position.split_once('/')?;
    let [high, low] = [high, low].map(|half| u32::from_str_radix(half, 16).ok());
    Some(u64::from(high?) << 32 | u64::from(low?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(database: &str, position: &str) -> Place {
        Place { database: database.to_owned(), position: parsed(position) }
    }

    #[test]
    fn a_replica_has_come_to_what_lies_behind_it_in_the_same_log() {
        let written = place("7301 app", "1/A0");
        for (place, is_near) in [
            (place("7301 app", "1/A0"), true),
            (place("7301 app", "2/0"), true),
            (place("7301 app", "1/9F"), false),
            (place("7301 app", "0/FFFFFFFF"), false),
            (place("7302 app", "2/0"), false),
            (place("7301 other", "2/0"), false),
            (place("7301 app", "nowhere"), false),
        ] {
            assert_eq!(place.has_come_to(&written), is_near, "{place:?}");
        }
    }
}
