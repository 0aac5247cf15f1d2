//! What a database has to be able to do. What is asked of it stands in `sql`, and is the same for all of them.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use betancourt_auth::news::Newswire;
use betancourt_auth::store::Result;

use crate::error::OpenError;
use crate::layout::Layout;
use crate::migrations::Migration;
use crate::sql::Statement;
use crate::value::{Row, Value};

/// How many connections to a server a store holds, and how long a request waits for one of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pooling {
    pub(crate) connections: u32,
    pub(crate) patience: Duration,
}

impl Default for Pooling {
    /// As many connections as sqlx has, and so short a wait that whoever asks for a page while the database is away is
    /// told so within two seconds.
    fn default() -> Self {
        Self { connections: 10, patience: Duration::from_millis(1500) }
    }
}

/// A database, by its pool of connections.
#[async_trait]
pub(crate) trait Database: Debug + Send + Sync {
    /// Runs one statement that reads.
    async fn read(&self, statement: &Statement, values: &[Value<'_>]) -> Result<Vec<Row>>;

    /// Looks a row up by its key, as nearly every request does: by the shortest way there is.
    async fn look_up(&self, statement: &Statement, values: &[Value<'_>]) -> Result<Vec<Row>> {
        self.read(statement, values).await
    }

    /// Looks a row up in a copy of the database, which has all that was written before the moment that comes along. `None`:
    /// there is none, or it cannot say so.
    async fn look_up_in_copy(
        &self,
        _statement: &Statement,
        _values: &[Value<'_>],
    ) -> Option<(Vec<Row>, Instant)> {
        None
    }

    /// Runs one statement that writes, alone, and says how many rows it wrote.
    async fn write(&self, statement: &Statement, values: &[Value<'_>]) -> Result<u64>;

    /// Runs one statement that writes, alone, and gives the rows it answers.
    async fn write_and_read(&self, statement: &Statement, values: &[Value<'_>])
    -> Result<Vec<Row>>;

    /// Begins a transaction that will write, when it alone holds these locks.
    async fn begin(&self, locks: &[Lock<'_>]) -> Result<Box<dyn Transaction + '_>>;

    /// Makes the tables, or adopts those that are there.
    async fn migrate(&self, layout: &Layout) -> std::result::Result<(), OpenError>;

    /// Every script of a layout, and what became of it.
    async fn migrations(&self, layout: &Layout) -> std::result::Result<Vec<Migration>, OpenError>;

    /// Takes the scripts back that are newer than a version.
    async fn revert(&self, layout: &Layout, version: i64) -> std::result::Result<(), OpenError>;

    /// What tells other processes on this database what ends in this one, if there is such a thing.
    async fn newswire(&self) -> std::result::Result<Option<Arc<dyn Newswire>>, OpenError> {
        Ok(None)
    }

    /// The connections, if they are to SQLite.
    #[cfg(feature = "_sqlite")]
    fn sqlite_pool(&self) -> Option<&sqlx::SqlitePool> {
        None
    }

    /// The connections, if they are to PostgreSQL.
    #[cfg(feature = "postgres")]
    fn pg_pool(&self) -> Option<&sqlx::PgPool> {
        None
    }

    /// The connections, if they are to MySQL.
    #[cfg(feature = "mysql")]
    fn mysql_pool(&self) -> Option<&sqlx::MySqlPool> {
        None
    }
}

/// A transaction that nothing remains of unless it is committed.
#[async_trait]
pub(crate) trait Transaction: Send {
    /// Runs one statement and gives the rows it answers.
    async fn read(&mut self, statement: &Statement, values: &[Value<'_>]) -> Result<Vec<Row>>;

    /// Runs one statement and says how many rows it wrote.
    async fn write(&mut self, statement: &Statement, values: &[Value<'_>]) -> Result<u64>;

    /// Makes all of it last.
    async fn commit(self: Box<Self>) -> Result<()>;
}

/// What only one transaction at a time may work on, where neither a row nor a unique key makes the others wait.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Lock<'l> {
    /// The sessions of a user, which are counted before one is added.
    User(&'l str),
    /// An account, by its provider and its subject there.
    Account(&'l str, &'l str),
    /// An address.
    Address(&'l str),
    /// A role that somebody must have.
    Role(&'l str),
}

impl Lock<'_> {
    /// FNV-1a of 64 bits over parts that cannot run into each other: what the lock is known by where that is a number.
    pub(crate) fn hash(&self) -> u64 {
        match self {
            Lock::User(id) => fnv1a(&["user", id]),
            Lock::Account(provider, subject) => fnv1a(&["account", provider, subject]),
            Lock::Address(email) => fnv1a(&["address", email]),
            Lock::Role(role) => fnv1a(&["role", role]),
        }
    }
}

pub(crate) fn fnv1a(parts: &[&str]) -> u64 {
    let ours = ["betancourt-auth"];
    let bytes = ours.iter().chain(parts).flat_map(|part| part.bytes().chain([0xff]));
    bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_the_same_has_another_number() {
        let locks = [
            Lock::User("ab"),
            Lock::Address("ab"),
            Lock::Role("ab"),
            Lock::Account("a", "b"),
            Lock::Account("ab", ""),
            Lock::Account("", "ab"),
        ];
        let numbers: std::collections::HashSet<_> = locks.iter().map(Lock::hash).collect();
        assert_eq!(numbers.len(), locks.len());
    }
}
