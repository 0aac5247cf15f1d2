//! Databases with so many sessions, made in bulk; of some of them the cookies are known.

use std::path::PathBuf;
use std::sync::Arc;

use betancourt_auth::StoredToken;
use betancourt_auth::clock::{Clock as _, SystemClock};
use betancourt_auth_sqlx::SqlStore;
use betancourt_benches::Failure;
use betancourt_benches::load::Page;
use betancourt_benches::postgres::{Postgres, run};
use betancourt_benches::token::COOKIE;
use time::Duration;

/// The cookies of so many sessions are asked with, in turn.
pub(super) const KNOWN: u64 = 5_000;
/// Numbers of people begin here, so that all are as long.
pub(super) const FIRST: u64 = 10_000_000;
/// Sessions end so late that none is due to be extended, each a millisecond before the one before.
const ALMOST_NEW: Duration = Duration::hours(29 * 24 + 23);

/// Where sessions are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// A database with people and sessions, and what some of those are known by.
#[derive(Debug)]
pub(super) struct Seeded {
    pub(super) engine: Engine,
    pub(super) url: String,
    name: String,
    file: PathBuf,
    tokens: Vec<String>,
}

/// How many people have so many sessions.
pub(super) fn people(sessions: u64) -> u64 {
    (sessions / 10).max(1_000)
}

impl Seeded {
    /// Makes the tables of ours with so many sessions in them, and one of people for those who have their own.
    pub(super) async fn make(
        engine: Engine,
        postgres: &Postgres,
        sessions: u64,
    ) -> Result<Self, Failure> {
        Self::make_of(engine, postgres, sessions, people(sessions)).await
    }

    /// The same with so many people.
    pub(super) async fn make_of(
        engine: Engine,
        postgres: &Postgres,
        sessions: u64,
        people: u64,
    ) -> Result<Self, Failure> {
        let name = format!("sessions_{sessions}");
        let file = std::env::temp_dir()
            .join(format!("betancourt-peers-{}-{sessions}.db", std::process::id()));
        let url = match engine {
            Engine::Sqlite => format!("sqlite://{}", file.display()),
            Engine::Postgres => postgres.create(&name).await?,
        };
        let store = SqlStore::connect(&url).await?;
        if let Some(pool) = store.sqlite_pool() {
            pool.close().await; // the file is filled by a connection that is alone
        }
        let known = KNOWN.min(sessions);
        let tokens: Vec<_> = (0..known).map(|number| format!("{number:0>43}")).collect();
        let seeded = Self { engine, url, name, file, tokens };
        match engine {
            Engine::Sqlite => seeded.fill_sqlite(sessions - known, people)?,
            Engine::Postgres => {
                let statements = seeded.of_postgres(sessions - known, people);
                run(&seeded.url, &statements).await?;
                run(&seeded.url, "VACUUM ANALYZE").await?;
            }
        }
        Ok(seeded)
    }

    /// Our page, with our cookies.
    pub(super) fn page_of_ours(&self) -> Page {
        let cookies = self.tokens.iter().map(|token| format!("{COOKIE}={token}"));
        Page { path: "/me", cookies: cookies.collect::<Vec<_>>().into() }
    }

    /// The page that is written by hand, whose cookies are what stands in the table.
    pub(super) fn page_by_hand(&self) -> Page {
        let cookies = self.stored().map(|token| format!("session={token}"));
        Page { path: "/me", cookies: Arc::from(cookies.collect::<Vec<_>>()) }
    }

    /// Runs statements that are the same in both databases.
    pub(super) async fn run(&self, statements: &str) -> Result<(), Failure> {
        match self.engine {
            Engine::Sqlite => {
                Ok(rusqlite::Connection::open(&self.file)?.execute_batch(statements)?)
            }
            Engine::Postgres => run(&self.url, statements).await,
        }
    }

    pub(super) async fn remove(self, postgres: &Postgres) -> Result<(), Failure> {
        match self.engine {
            Engine::Sqlite => {
                for more in ["", "-wal", "-shm"] {
                    let _ = std::fs::remove_file(format!("{}{more}", self.file.display())); // may not be there
                }
                Ok(())
            }
            Engine::Postgres => postgres.drop(&self.name).await,
        }
    }

    fn stored(&self) -> impl Iterator<Item = String> {
        self.tokens.iter().map(|token| StoredToken::hashed(token).as_str().to_owned())
    }

