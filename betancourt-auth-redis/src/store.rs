//! The keeper of this crate, and how it speaks to Redis.

use std::sync::Arc;

use betancourt_auth::store::{Result, StoreError};
use redis::{FromRedisValue, Value, cmd};

use crate::caution::Caution;
use crate::connection::Connection;
use crate::error::OpenError;
use crate::options::RedisOptions;
use crate::script::Prepared;

/// Keeps sessions, spent handshakes, verification tokens and counts in Redis or Valkey. Clones share its connection.
///
/// It has no people: a [`SplitStore`](betancourt_auth::store::SplitStore) puts it together with a store that has.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use betancourt_auth::store::SplitStore;
/// use betancourt_auth_redis::RedisStore;
/// use betancourt_auth_sqlx::SqlStore;
///
/// let people = SqlStore::connect("sqlite://app.db").await?;
/// let sessions = RedisStore::connect("redis://127.0.0.1:6379").await?;
/// let store = SplitStore::new(people, sessions); // for `Auth::from_env`
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct RedisStore {
    connection: Arc<Connection>,
    /// What every key begins with. The braces keep all of them in one slot of a cluster.
    site: Arc<str>,
}

impl RedisStore {
    /// Opens the Redis at `url`, and asks it for a sign of life.
    ///
    /// - `redis://user:password@host:6379/0` is one server, `rediss://…` with TLS, `redis+unix:///run/redis.sock` one on
    ///   this machine. `valkey` may stand for `redis`.
    /// - `redis+sentinel://user:password@host:26379,host:26379/name/0` is the master that these Sentinels call `name`.
    ///   The password is that of the master.
    /// - `redis+cluster://user:password@host:7000,host:7001` is a cluster to which these servers belong.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn connect(url: &str) -> std::result::Result<Self, OpenError> {
        Self::options().connect(url).await
    }

    /// How a Redis can be opened otherwise: with a prefix of its own, or an authority of its own.
    pub fn options() -> RedisOptions {
        RedisOptions::default()
    }

    /// What in the settings of the server makes it forget more than it has to. Empty: nothing does.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`](betancourt_auth::store::StoreErrorKind::Unavailable).
    pub async fn cautions(&self) -> Result<Vec<Caution>> {
        let answer = self.connection.ask(&cmd("INFO")).await.map_err(StoreError::unavailable)?;
        Ok(Caution::all_in(&answer))
    }

    pub(crate) fn on(connection: Arc<Connection>, prefix: &str) -> Self {
        Self { connection, site: format!("{{{prefix}}}").into() }
    }

    /// A sign of life, and a word in the log about settings that make the server forget.
    pub(crate) async fn greet(&self) -> std::result::Result<(), OpenError> {
        let answer = self.connection.ask(&cmd("INFO")).await?;
        for caution in Caution::all_in(&answer) {
            tracing::warn!(reason = "redis.forgets", %caution, "this Redis forgets more than it has to");
        }
        Ok(())
    }

    /// The key of something.
    pub(crate) fn key(&self, kind: &str, name: &str) -> String {
        format!("{}:{kind}:{name}", self.site)
    }

    /// Asks for the fields of a hash.
    pub(crate) async fn hash<T: FromRedisValue>(&self, key: &str) -> Result<T> {
        let mut command = cmd("HGETALL");
        let answer = self.connection.ask(command.arg(key)).await;
        read(answer.map_err(StoreError::unavailable)?)
    }

    /// A script that only reads.
    pub(crate) async fn ask<T: FromRedisValue>(
        &self,
        script: &Prepared,
        arguments: &[String],
    ) -> Result<T> {
        let by_hash = self.connection.ask(&script.by_hash(&self.site, arguments)).await;
        self.answer(by_hash, script, arguments).await
    }

    /// A script that writes.
    pub(crate) async fn tell<T: FromRedisValue>(
        &self,
        script: &Prepared,
        arguments: &[String],
    ) -> Result<T> {
        let by_hash = self.connection.tell(&script.by_hash(&self.site, arguments)).await;
        self.answer(by_hash, script, arguments).await
    }

    /// Sends a script that Redis does not know as text: nothing was run then.
    async fn answer<T: FromRedisValue>(
        &self,
        by_hash: redis::RedisResult<Value>,
        script: &Prepared,
        arguments: &[String],
    ) -> Result<T> {
        let answer = match by_hash {
            Err(error) if error.kind() == redis::ServerErrorKind::NoScript.into() => {
                self.connection.tell(&script.by_text(&self.site, arguments)).await
            }
            answer => answer,
        };
        read(answer.map_err(StoreError::unavailable)?)
    }

    /// Whether it answers.
    pub(crate) async fn sign_of_life(&self) -> Result<()> {
        self.connection.ask(&cmd("PING")).await.map_err(StoreError::unavailable)?;
        Ok(())
    }
}

fn read<T: FromRedisValue>(answer: Value) -> Result<T> {
    T::from_redis_value(answer).map_err(StoreError::unavailable)
}
