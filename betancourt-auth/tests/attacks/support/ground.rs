//! Databases on which several processes stand: a file, and servers that the tests start.

#[path = "../../../../betancourt-auth-sqlx/tests/sql/database/mysql.rs"]
#[expect(dead_code, reason = "collations are tried elsewhere")]
mod mysql;
#[path = "../../../../betancourt-auth-sqlx/tests/sql/database/postgres.rs"]
mod postgres;

use std::time::Duration;

use betancourt_auth::Strategy;
use betancourt_auth_sqlx::SqlStore;
use sqlx::{AssertSqlSafe, Transaction, query_scalar, raw_sql};
use tokio::time::sleep;

use super::keeper::Keeper;
use super::place::Files;

/// A kind of database, and how sessions are kept on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ground {
    /// One file, which each process opens for itself.
    Sqlite,
    /// The same, with sessions that are sealed in their cookies.
    Sealed,
    Postgres,
    Mysql,
    /// A file for the people, and Redis for their sessions, for what is spent and for what is counted.
    Redis,
}

/// What stands in the tables of one database, as anybody could count it who may read them.
#[derive(Debug)]
pub(crate) struct Books(SqlStore);

/// Somebody who reads a table, and has not ended their transaction yet.
pub(crate) enum Reader {
    Sqlite(Transaction<'static, sqlx::Sqlite>),
    Postgres(Transaction<'static, sqlx::Postgres>),
    Mysql(Transaction<'static, sqlx::MySql>),
}

impl Reader {
    pub(crate) async fn end(self) {
        match self {
            Self::Sqlite(transaction) => transaction.rollback().await,
            Self::Postgres(transaction) => transaction.rollback().await,
            Self::Mysql(transaction) => transaction.rollback().await,
        }
        .unwrap();
    }
}

/// How many rows there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) users: i64,
    pub(crate) accounts: i64,
    pub(crate) sessions: i64,
}

/// Rows that belong to nobody, and people who are there twice.
const STRAYS: [&str; 6] = [
    r#"SELECT COUNT(*) FROM "accounts" WHERE "userId" NOT IN (SELECT "id" FROM "users")"#,
    r#"SELECT COUNT(*) FROM "sessions" WHERE "userId" NOT IN (SELECT "id" FROM "users")"#,
    r#"SELECT COUNT(*) FROM "users" WHERE "id" NOT IN (SELECT "userId" FROM "accounts")"#,
    r#"SELECT COUNT(*) FROM "sessions" WHERE "sessionToken" NOT IN (SELECT "sessionToken" FROM "auth_sessions")"#,
    r#"SELECT COUNT(*) - COUNT(DISTINCT "provider", "providerAccountId") FROM "accounts""#,
    r#"SELECT COUNT(*) - COUNT(DISTINCT "email") FROM "users""#,
];

impl Ground {
    pub(crate) fn strategy(self) -> Strategy {
        match self {
            Self::Sqlite | Self::Postgres | Self::Mysql | Self::Redis => Strategy::Database,
            Self::Sealed => Strategy::Jwt,
        }
    }

    /// So many sessions in the tables: none, where they are sealed in cookies or kept in Redis.
    pub(crate) fn rows(self, sessions: i64) -> i64 {
        if self == Self::Redis || self.strategy() == Strategy::Jwt { 0 } else { sessions }
    }

    /// Where the sessions of a new town are, if not with the people.
    pub(crate) fn keeper(self) -> Option<Keeper> {
        Keeper::find().filter(|_| self == Self::Redis)
    }

    /// The address of an empty database. `None`: its server is missing, and that has been said.
    pub(crate) async fn url(self) -> Option<(String, Option<Files>)> {
        match self {
            Self::Redis if Keeper::find().is_none() => None,
            Self::Sqlite | Self::Sealed | Self::Redis => {
                let files = Files::new();
                Some((files.url(), Some(files)))
            }
            Self::Postgres => Some((postgres::url_after("").await?, None)),
            Self::Mysql => Some((mysql::url_after("").await?, None)),
        }
    }
}

impl Books {
    pub(crate) async fn open(url: &str) -> Self {
        Self(SqlStore::open(url).await.unwrap())
    }

    pub(crate) fn store(&self) -> &SqlStore {
        &self.0
    }

    pub(crate) async fn rows(&self) -> Rows {
        let count =
            async |table: &str| self.number(&format!(r#"SELECT COUNT(*) FROM "{table}""#)).await;
        Rows {
            users: count("users").await,
            accounts: count("accounts").await,
            sessions: count("sessions").await,
        }
    }

    /// Fails where a row belongs to nobody, or somebody is there twice.
    pub(crate) async fn assert_sound(&self) {
        for stray in STRAYS {
            assert_eq!(self.number(stray).await, 0, "{stray}");
        }
    }

    /// The number that a question is answered, in the manner of speaking that each database has.
    pub(crate) async fn number(&self, question: &str) -> i64 {
        let standard = question.replace(
            r#"DISTINCT "provider", "providerAccountId""#,
            r#"DISTINCT "provider" || ' ' || "providerAccountId""#,
        );
        if let Some(pool) = self.0.sqlite_pool() {
            query_scalar(AssertSqlSafe(standard)).fetch_one(pool).await.unwrap()
        } else if let Some(pool) = self.0.pg_pool() {
            query_scalar(AssertSqlSafe(standard)).fetch_one(pool).await.unwrap()
        } else {
            let question = AssertSqlSafe(question.replace('"', "`"));
            query_scalar(question).fetch_one(self.0.mysql_pool().unwrap()).await.unwrap()
        }
    }

    /// Reads a table that the second script changes, in a transaction that lasts: whoever would change it waits. On SQLite
    /// whoever would write does.
    pub(crate) async fn reading(&self) -> Reader {
        let read = r#"SELECT COUNT(*) FROM "auth_sealed""#.to_owned();
        if let Some(pool) = self.0.sqlite_pool() {
            Reader::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await.unwrap())
        } else if let Some(pool) = self.0.pg_pool() {
            let mut transaction = pool.begin().await.unwrap();
            raw_sql(AssertSqlSafe(read)).execute(&mut *transaction).await.unwrap();
            Reader::Postgres(transaction)
        } else {
            let mut transaction = self.0.mysql_pool().unwrap().begin().await.unwrap();
            let read = AssertSqlSafe(read.replace('"', "`"));
            raw_sql(read).execute(&mut *transaction).await.unwrap();
            Reader::Mysql(transaction)
        }
    }

    /// Whether somebody waits for a table; on SQLite, where nobody can tell, after a while.
    pub(crate) async fn somebody_waits(&self) -> bool {
        if self.0.sqlite_pool().is_some() {
            sleep(Duration::from_millis(200)).await;
            return true;
        }
        let waiting = if self.0.pg_pool().is_some() {
            "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND relation = 'auth_sealed'::regclass"
        } else {
            "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND state LIKE '%metadata lock%'"
        };
        self.number(waiting).await > 0
    }

    /// Runs statements.
    pub(crate) async fn run(&self, statements: &str) {
        let standard = AssertSqlSafe(statements.to_owned());
        if let Some(pool) = self.0.sqlite_pool() {
            raw_sql(standard).execute(pool).await.unwrap();
        } else if let Some(pool) = self.0.pg_pool() {
            raw_sql(standard).execute(pool).await.unwrap();
        } else {
            let statements = AssertSqlSafe(statements.replace('"', "`"));
            raw_sql(statements).execute(self.0.mysql_pool().unwrap()).await.unwrap();
        }
    }
}