    /// Sessions of nobody in particular, then those that are known; all with details, as ours have. Indexes come last.
    fn of_postgres(&self, strangers: u64, people: u64) -> String {
        let known: Vec<_> = self.stored().map(|token| format!("'{token}'")).collect();
        let known = known.join(",");
        let (last, ends) = (FIRST + people - 1, ALMOST_NEW.whole_hours());
        format!(
            r#"
            SET timezone = 'UTC'; SET session_replication_role = replica;
            DROP INDEX "sessions_userId_idx";
            INSERT INTO "users" ("id", "name", "email", "updatedAt")
            SELECT 'u' || i, 'Person u' || i, 'u' || i || '@example.com', now() FROM generate_series({FIRST}, {last}) i;
            INSERT INTO "sessions" ("id", "sessionToken", "userId", "expires")
            SELECT 's' || i, 's256:' || substr(md5(random()::text) || md5(random()::text), 1, 43),
                   'u' || ({FIRST} + i % {people}), now() + interval '{ends} hours' - i * interval '1 millisecond'
            FROM generate_series(1, {strangers}) i;
            INSERT INTO "sessions" ("id", "sessionToken", "userId", "expires")
            SELECT 'k' || i, token, 'u' || ({FIRST} + (i * 7919) % {people}), now() + interval '{ends} hours'
            FROM unnest(ARRAY[{known}]) WITH ORDINALITY AS known(token, i);
            CREATE INDEX "sessions_userId_idx" ON "sessions" ("userId");
            INSERT INTO "auth_sessions" ("sessionToken", "createdAt", "authenticatedAt", "method")
            SELECT "sessionToken", extract(epoch FROM now())::bigint * 1000, extract(epoch FROM now())::bigint * 1000, 'google'
            FROM "sessions" ORDER BY "sessionToken";
            CREATE TABLE members AS
            SELECT i::bigint AS id, 'u' || i || '@example.com' AS email, 'Person u' || i AS name, 'CLIENT' AS role,
                   '$argon2id$v=19$m=19456,t=2,p=1$' AS password
            FROM generate_series({FIRST}, {last}) i;
            ALTER TABLE members ADD PRIMARY KEY (id);"#
        )
    }

    fn fill_sqlite(&self, strangers: u64, people: u64) -> Result<(), Failure> {
        let now = SystemClock.now();
        let milliseconds = |at: time::OffsetDateTime| at.unix_timestamp() * 1_000;
        let (now, ends) = (milliseconds(now), milliseconds(now + ALMOST_NEW));
        let connection = rusqlite::Connection::open(&self.file)?;
        connection.execute_batch(&format!(
            r#"
            PRAGMA foreign_keys = OFF; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
            PRAGMA cache_size = -500000;
            DROP INDEX "sessions_sessionToken_key"; DROP INDEX "sessions_userId_idx";
            BEGIN;
            WITH RECURSIVE n(i) AS (SELECT {FIRST} UNION ALL SELECT i + 1 FROM n WHERE i < {FIRST} + {people} - 1)
            INSERT INTO "users" ("id", "name", "email", "updatedAt")
            SELECT 'u' || i, 'Person u' || i, 'u' || i || '@example.com', {now} FROM n;
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {strangers})
            INSERT INTO "sessions" ("id", "sessionToken", "userId", "expires")
            SELECT 's' || i, 's256:' || substr(lower(hex(randomblob(22))), 1, 43), 'u' || ({FIRST} + i % {people}), {ends} - i
            FROM n WHERE {strangers} > 0;"#
        ))?;
        for (number, token) in (1_u64..).zip(self.stored()) {
            let person = FIRST + (number * 7_919) % people;
            let insert = r#"INSERT INTO "sessions" ("id", "sessionToken", "userId", "expires") VALUES (?, ?, ?, ?)"#;
            let values = (format!("k{number}"), token, format!("u{person}"), ends);
            connection.prepare_cached(insert)?.execute(values)?;
        }
        Ok(connection.execute_batch(&format!(
            r#"
            CREATE UNIQUE INDEX "sessions_sessionToken_key" ON "sessions" ("sessionToken");
            CREATE INDEX "sessions_userId_idx" ON "sessions" ("userId");
            INSERT INTO "auth_sessions" ("sessionToken", "createdAt", "authenticatedAt", "method")
            SELECT "sessionToken", {now}, {now}, 'google' FROM "sessions" ORDER BY "sessionToken";
            CREATE TABLE members (id INTEGER PRIMARY KEY, email TEXT, name TEXT, role TEXT, password TEXT);
            INSERT INTO members
            SELECT CAST(substr("id", 2) AS INTEGER), "email", "name", "role", '$argon2id$v=19$m=19456,t=2,p=1$' FROM "users";
            COMMIT;
            PRAGMA journal_mode = WAL;"#
        ))?)
    }
}
